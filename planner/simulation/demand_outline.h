#pragma once

#include "planner/ipam/model_spec.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// What the scenario's curves ask for at a moment, without living through it: per group the nodes ("auto": by
/// the design's density), the pods and their even spread, surges of rollouts and pods in their grace period
/// included in `most_per_node`.
DemandAt demand_at(const Scenario& scenario, const Design& design, SimTime at);

/// The most that any date up to `until` asks for, per group and measure.
DemandAt running_peak(const Scenario& scenario, const Design& design, SimTime until);

/// The closed form of everything a design's places hold at a moment, node addresses and other consumers
/// included.
ClosedForm held_in_closed_form(const Scenario& scenario, const Design& design, SimTime at);

}  // namespace cidrplan
