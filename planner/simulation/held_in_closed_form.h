#pragma once

#include "planner/ipam/model_spec.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// The closed form of everything a design's places hold at a moment, node addresses and other consumers
/// included.
ClosedForm held_in_closed_form(const Scenario& scenario, const Design& design, SimTime at);

}  // namespace cidrplan
