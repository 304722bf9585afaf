#pragma once

#include <vector>

#include "models/aws/pool_rules.h"
#include "planner/cluster/vpc.h"

namespace cidrplan::aws {

/// One design of the VPC CNI with what it needs to know of the scenario.
struct VpcCniOptions {
  Settings settings;
  std::vector<Subnet> subnets;  ///< of the scenario, by SubnetId
};

}  // namespace cidrplan::aws
