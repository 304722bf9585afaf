#pragma once

#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// Model "vpc-cni": pods take addresses of the VPC's subnets, attached to their node's interfaces.
ModelSpec vpc_cni_spec();

}  // namespace cidrplan::aws
