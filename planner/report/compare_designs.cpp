#include <algorithm>

#include "planner/capacity/choice_sensitivity.h"
#include "planner/capacity/setting_trials.h"
#include "planner/capacity/sufficiency.h"
#include "planner/findings/rules.h"
#include "planner/report/comparison.h"
#include "planner/simulation/held_in_closed_form.h"

namespace cidrplan {
namespace {

/// The life shown, or the one that refuses first. None where no life does.
const Run* refusing_life(const Ensemble& ensemble) {
  if (ensemble.life().first_refusal) return &ensemble.life();
  const Run* earliest = nullptr;
  for (const auto& run : ensemble.runs) {
    if (run.first_refusal && (!earliest || run.first_refusal->at < earliest->first_refusal->at))
      earliest = &run;
  }
  return earliest;
}

DesignResult result_of(const Scenario& scenario, const Design& design, const ComparisonOptions& options,
                       const Progress& progress) {
  DesignResult result;
  result.name = design.name;
  result.model = design.spec ? std::string(design.spec->name) : std::string();
  result.ranges = design.factory->ranges();
  result.draws_prefixes = design.factory->draws_prefixes();
  const SimTime start{scenario.policy.max_wait.ms};
  const SimTime end{scenario.horizon.ms - 1};
  result.closed_start = held_in_closed_form(scenario, design, std::min(start, end));
  result.closed_end = held_in_closed_form(scenario, design, end);
  if (options.closed_form_only) {
    result.explanation = explain_shortage_at_end(scenario, design);
    return result;
  }
  result.ensemble = simulate_lives(scenario, design, progress, options.detail);
  const auto choices = outcomes_by_choice(scenario, design, result.ensemble->life());
  std::vector<TrialLife> trials;
  if (options.setting_trials) trials = live_setting_trials(scenario, design, *result.ensemble, progress);
  result.findings =
      judge({scenario, design, *result.ensemble, result.closed_start, result.closed_end, choices, trials});
  if (const auto* run = refusing_life(*result.ensemble))
    result.explanation = explain_refusal(scenario, design, *run);
  return result;
}

}  // namespace

Comparison compare_designs(const Scenario& scenario, const ComparisonOptions& options,
                           const Progress& progress) {
  Comparison comparison;
  comparison.scenario = &scenario;
  const auto count = static_cast<double>(scenario.designs.size());
  double before = 0;
  for (const auto& design : scenario.designs) {
    const auto part = [&](double done) { return progress((before + done) / count); };
    comparison.designs.push_back(
        result_of(scenario, design, options, progress ? Progress(part) : Progress{}));
    before += 1;
  }
  return comparison;
}

}  // namespace cidrplan
