#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/calico/calico_options.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::calico {

using PoolList =
    std::vector<std::size_t>;  ///< by place in the design, in the order in which Calico tries them

/// Nodes that may use the same pools: a group, or its part in one zone where selectors tell zones apart.
struct NodeClass {
  GroupId group{};
  std::int64_t parts = 1;  ///< classes that the group is divided into
  bool windows = false;

  struct OfFamily {
    PoolList for_pods;                  ///< of some namespace
    PoolList for_all_pods;              ///< of every namespace
    std::int64_t lists = 0;             ///< different lists that namespaces see
    std::vector<PoolList> for_tunnels;  ///< one for each tunnel that a node takes an address for
  };
  OfFamily ipv4, ipv6;

  const OfFamily& of(Family family) const { return family == Family::ipv4 ? ipv4 : ipv6; }
  OfFamily& of(Family family) { return family == Family::ipv4 ? ipv4 : ipv6; }
};

/// The classes of all groups.
std::vector<NodeClass> node_classes(const CalicoOptions& options, const DesignContext& context);

/// Addresses of one block that a node can give to pods and tunnels.
std::int64_t usable_in_block(const IpPool& pool, bool windows);
/// Blocks that a node may own of the pools of one request.
std::int64_t block_cap(const CalicoOptions& options, bool windows);
/// Addresses of pods that a node's blocks have room for; 0 where no pool serves them.
std::int64_t most_pods(const CalicoOptions& options, const NodeClass& nodes, Family family);

}  // namespace cidrplan::calico
