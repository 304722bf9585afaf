#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "planner/cluster/growth_curve.h"
#include "planner/cluster/ids.h"
#include "planner/cluster/instance_catalog.h"
#include "planner/net/address.h"

namespace cidrplan {

struct NodeGroup {
  std::string name;
  const InstanceLimits* limits = nullptr;  ///< none without a VPC
  std::vector<ZoneId> zones;               ///< at least one; without a VPC the one nameless zone
  std::vector<SubnetId> subnets;           ///< where its nodes may stand; empty without a VPC
  std::optional<GrowthCurve> nodes;        ///< none: "auto"
  std::int64_t min_nodes = 0;
  std::optional<std::int64_t> max_nodes;
  std::optional<int> max_pods;
  std::optional<Duration> replace_every;
  std::int64_t surge = 1;
  std::string name_pattern;  ///< "{n}" is the number; default "<group>-{n}"

  std::string node_name(std::int64_t number) const;
};

/// A node while it lives.
struct Node {
  NodeId id{};
  std::string name;
  GroupId group{};
  ZoneId zone{};
  std::optional<SubnetId> subnet;  ///< none without a VPC
  std::optional<Address> address;  ///< its primary address, taken by the engine
  const InstanceLimits* limits = nullptr;
  int max_pods = 110;  ///< kubelet's limit, host-network pods included
};

}  // namespace cidrplan
