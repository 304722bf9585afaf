#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/density_selection.h"
#include "cli/density_view.h"
#include "cli/output.h"
#include "models/all_models.h"
#include "planner/report/render.h"

namespace cidrplan::cli {
namespace {

std::vector<std::string_view> rule_names() {
  std::vector<std::string_view> names;
  for (const auto rule : aws::all_density_rules) names.push_back(to_string(rule));
  return names;
}

std::vector<std::string_view> type_names() {
  std::vector<std::string_view> names;
  for (const auto& limits : all_instances().types()) names.emplace_back(limits.type);
  return names;
}

int run_article(const Arguments& arguments, Session& session) {
  for (const auto* const other : {"TYPE", "region", "catalog", "daemonsets", "host-network", "mode",
                                  "min-pods", "family", "arch", "sort"}) {
    if (!arguments.has(other)) continue;
    throw UsageError(
        fmt::format("--article compares m5.large and m5.xlarge in us-east-1; {}{} has no say in it",
                    std::string_view(other) == "TYPE" ? "" : "--", other));
  }
  const auto format = arguments.text("output", "table");
  put_out(format == "json"  ? article_json()
          : format == "csv" ? table_csv(article_flat())
          : format == "md"  ? render_markdown(article_report())
                            : render_table(article_report(), style_of(arguments, session)),
          arguments, session);
  return done;
}

int run_density(const Arguments& arguments, Session& session) {
  if (arguments.has("article")) return run_article(arguments, session);
  const auto own = read_catalogs(arguments, session);
  if (!own) return bad_input;
  const auto listing = listing_of(arguments, *own);
  const auto format = arguments.text("output", "table");
  put_out(format == "json"  ? density_json(listing)
          : format == "csv" ? table_csv(density_flat(listing))
          : format == "md"  ? render_markdown(density_report(listing))
                            : render_table(density_report(listing), style_of(arguments, session)),
          arguments, session);
  return done;
}

/// The rules as a paragraph of --help.
std::string_view rules_text() {
  static const std::string text = [] {
    std::string rules = "Rules:";
    for (const auto rule : aws::all_density_rules)
      rules += fmt::format("{} {} ({})", rules.ends_with(':') ? "" : ",", to_string(rule), meaning(rule));
    return rules + ".";
  }();
  return text;
}

std::string_view description() {
  static const std::string text =
      "Lists the pods that a node of each type takes by every rule that may set its limit, and the addresses "
      "they can have. What the host-network and daemonset pods of the node leave is for applications; USD a "
      "slot is the price of a month of 730 hours for each of these. Types named are shown by every rule, a "
      "list "
      "by the formula.\n\n" +
      std::string(rules_text()) +
      "\n\nPrices are on-demand list prices for Linux, each with its date; own ones come from --catalog. A "
      "price that is not known is left out, never guessed.";
  return text;
}

}  // namespace

Command density_command() {
  Command command;
  command.name = "density";
  command.summary = "tell how many pods instance types take, and what a pod slot costs";
  command.description = description();
  command.positionals = {
      {"TYPE", "an EC2 instance type, such as m5.large; none: all", false, true, {}, type_names}};
  command.options = {
      {"region", 0, "NAME", "AWS Region of the prices", {}, "us-east-1"},
      {"daemonsets", 0, "COUNT", "daemonset pods of a node that take an address", {}, "0"},
      {"host-network",
       0,
       "COUNT",
       "pods of a node on the host's network, kube-proxy and the CNI among them",
       {},
       "2"},
      {"mode", 0, "RULE", "show this rule", rule_names(), {}, true},
      {"min-pods", 0, "COUNT", "leave out what takes fewer application pods", {}, "0"},
      {"family", 0, "NAME", "only types of this family, such as m5"},
      {"arch", 0, "ARCH", "only types of this architecture", {"amd64", "arm64"}},
      {"sort", 0, "KEY", "order of the rows", {"type", "cost", "pods"}, "type"},
      {"catalog",
       0,
       "FILE",
       "own types and prices over the built-in ones: TOML, or what aws ec2 describe-instance-types prints; - "
       "reads standard input",
       {},
       {},
       true},
      {"article", 0, "", "print the figures of a widely quoted comparison beside the corrected ones"},
      output_option({"table", "json", "csv", "md"}),
      to_option(),
  };
  command.examples = {"density m5.large m5.xlarge --daemonsets 2",
                      "density --family c6g --mode prefix --sort cost",
                      "density --min-pods 50 --arch arm64 --sort cost -o csv", "density --article"};
  command.run = run_density;
  return command;
}

}  // namespace cidrplan::cli
