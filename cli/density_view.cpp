#include "cli/density_view.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace cidrplan::cli {
namespace {

using aws::DensityRow;
using aws::DensityRule;

constexpr std::size_t most_names = 5;

Cell count(int value) { return static_cast<uint128>(value); }
Cell count(std::optional<int> value) { return value ? count(*value) : Cell{}; }

/// Millionths of a dollar to a tenth of a cent, halves up.
Cell dollars(std::optional<std::int64_t> micro_usd) {
  return micro_usd ? Cell{Decimal{(*micro_usd + 500) / 1000, 3}} : Cell{};
}

/// Exact: 0.096 of 96,000 millionths, at least three digits behind the point.
std::string hourly(MicroUsd price) {
  auto text = fmt::format("{}.{:06}", price.per_hour / 1'000'000, price.per_hour % 1'000'000);
  while (text.ends_with('0') && text[text.size() - 4] != '.') text.pop_back();
  return text;
}

Cell hourly_or_none(const aws::ListedPrice* listed) {
  return listed != nullptr ? Cell{hourly(listed->price)} : Cell{};
}

/// nitro, xen, metal, unknown
std::string host_of(const InstanceLimits& limits) {
  return limits.bare_metal ? "metal" : std::string(to_string(limits.hypervisor));
}

/// Marks for the remarks of a listing, a letter each, in order of first use.
class Legend {
 public:
  std::string marks(const DensityRow& row) {
    std::string text;
    for (const auto& remark : row.remarks) {
      const auto at = std::find(remarks_.begin(), remarks_.end(), remark);
      text += static_cast<char>('a' + (at - remarks_.begin()));
      if (at == remarks_.end()) remarks_.push_back(remark);
    }
    return text;
  }
  bool empty() const { return remarks_.empty(); }
  Section section() const {
    Section section;
    for (std::size_t i = 0; i < remarks_.size(); ++i)
      section.facts.push_back({std::string(1, static_cast<char>('a' + i)), remarks_[i]});
    return section;
  }

 private:
  std::vector<std::string> remarks_;  // few: they hold no figures of a type
};

/// The types of the rows, each once, in order of first appearance.
std::vector<const InstanceLimits*> types_of(const DensityListing& listing) {
  std::vector<const InstanceLimits*> types;
  const auto add = [&](const InstanceLimits* limits) {
    if (std::find(types.begin(), types.end(), limits) == types.end()) types.push_back(limits);
  };
  for (const auto& row : listing.rows) add(row.limits);
  return types;
}

ReportTable type_table(const DensityListing& listing) {
  ReportTable table;
  table.narrowest = 4;
  table.columns = {{"type", Align::left},
                   {"vCPUs"},
                   {"arch", Align::left},
                   {"runs on", Align::left},
                   {"ENIs x IPs"},
                   {"branch"},
                   {"cards"},
                   {"USD/hour"}};
  for (const auto* const type : types_of(listing)) {
    table.rows.push_back({type->type, count(type->vcpus), std::string(to_string(type->architecture)),
                          host_of(*type), fmt::format("{} x {}", type->enis, type->ipv4_per_eni),
                          count(type->trunk_branch_enis), count(type->network_cards),
                          hourly_or_none(listing.prices.of(type->type))});
  }
  return table;
}

std::vector<Cell> figures_of(const DensityRow& row) {
  return {count(row.max_pods), count(row.addresses), count(row.application_pods), dollars(row.slot_month)};
}

/// With several rules a line names its rule; with one, its machine.
ReportTable pods_table(const DensityListing& listing, Legend& legend) {
  const bool several = listing.rules.size() > 1;
  ReportTable table;
  table.narrowest = 4;
  table.grouped = several;
  table.stub = several ? 2 : 1;
  table.columns = {{"type", Align::left}};
  if (several)
    table.columns.push_back({"rule", Align::left});
  else
    table.columns.insert(table.columns.end(), {{"vCPUs"}, {"arch", Align::left}});
  table.columns.insert(table.columns.end(), {{"max pods"}, {"IPs"}, {"for apps"}, {"USD/slot"}});
  for (const auto& row : listing.rows) {
    std::vector<Cell> cells{row.limits->type};
    if (several)
      cells.emplace_back(std::string(to_string(row.rule)));
    else
      cells.insert(cells.end(),
                   {count(row.limits->vcpus), Cell{std::string(to_string(row.limits->architecture))}});
    for (auto& figure : figures_of(row)) cells.push_back(std::move(figure));
    cells.emplace_back(legend.marks(row));
    table.rows.push_back(std::move(cells));
  }
  if (legend.empty())
    for (auto& row : table.rows) row.pop_back();
  else
    table.columns.push_back({"note", Align::left});
  return table;
}

/// "a, b and c", or "a, b, c, d, e and 7 more".
std::string named(const std::vector<std::string>& names) {
  const bool all = names.size() <= most_names + 1;
  const auto shown = all ? names.size() - 1 : most_names;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (shown == 0) return names.front();
  return text + " and " + (all ? names.back() : fmt::format("{} more", names.size() - shown));
}

void add_source_notes(const DensityListing& listing, std::vector<std::string>& notes) {
  const auto date = listing.prices.date();
  notes.push_back(
      date.empty()
          ? fmt::format("No list of prices is known for {}: --catalog gives your own.", listing.region)
          : fmt::format("Prices: on demand, Linux, {}, list of {}; a month has {} hours.", listing.region,
                        date, listing.query.month_hours));
  std::vector<std::string> own, none, limits;
  for (const auto* const type : types_of(listing)) {
    if (type->own) limits.push_back(type->type);
    const auto* const listed = listing.prices.of(type->type);
    if (listed == nullptr) none.push_back(type->type);
    if (listed != nullptr && listed->own) own.push_back(type->type);
  }
  if (!limits.empty()) notes.push_back(fmt::format("Your own limits: {}.", named(limits)));
  if (!own.empty()) notes.push_back(fmt::format("Your own price: {}.", named(own)));
  if (!date.empty() && !none.empty())
    notes.push_back(fmt::format("No price in that list, and none is guessed: {}.", named(none)));
}

void add_left_out_notes(const DensityListing& listing, std::vector<std::string>& notes) {
  std::map<std::pair<DensityRule, std::string_view>, std::vector<std::string>> reasons;
  for (const auto& left : listing.left_out)
    reasons[{left.rule, not_applicable(*left.limits, left.rule)}].push_back(left.limits->type);
  for (const auto& [why, types] : reasons)
    notes.push_back(fmt::format("Rule {} left out, {}: {}.", to_string(why.first), why.second, named(types)));
}

std::string deduction(const aws::DensityQuery& query) {
  return fmt::format("for apps: what {} host-network and {} daemonset pods of each node leave.",
                     query.host_network, query.daemonsets);
}

}  // namespace

Report density_report(const DensityListing& listing) {
  Report report;
  report.title = "Pods a node takes, and the cost of a pod slot a month";
  report.aside = listing.region;
  if (listing.rules.size() == 1)
    report.lead.push_back(
        fmt::format("Rule {}: {}", to_string(listing.rules.front()), meaning(listing.rules.front())));
  if (listing.rows.empty()) {
    report.notes.emplace_back("No type is left by what was asked for.");
    add_left_out_notes(listing, report.notes);
    return report;
  }
  Legend legend;
  const auto section_of = [](ReportTable table) {
    Section section;
    section.tables.push_back(std::move(table));
    return section;
  };
  if (listing.named) report.sections.push_back(section_of(type_table(listing)));
  report.sections.push_back(section_of(pods_table(listing, legend)));
  if (!legend.empty()) report.sections.push_back(legend.section());
  report.notes.push_back(deduction(listing.query));
  add_source_notes(listing, report.notes);
  add_left_out_notes(listing, report.notes);
  return report;
}

ReportTable density_flat(const DensityListing& listing) {
  ReportTable table;
  for (const auto* const heading :
       {"type", "architecture", "vcpus", "hypervisor", "enis", "ipv4_per_eni", "branch_enis", "network_cards",
        "usd_per_hour", "rule", "max_pods", "addresses", "application_pods", "usd_per_slot_month", "remark"})
    table.columns.push_back({heading});
  for (const auto& row : listing.rows) {
    const auto& type = *row.limits;
    std::string remark;
    for (const auto& each : row.remarks) remark += (remark.empty() ? "" : "; ") + each;
    std::vector<Cell> cells{type.type,
                            std::string(to_string(type.architecture)),
                            count(type.vcpus),
                            host_of(type),
                            count(type.enis),
                            count(type.ipv4_per_eni),
                            count(type.trunk_branch_enis),
                            count(type.network_cards),
                            hourly_or_none(listing.prices.of(type.type)),
                            std::string(to_string(row.rule))};
    for (auto& figure : figures_of(row)) cells.push_back(std::move(figure));
    cells.emplace_back(std::move(remark));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace cidrplan::cli
