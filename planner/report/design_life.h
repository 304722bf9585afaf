#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planner/capacity/cures.h"
#include "planner/ipam/long_run.h"
#include "planner/report/comparison.h"

namespace cidrplan {

/// Averages of one node over the samples of the last quarter, when a life has found its pace.
struct SteadyState {
  SimTime from{};
  std::int64_t samples = 0;
  double nodes = 0;
  double pods = 0;               ///< with an address, daemonset pods included
  std::optional<Duration> stay;  ///< of a pod at its address; none: no pod ended
  double pieces = 0;
  double waiting = 0;
  double used = 0;
  double idle = 0;
  std::array<double, fill_count> fill{};
  std::vector<double> held;    ///< [k] share of nodes with k pieces
  bool short_of_room = false;  ///< a sample has pods without address, or on borrowed ones

  double of(Fill which) const { return fill[static_cast<std::size_t>(which)]; }
};
/// None where nothing was looked at (Detail::occupancy) or there are no nodes.
std::optional<SteadyState> steady_state_of(const Run& run, SimTime horizon);

/// The same life with another choice of one setting.
struct VariantLife {
  std::string words;
  bool present = false;
  Run run;
};

/// One design's life in depth.
struct DesignLife {
  Comparison comparison;  ///< of this design alone, its shown life with Detail::occupancy
  std::optional<SteadyState> steady;
  std::optional<LongRun> long_run;    ///< for the steady state's traffic
  bool theory_void = false;           ///< there is a theory, but it gives every node all the room it wants
  std::vector<VariantLife> variants;  ///< as the design's are ordered; the wrong ones are left out

  const Scenario& of() const { return comparison.of(); }
  const DesignResult& result() const { return comparison.designs.front(); }
  const Run& run() const { return result().ensemble->life(); }
  const Holdings& holdings() const { return *run().holdings; }
};

/// Loads the scenario with a change; none when that makes it wrong.
using ChangedScenario = std::function<std::optional<Scenario>(const ScenarioChange&)>;

/// Lives the scenario's first design, then once more with each of its variants.
/// @param progress  as for simulate, over all of it
DesignLife live_design(const Scenario& scenario, const ChangedScenario& changed,
                       const Progress& progress = {});

}  // namespace cidrplan
