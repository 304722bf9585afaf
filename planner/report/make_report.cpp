#include "planner/report/make_report.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/report/assumptions.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

std::string date(const Scenario& scenario, SimTime at) { return to_string(scenario.calendar.date_of(at)); }

std::string vpc_words(const Scenario& scenario) {
  if (!scenario.vpc) return "on premises, without a VPC";
  std::string text = "VPC ";
  for (const auto& cidr : scenario.vpc->cidrs) {
    if (text.size() > 4) text += " + ";
    text += cidr.to_string();
  }
  return fmt::format("{}, {} {}", text, scenario.zones.size(), scenario.zones.size() == 1 ? "zone" : "zones");
}

std::string pods_words(const Scenario& scenario) {
  std::int64_t first = 0, last = 0;
  const SimTime end{scenario.horizon.ms - 1};
  for (const auto& workload : scenario.workloads) {
    first += workload.pods.at(scenario.calendar, SimTime{});
    last += workload.pods.at(scenario.calendar, end);
  }
  const auto from = in_figures(first);
  return first == last ? from + " pods" : fmt::format("{} to {} pods", from, in_figures(last));
}

std::string lives_words(const Scenario& scenario, bool simulated) {
  if (!simulated) return "closed form only; nothing is simulated";
  if (scenario.lives == 1) return fmt::format("one life, seed {}", scenario.seed);
  return fmt::format("{} lives, seed {}; the tables show the median life", scenario.lives, scenario.seed);
}

const DesignResult* first_that(const Comparison& comparison, Answer answer,
                               const std::vector<Verdict>& verdicts) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].answer == answer) return &comparison.designs[i];
  }
  return nullptr;
}

/// A name as a shell takes it.
std::string quoted(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-_./=,:+%@").find(c) != std::string_view::npos;
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain)) return name;
  std::string text = "'";
  for (const char c : name) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::vector<std::string> next_commands(const Comparison& comparison, const std::vector<Verdict>& verdicts) {
  const auto file = quoted(comparison.of().source_name);
  if (!comparison.designs.empty() && !comparison.designs.front().ensemble)
    return {"cidrplan compare " + file};
  const auto* failing = first_that(comparison, Answer::no, verdicts);
  if (!failing) return {fmt::format("cidrplan plan {} --to ip-plan", file)};
  std::vector<std::string> next{fmt::format("cidrplan check {} --design {}", file, quoted(failing->name))};
  // A cure that --set cannot say, such as a further subnet, has no dotted path.
  for (const auto& trial : failing->cures) {
    const auto& cure = trial.cure;
    if (cure.key.find('.') == std::string::npos) continue;
    next.push_back(fmt::format("cidrplan compare {} --set {}", file, quoted(cure.key + "=" + cure.value)));
    break;
  }
  return next;
}

std::string assumed(const std::vector<Assumption>& assumptions) {
  std::string text;
  for (const auto& assumption : assumptions) {
    if (!assumption.decisive) continue;
    text += text.empty() ? "" : "; ";
    text += assumption.text;
    if (!assumption.key.empty()) text += " (" + assumption.key + ")";
  }
  return text;
}

/// What judges the figures themselves goes with them; the rest is `check`'s and `plan`'s.
void add_doubts(const Comparison& comparison, Report& report) {
  for (const auto& design : comparison.designs) {
    for (const auto& finding : design.findings) {
      if (finding.code != "closed-form-misses" && finding.code != "rows-do-not-add-up") continue;
      report.notes.push_back(fmt::format("{} [{}], {}: {}", to_string(finding.severity), finding.code,
                                         design.name, finding.text));
    }
  }
}

}  // namespace

Report make_report(const Comparison& comparison) {
  const auto& scenario = comparison.of();
  const bool simulated = !comparison.designs.empty() && comparison.designs.front().ensemble.has_value();
  Report report;
  report.title = scenario.title;
  report.aside = fmt::format("{} to {}", date(scenario, SimTime{}), date(scenario, scenario.horizon));
  report.lead = {vpc_words(scenario) + "; " + pods_words(scenario), lives_words(scenario, simulated)};
  for (const auto& design : comparison.designs) report.verdicts.push_back(verdict_of(design, scenario));

  Section state;
  state.tables.push_back(state_at_end(comparison));
  report.sections.push_back(std::move(state));
  const auto* charted = first_that(comparison, Answer::no, report.verdicts);
  if (!charted) charted = first_that(comparison, Answer::close, report.verdicts);
  if (!charted && !comparison.designs.empty()) charted = &comparison.designs.front();
  if (charted) {
    if (auto chart = binding_chart(*charted, scenario)) {
      report.sections.emplace_back();
      report.sections.back().charts.push_back(std::move(*chart));
    }
  }
  const auto assumptions = assumed(assumptions_of(scenario, simulated));
  if (!assumptions.empty()) report.notes.push_back("Assumed and decisive: " + assumptions + ".");
  add_doubts(comparison, report);
  report.next = next_commands(comparison, report.verdicts);
  return report;
}

}  // namespace cidrplan
