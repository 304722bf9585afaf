#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/labels.h"
#include "planner/cluster/quotas.h"
#include "planner/events/sim_time.h"
#include "planner/net/prefix.h"

namespace cidrplan {

enum class SubnetRole : std::uint8_t { nodes, pods, cluster, public_facing, load_balancer, spare };
/// The word of the scenario file: nodes, pods, cluster, public, load-balancer, spare.
std::string_view to_string(SubnetRole role);

/// Part of a subnet that EC2's automatic choice leaves alone.
/// @source awsdocs/amazon-vpc-user-guide doc_source/subnet-cidr-reservation.md
struct CidrReservation {
  enum class Kind : std::uint8_t {
    prefix,       ///< for prefixes of interfaces only
    by_hand_only  ///< for addresses that somebody names (`explicit`)
  };

  Prefix cidr;
  Kind kind = Kind::prefix;
};

struct Subnet {
  std::string name;
  Prefix cidr;
  ZoneId zone{};
  SubnetRole role = SubnetRole::nodes;
  std::int64_t in_use = 0;  ///< addresses other things hold throughout
  int reserved = 5;         ///< kept by the provider: the first reserved-1 (at least 1) and the last address
  SimTime from{};           ///< does not exist before
  Labels tags;              ///< those that the VPC CNI looks at
  std::optional<Prefix> ipv6;                 ///< of an IPv6 cluster
  std::vector<CidrReservation> reservations;  ///< do not overlap; those for prefixes are a /28 or wider

  /// Addresses the subnet can hand out: size minus reserved, never negative.
  std::int64_t capacity() const;
};

/// Which of the free addresses EC2 gives to a request that names none. Not documented, so an assumption.
enum class AddressChoice : std::uint8_t {
  packed,  ///< single addresses where a /28 is broken already, prefixes at the lowest place: the best case
  random,  ///< any free one, each as likely
  worst,   ///< each single address breaks a wholly free /28 while there is one
};
/// The word of the scenario file: packed, random, worst.
std::string_view to_string(AddressChoice choice);

struct Vpc {
  std::string region;
  std::vector<Prefix> cidrs;  ///< primary first
  std::optional<Prefix> service_cidr;
  std::vector<Prefix> peers;
  std::vector<Prefix> on_premises;
  Quotas quota;
  AddressChoice address_choice = AddressChoice::packed;

  bool contains(const Prefix& prefix) const;
};

}  // namespace cidrplan
