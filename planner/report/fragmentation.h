#pragma once

#include <optional>

#include "planner/report/comparison.h"
#include "planner/report/report.h"

namespace cidrplan {

/// For designs that take prefixes: free addresses against wholly free /28s over time, and the nodes whose
/// leaving would give /28s back. None where no design takes any.
std::optional<Section> fragmentation(const Comparison& comparison);

}  // namespace cidrplan
