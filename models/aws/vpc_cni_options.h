#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/aws/pool_rules.h"
#include "planner/cluster/api_buckets.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/vpc.h"
#include "planner/ipam/model_spec.h"

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

/// Which pods run on Fargate, and where. @source awsdocs/amazon-eks-user-guide
/// latest/ug/nodes/fargate-profile.adoc
struct FargateProfile {
  std::vector<NamespaceId> namespaces;
  std::vector<SubnetId> subnets;  ///< at least one
};

/// One design of the VPC CNI with what it needs to know of the scenario.
struct VpcCniOptions {
  Settings settings;
  WindowsSettings windows;
  bool random_walk = false;     ///< which address a pod gets is drawn; else the first one
  bool measures_pools = false;  ///< the life is lived to see what pods draw from nodes' pools
  bool ipv6 = false;            ///< an IPv6 cluster: pods have no IPv4 address
  std::vector<NamespaceId> security_group_namespaces;  ///< whose pods have security groups of their own
  std::vector<FargateProfile> fargate;                 ///< no namespace is in two
  /// What the VPC could take of 100.64.0.0/10, where none of its ranges lies.
  std::optional<Prefix> open_shared_range;
  ApiBuckets api_buckets = usual_api_buckets;
  std::int64_t cpu_request = default_cpu_request;  ///< of a pod on average
  std::string cluster_name;                        ///< empty: tags of clusters are not looked at
  std::vector<Subnet> subnets;                     ///< of the scenario, by SubnetId
  std::vector<NodeGroup> groups;                   ///< by GroupId
  std::vector<std::int64_t> host_network_pods;     ///< by GroupId: what daemonsets put on each node

  bool has_security_groups(NamespaceId pods) const {
    return std::find(security_group_namespaces.begin(), security_group_namespaces.end(), pods) !=
           security_group_namespaces.end();
  }
  /// None: its pods go to nodes.
  std::optional<std::size_t> fargate_profile_of(NamespaceId pods) const;
};

inline std::optional<std::size_t> VpcCniOptions::fargate_profile_of(NamespaceId pods) const {
  for (std::size_t i = 0; i < fargate.size(); ++i)
    if (std::find(fargate[i].namespaces.begin(), fargate[i].namespaces.end(), pods) !=
        fargate[i].namespaces.end())
      return i;
  return std::nullopt;
}

}  // namespace cidrplan::aws
