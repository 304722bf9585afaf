#include "cli/comparing.h"

#include <fmt/format.h>

#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

std::string lives_words(std::int64_t lives) { return in_figures(lives) + (lives == 1 ? " life" : " lives"); }

void try_cures_of(DesignResult& result, const LoadedInput& loaded, int most_trials, Session& session) {
  const auto& scenario = loaded.scenario;
  const auto* design = scenario.design(result.name);
  if (result.fits() || !design) return;
  std::int64_t number = 0;
  const auto trial = [&](const ScenarioChange& change) -> std::optional<Ensemble> {
    const auto changed = read_changed(loaded.input, change);
    const auto* again = changed ? changed->design(result.name) : nullptr;
    if (!again) return std::nullopt;
    ++number;
    ProgressBar bar(session, fmt::format("Trying a cure for {}", shortened(result.name, 30)), changed->lives);
    try {
      return simulate_lives(*changed, *again, bar.progress());
    } catch (const Interrupted&) {
      throw InterruptedAfter(fmt::format("the comparison, while trying cure {} for {}", number, result.name));
    }
  };
  result.cures = try_cures(scenario, *design, *result.ensemble, trial, most_trials);
}

}  // namespace

Comparison compare_with_progress(const LoadedInput& loaded, int most_trials, Session& session,
                                 bool with_findings) {
  const auto& scenario = loaded.scenario;
  const auto lives = scenario.lives * static_cast<std::int64_t>(scenario.designs.size());
  Comparison comparison;
  {
    ProgressBar bar(session, "Simulating " + lives_words(lives), lives);
    try {
      comparison = compare_designs(scenario, {false, Detail::usual, with_findings}, bar.progress());
    } catch (const Interrupted&) {
      throw InterruptedAfter(fmt::format("{} of {}", in_figures(bar.finished()), lives_words(lives)));
    }
  }
  for (auto& result : comparison.designs) try_cures_of(result, loaded, most_trials, session);
  return comparison;
}

Comparison closed_form_of(const Scenario& scenario) {
  return compare_designs(scenario, {true, Detail::usual});
}

}  // namespace cidrplan::cli
