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

/// Lives one life (numbered from 0) of the scenario's cluster under one of its designs.
Run simulate(const Scenario& scenario, const Design& design, std::int64_t life,
             const Progress& progress = {});

}  // namespace cidrplan
