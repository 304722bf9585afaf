#pragma once

#include "planner/ipam/model_spec.h"

namespace cidrplan::overlay {

/// Model "node-cidr": one range of fixed size for each node, pod traffic wrapped between nodes.
ModelSpec node_cidr_spec();

}  // namespace cidrplan::overlay
