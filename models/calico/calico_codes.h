#pragma once

#include <vector>

#include "planner/ipam/model_spec.h"

namespace cidrplan::calico {

/// Calico's words in messages about its options and in its findings.
std::vector<OwnCode> calico_codes();

}  // namespace cidrplan::calico
