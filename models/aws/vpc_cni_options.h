#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/aws/pool_rules.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/vpc.h"

namespace cidrplan::aws {

/// The pools of Windows nodes, which the VPC resource controller keeps.
/// @source aws/amazon-vpc-resource-controller-k8s docs/windows
struct WindowsSettings {
  bool prefix_delegation = false;
  std::int64_t warm_ip_target = 3;  ///< 1 with prefixes, unless set
  std::int64_t minimum_ip_target = 3;
  std::int64_t warm_prefix_target = 0;  ///< counts where no address target is set
  bool has_address_targets = false;     ///< one of the two was set
};

/// One design of the VPC CNI with what it needs to know of the scenario.
struct VpcCniOptions {
  Settings settings;
  WindowsSettings windows;
  bool ipv6 = false;              ///< an IPv6 cluster: pods have no IPv4 address
  std::string cluster_name;       ///< empty: tags of clusters are not looked at
  std::vector<Subnet> subnets;    ///< of the scenario, by SubnetId
  std::vector<NodeGroup> groups;  ///< by GroupId
};

}  // namespace cidrplan::aws
