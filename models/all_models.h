#pragma once

#include "planner/cluster/instance_catalog.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan {

/// Every model's name, once; in the order in which `cidrplan models` shows them.
ModelList all_models();

/// The instance types that scenarios may name.
const InstanceCatalog& all_instances();

}  // namespace cidrplan
