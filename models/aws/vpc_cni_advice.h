#pragma once

#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/finding.h"

namespace cidrplan::aws {

/// What a simulated life says about the settings.
std::vector<Finding> findings_of(const VpcCniOptions& options, const Evidence& evidence);
/// Settings worth trying against the first refusal, the likeliest first.
std::vector<Cure> cures_of(const VpcCniOptions& options, const Evidence& evidence);

}  // namespace cidrplan::aws
