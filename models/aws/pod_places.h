#pragma once

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// Which pods have security groups of their own, and which run on Fargate.
/// @return false: there were errors
bool read_pod_places(VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                     Diagnostics& diagnostics);

}  // namespace cidrplan::aws
