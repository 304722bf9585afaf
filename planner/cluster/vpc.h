#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/quotas.h"
#include "planner/events/sim_time.h"
#include "planner/net/prefix.h"

namespace cidrplan {

enum class SubnetRole : std::uint8_t { nodes, pods, cluster, public_facing, load_balancer, spare };
/// The word of the scenario file: nodes, pods, cluster, public, load-balancer, spare.
std::string_view to_string(SubnetRole role);

struct Subnet {
  std::string name;
  Prefix cidr;
  ZoneId zone{};
  SubnetRole role = SubnetRole::nodes;
  std::int64_t in_use = 0;  ///< addresses other things hold throughout
  int reserved = 5;         ///< kept by the provider: the first reserved-1 (at least 1) and the last address
  SimTime from{};           ///< does not exist before

  /// Addresses the subnet can hand out: size minus reserved, never negative.
  std::int64_t capacity() const;
};

struct Vpc {
  std::string region;
  std::vector<Prefix> cidrs;  ///< primary first
  std::optional<Prefix> service_cidr;
  std::vector<Prefix> peers;
  std::vector<Prefix> on_premises;
  Quotas quota;

  bool contains(const Prefix& prefix) const;
};

}  // namespace cidrplan
