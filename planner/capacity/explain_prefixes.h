#pragma once

#include <string>

#include "planner/scenario/scenario.h"
#include "planner/simulation/run.h"

namespace cidrplan {

/// In words: how the free addresses of the subnet lie that had no /28 left, and which nodes would give some
/// back. @pre the first refusal was for want of a /28
std::string explain_missing_prefixes(const Run& run);

}  // namespace cidrplan
