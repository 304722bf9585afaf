#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"
#include "models/all_models.h"
#include "models/aws/density_table.h"
#include "planner/config/nearest_names.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

using aws::DensityRow;
using aws::DensityRule;

int whole_number(const Arguments& arguments, std::string_view option, int otherwise) {
  if (!arguments.has(option)) return otherwise;
  constexpr int most = 100'000;
  const auto text = arguments.text(option);
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem == std::errc() && end == text.data() + text.size() && value >= 0 && value <= most) return value;
  throw UsageError(
      fmt::format("--{} must be a whole number from 0 to {}, not \"{}\"", option, most, printable(text)));
}

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names;
  for (const auto rule : aws::all_density_rules) names.push_back(to_string(rule));
  return names;
}

std::vector<DensityRule> wanted_rules(const Arguments& arguments) {
  const auto& given = arguments.all("mode");
  std::vector<DensityRule> rules;
  for (const auto rule : aws::all_density_rules)
    if (given.empty() || std::find(given.begin(), given.end(), to_string(rule)) != given.end())
      rules.push_back(rule);
  return rules;
}

/// "m5" of "m5.large".
std::string_view family_of(std::string_view type) { return type.substr(0, type.find('.')); }

/// Graviton families carry a g behind their generation ("m6g", "c7gn"); a1 was the first.
bool is_arm(std::string_view type) {
  const auto family = family_of(type);
  const auto digit = family.find_first_of("0123456789");
  if (family == "a1" || digit == std::string_view::npos) return family == "a1";
  const auto behind = family.find_first_not_of("0123456789", digit);
  return behind != std::string_view::npos && family[behind] == 'g';
}

std::vector<const InstanceLimits*> wanted_types(const Arguments& arguments) {
  const auto& catalog = all_instances();
  std::vector<const InstanceLimits*> types;
  for (const auto& name : arguments.all("TYPE")) {
    const auto* limits = catalog.find(name);
    if (limits == nullptr) {
      const auto near = catalog.nearest(name);
      throw UsageError(fmt::format("there is no instance type '{}'{}", printable(name),
                                   near.empty() ? "" : fmt::format("; did you mean {}?", near.front())));
    }
    types.push_back(limits);
  }
  if (types.empty())
    for (const auto& limits : catalog.types()) types.push_back(&limits);
  const auto family = arguments.text("family");
  const auto arch = arguments.text("arch");
  std::erase_if(types, [&](const InstanceLimits* limits) {
    if (!family.empty() && family_of(limits->type) != family) return true;
    return !arch.empty() && is_arm(limits->type) != (arch == "arm64");
  });
  return types;
}

std::vector<DensityRow> wanted_rows(const Arguments& arguments) {
  const auto region = arguments.text("region", "us-east-1");
  const auto prices = aws::price_list(region);
  if (!prices) {
    const auto near = nearest_name(region, aws::priced_regions());
    throw UsageError(fmt::format("no prices are known for the region '{}'{}", printable(region),
                                 near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  const aws::DensityQuery query{whole_number(arguments, "daemonsets", 0), 730};
  const int least = whole_number(arguments, "min-pods", 0);
  std::vector<DensityRow> rows;
  for (const auto* limits : wanted_types(arguments))
    for (const auto rule : wanted_rules(arguments)) {
      auto row = aws::density_row(*limits, rule, prices->of(limits->type), query);
      if (row.application_pods >= least) rows.push_back(std::move(row));
    }
  const auto by = arguments.text("sort", "type");
  if (by == "cost")
    std::stable_sort(rows.begin(), rows.end(), [](const DensityRow& a, const DensityRow& b) {
      return a.slot_month.value_or(INT64_MAX) < b.slot_month.value_or(INT64_MAX);
    });
  if (by == "pods")
    std::stable_sort(rows.begin(), rows.end(), [](const DensityRow& a, const DensityRow& b) {
      return a.application_pods > b.application_pods;
    });
  return rows;
}

/// Millionths of a dollar to a tenth of a cent, halves up.
Decimal dollars(std::int64_t micro_usd) { return {(micro_usd + 500) / 1000, 3}; }

Cell count(int value) { return static_cast<uint128>(value); }

ReportTable table_of(const std::vector<DensityRow>& rows) {
  ReportTable table;
  table.stub = 2;
  table.columns = {{"type", Align::left}, {"rule", Align::left}, {"max pods"},           {"addresses"},
                   {"for apps"},          {"USD a slot"},        {"remark", Align::left}};
  for (const auto& row : rows) {
    const Cell addresses = row.addresses ? count(*row.addresses) : Cell{};
    const Cell cost = row.slot_month ? Cell{dollars(*row.slot_month)} : Cell{};
    const Cell remark = row.remark.empty() ? Cell{} : Cell{row.remark};
    table.rows.push_back({std::string(row.type), std::string(to_string(row.rule)), count(row.max_pods),
                          addresses, count(row.application_pods), cost, remark});
  }
  return table;
}

std::string json_of(const std::vector<DensityRow>& rows) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    nlohmann::ordered_json entry;
    entry["type"] = row.type;
    entry["rule"] = to_string(row.rule);
    entry["max_pods"] = row.max_pods;
    entry["addresses"] = row.addresses ? nlohmann::ordered_json(*row.addresses) : nlohmann::ordered_json();
    entry["application_pods"] = row.application_pods;
    entry["micro_usd_per_slot_month"] =
        row.slot_month ? nlohmann::ordered_json(*row.slot_month) : nlohmann::ordered_json();
    entry["remark"] = row.remark;
    list.push_back(std::move(entry));
  }
  return nlohmann::ordered_json{{"schema_version", 1}, {"rows", std::move(list)}}.dump(2) + "\n";
}

ReportTable article_table() {
  ReportTable table;
  table.columns = {{"figure", Align::left},
                   {"quoted", Align::left},
                   {"by the rules", Align::left},
                   {"what gives the quoted one", Align::left}};
  for (const auto& each : aws::article_figures())
    table.rows.push_back({each.figure, each.claimed, each.by_the_rules, each.reproduced_by});
  return table;
}

std::string rendered(const ReportTable& table, const std::string& format, const Session& session) {
  if (format == "csv") return table_csv(table);
  if (format == "md") return table_markdown(table);
  return table_text(table, session.terminal.style());
}

int run_density(const Arguments& arguments, Session& session) {
  const auto format = arguments.text("output", "table");
  if (arguments.has("article")) {
    if (format == "json") throw UsageError("--article is written as table, csv or md");
    put_out(rendered(article_table(), format, session), arguments, session);
    return done;
  }
  const auto rows = wanted_rows(arguments);
  put_out(format == "json" ? json_of(rows) : rendered(table_of(rows), format, session), arguments, session);
  return done;
}

}  // namespace

Command density_command() {
  Command command;
  command.name = "density";
  command.summary = "tell how many pods instance types take, and what a pod slot costs";
  command.description =
      "Lists the pods that a node of each type takes by every rule that may set its limit: the published "
      "table, "
      "the cap of managed node groups, Karpenter, custom networking, prefix delegation, both, and an "
      "overlay. "
      "Two pods of a stock node use the host's network; what they and the daemonsets leave is for "
      "applications. "
      "USD a slot is the price of a month for each of these. Prices are on-demand list prices for Linux, a "
      "month has 730 hours.";
  command.positionals = {{"TYPE", "an EC2 instance type, such as m5.large; none: all", false, true}};
  command.options = {
      {"region", 0, "NAME", "AWS Region of the prices", {}, "us-east-1"},
      {"daemonsets", 0, "COUNT", "daemonset pods of a node that take an address", {}, "0"},
      {"mode", 0, "RULE", "show this rule only; may be given again", rule_names(), {}, true},
      {"min-pods", 0, "COUNT", "leave out what takes fewer application pods", {}, "0"},
      {"family", 0, "NAME", "only types of this family, such as m5"},
      {"arch", 0, "ARCH", "only types of this architecture", {"amd64", "arm64"}},
      {"sort", 0, "KEY", "order of the rows", {"type", "cost", "pods"}, "type"},
      {"article", 0, "", "print the figures of a widely quoted comparison beside the corrected ones"},
      output_option({"table", "json", "csv", "md"}),
      to_option(),
  };
  command.examples = {"density m5.large m5.xlarge --daemonsets 2",
                      "density --family c6g --mode prefix --sort cost", "density --article"};
  command.run = run_density;
  return command;
}

}  // namespace cidrplan::cli
