#include "planner/capacity/setting_trials.h"

#include "planner/capacity/cures.h"

namespace cidrplan {
namespace {

constexpr std::size_t most_trials = 8;
/// Of all these lives together: some ten seconds of work.
constexpr std::uint64_t most_events = 20'000'000;

uint128 held_in_subnets(const Run& run) {
  uint128 held = 0;
  for (const auto& row : run.peak.rows)
    if (row.place.kind == PlaceKind::subnet) held += row.usage.held();
  return held;
}

}  // namespace

std::vector<TrialLife> live_setting_trials(const Scenario& scenario, const Design& design,
                                           const Ensemble& ensemble, const Progress& progress) {
  auto evidence = evidence_of(design, ensemble);
  // They are no share of the work that was announced: asked for an interrupt only.
  const auto still = [&](double) { return progress(1.0); };
  auto events = ensemble.life().events;
  while (evidence.trials.size() < most_trials && events <= most_events) {
    auto next = design.factory->next_trial(evidence);
    if (!next) break;
    auto other = design;
    other.factory = std::move(next->factory);
    const auto run = simulate(scenario, other, ensemble.life().life, progress ? Progress(still) : Progress{});
    events += run.events;
    evidence.trials.push_back({std::move(next->settings), held_in_subnets(run), run.pool_demand});
  }
  return std::move(evidence.trials);
}

}  // namespace cidrplan
