#pragma once

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// What the daemon refuses, or cannot work with, given the nodes and subnets of the scenario; warnings too.
/// @return false: there were errors
bool check_options(const VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                   Diagnostics& diagnostics);

}  // namespace cidrplan::aws
