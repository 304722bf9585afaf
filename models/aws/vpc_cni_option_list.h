#pragma once

#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// What a design of the VPC CNI may set.
std::vector<OptionSpec> vpc_cni_option_list();
/// What it has set; subnets and groups are left out.
VpcCniOptions chosen_options(const OptionTable& table);

}  // namespace cidrplan::aws
