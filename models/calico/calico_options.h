#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/calico/config.h"
#include "models/calico/ip_pool.h"
#include "planner/cluster/labels.h"
#include "planner/cluster/node_group.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// How packets between nodes are wrapped.
enum class Encapsulation : std::uint8_t { none, ipip, vxlan };
std::string_view to_string(Encapsulation encapsulation);

/// Blocks that a node holds before the first pod of the plan starts.
struct HeldBlocks {
  std::string node;         ///< a node of the plan by its name, or one that is gone
  std::int64_t blocks = 1;  ///< the first of the node's walk that are unclaimed
  std::int64_t in_use = 0;  ///< addresses that other things hold throughout, evenly over the blocks
};

/// One pool with what the plan says of it beyond the IPPool.
struct PoolPlan {
  IpPool pool;
  Encapsulation encapsulation = Encapsulation::none;
  bool cross_subnet = false;    ///< wrapped between subnets only
  bool exported_by_bgp = true;  ///< not disableBGPExport
  SimTime from{};               ///< created then
  std::vector<Prefix> reservations;
  std::vector<HeldBlocks> held;

  bool serves(Use use) const { return !pool.disabled && pool.allowed_uses.contains(use); }
};

/// A design, checked.
struct CalicoOptions {
  Profile profile = Profile::p32;
  Config config;
  bool wireguard = false;
  bool windows_single_network = true;  ///< one block a Windows node
  std::int64_t route_reflectors = 0;   ///< none: every node peers with every other
  Duration grace =
      Duration::minutes(15);          ///< of leaks and empty blocks; 0: neither is collected on living nodes
  double leaks = 0;                   ///< share of deleted pods whose release is lost
  std::vector<PoolPlan> pools;        ///< in the order of the file
  std::vector<Namespace> namespaces;  ///< by NamespaceId
};

/// The tunnels for which a node takes an address, in the order in which it asks for them at its first start:
/// WireGuard's keys do not exist before.
/// @source projectcalico/calico node/pkg/allocateip/allocateip.go
enum class Tunnel : std::uint8_t { ipip, vxlan, vxlan_v6, wireguard, wireguard_v6 };
inline constexpr Tunnel all_tunnels[] = {Tunnel::ipip, Tunnel::vxlan, Tunnel::vxlan_v6, Tunnel::wireguard,
                                         Tunnel::wireguard_v6};
Family family_of(Tunnel tunnel);
/// Whether a node that the pool selects takes an address of it for the tunnel.
bool serves(const PoolPlan& pool, Tunnel tunnel, bool wireguard);

}  // namespace cidrplan::calico
