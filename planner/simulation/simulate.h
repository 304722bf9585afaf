#pragma once

#include <cstdint>
#include <functional>

#include "planner/scenario/scenario.h"
#include "planner/simulation/run.h"

namespace cidrplan {

/// Asked now and then with the share of the horizon done, in [0, 1]; false stops the run by throwing
/// Interrupted.
using Progress = std::function<bool(double done)>;

/// The user asked to stop.
struct Interrupted {};

/// How closely a life is looked at. `occupancy` walks all that is held at every sample.
enum class Detail : std::uint8_t { usual, occupancy };

/// Lives one life (numbered from 0) of the scenario's cluster under one of its designs.
Run simulate(const Scenario& scenario, const Design& design, std::int64_t life, const Progress& progress = {},
             Detail detail = Detail::usual);

}  // namespace cidrplan
