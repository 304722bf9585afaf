#pragma once

#include "planner/ipam/model_spec.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// What the scenario's curves ask for at a moment, without living through it: per group the nodes ("auto": by
/// the design's density), the pods and their even spread, surges of rollouts and pods in their grace period
/// included in `most_per_node`.
DemandAt demand_at(const Scenario& scenario, const Design& design, SimTime at);

/// The least of it that chance and replacement may leave at that moment.
DemandAt least_demand_at(const Scenario& scenario, const Design& design, SimTime at);

/// The most that any date up to `until` asks for, per group and measure.
DemandAt running_peak(const Scenario& scenario, const Design& design, SimTime until);

}  // namespace cidrplan
