#pragma once

#include <vector>

#include "planner/ipam/model_spec.h"

namespace cidrplan::overlay {

/// The words of node ranges in messages about their options and in findings.
std::vector<OwnCode> node_cidr_codes();

}  // namespace cidrplan::overlay
