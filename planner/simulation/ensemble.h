#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "planner/scenario/scenario.h"
#include "planner/simulation/simulate.h"

namespace cidrplan {

/// The lives of one design. `shown` is the one whole life that tables show: the lower median by first refusal
/// (none counts as the horizon), then by peak, then by number.
struct Ensemble {
  std::vector<Run> runs;  ///< in order of life
  std::size_t shown = 0;
  std::int64_t refused_lives = 0;
  /// Nearest rank over the lives' first refusals; none: the horizon.
  std::optional<SimTime> p5, p50, p95;
  bool fits = false;

  const Run& life() const { return runs[shown]; }
};

/// All lives of one design. `progress` as for simulate, over all of them.
/// @param detail  of the life that is shown
Ensemble simulate_lives(const Scenario& scenario, const Design& design, const Progress& progress = {},
                        Detail detail = Detail::usual);

/// What `simulate_lives` concludes from the runs. @pre not empty
Ensemble conclude(std::vector<Run> runs, const Scenario& scenario);

}  // namespace cidrplan
