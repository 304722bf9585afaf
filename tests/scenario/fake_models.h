#pragma once

#include <vector>

#include "planner/ipam/model_spec.h"

namespace cidrplan::test {

/// Three specs with the options of the real ones, and nothing behind them: enough to read a scenario.
std::vector<ModelSpec> fake_models();

/// A handful of instance types.
InstanceCatalog small_catalog();

}  // namespace cidrplan::test
