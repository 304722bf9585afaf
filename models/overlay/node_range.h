#pragma once

#include "planner/net/prefix.h"

namespace cidrplan::overlay {

/// Addresses of a node range that no pod can have: network and gateway, under IPv4 the broadcast address too.
/// @source flannel-io/flannel pkg/backend/vxlan/vxlan.go; containernetworking/plugins plugins/ipam/host-local
constexpr int reserved_per_node(Family family) { return family == Family::ipv4 ? 3 : 2; }

/// host-local refuses a range with less than four addresses.
constexpr int longest_node_mask(Family family) { return family == Family::ipv4 ? 30 : 126; }

/// @pre 1 <= node_mask <= longest_node_mask(family)
constexpr uint128 addresses_in(Family family, int node_mask) {
  return uint128{1} << ((family == Family::ipv4 ? 32 : 128) - node_mask);
}

constexpr uint128 pods_in(Family family, int node_mask) {
  return addresses_in(family, node_mask) - static_cast<unsigned>(reserved_per_node(family));
}

}  // namespace cidrplan::overlay
