#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planner/scenario/load_scenario.h"
#include "planner/simulation/ensemble.h"

namespace cidrplan {

/// A change of the scenario: values as --set takes them, and text for the end of the file.
struct ScenarioChange {
  std::vector<Override> overrides;
  std::string further_tables;  ///< "[[subnet]] …"; empty where nothing is added
};

struct PossibleCure {
  Cure cure;
  ScenarioChange change;
};

/// Loads the scenario with the change and simulates the design; none when the changed scenario is wrong.
using Trial = std::function<std::optional<Ensemble>(const ScenarioChange&)>;

/// A change that was simulated: what came of it.
struct CureTrial {
  Cure cure;
  bool holds = false;            ///< the design fits with it
  std::string outcome;           ///< "holds to the end", "holds until 2029-03-04"
  std::optional<SimTime> until;  ///< the first refusal of the shown life; none: the horizon
  uint128 freed = 0;             ///< addresses fewer held at the end of the shown life; 0 when none
};

/// The design's own cures first, then zones that exist and are not allowed, a further subnet, wider ranges.
std::vector<PossibleCure> possible_cures(const Scenario& scenario, const Design& design,
                                         const Ensemble& refused);

/// Simulates at most `most_trials` of them, in order, and stops after two that hold. Those that hold come
/// first, then the longest-lasting; those that help nothing are left out.
std::vector<CureTrial> try_cures(const Scenario& scenario, const Design& design, const Ensemble& refused,
                                 const Trial& trial, int most_trials = 5);

/// The evidence a model's cures and findings are judged by, from the life that is shown (its refusal, or the
/// earliest of any life).
Evidence evidence_of(const Design& design, const Ensemble& ensemble);

}  // namespace cidrplan
