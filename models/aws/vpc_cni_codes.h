#pragma once

#include <vector>

#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// The words of the VPC CNI in messages about its options and in its findings.
std::vector<OwnCode> vpc_cni_codes();

}  // namespace cidrplan::aws
