#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/aws/call_meter.h"
#include "models/aws/interface_placement.h"
#include "models/aws/ipv6_ranges.h"
#include "models/aws/subnet_ec2.h"
#include "models/aws/subnet_openings.h"
#include "planner/ipam/ipam_model.h"
#include "planner/ipam/pool_demand.h"

namespace cidrplan::aws {

/// What all nodes of one life share: the subnets, what cools in them, EC2, and the figures of the report.
struct VpcSide {
  /// @param the_options  outlive it
  VpcSide(SubnetSpace& the_space, const VpcCniOptions& the_options, std::uint64_t the_seed)
      : options(the_options),
        seed(the_seed),
        space(the_space),
        cooling(space, options.settings.cooldown),
        placement(make_interface_placement(options)),
        ec2(space, cooling, *placement),
        openings(space.subnet_count()),
        ipv6_ranges(options.subnets),
        calls(options.api_buckets) {}

  /// An interface with one address of the subnet, for a pod of its own or a trunk.
  struct TakenInterface {
    std::optional<std::uint32_t> address;
    Cause cause{};  ///< without an address: quota_enis or subnet_exhausted
  };
  /// Who is out of quota is remembered; who finds the subnet full has to leave word there.
  TakenInterface take_interface(SubnetId subnet, Hold hold, NodeId who);
  void give_back_interface(SubnetId subnet, std::uint32_t address, Hold hold);
  /// The answer to a pod that got none.
  static Assignment wait_for_interface(Cause cause, SubnetId subnet);
  /// The answer to a pod with an interface of its own. In an IPv6 cluster its IPv6 address has the same
  /// number in the subnet as the IPv4 one, which lies in the first /80, and that goes to no node.
  Assignment grant_of_interface(SubnetId subnet, std::uint32_t address) const;

  const VpcCniOptions& options;
  std::uint64_t seed;  ///< of what the original leaves to chance
  SubnetSpace& space;
  CoolingLedger cooling;
  std::unique_ptr<InterfacePlacement> placement;
  SubnetEc2 ec2;
  SubnetOpenings openings;
  Ipv6Ranges ipv6_ranges;
  CallMeter calls;
  PoolDemand drawn;                   ///< where options.measures_pools
  std::vector<NodeId> quota_waiters;  ///< may hold nodes that wait no longer
  bool interface_went = false;        ///< since the waiters were last looked at
  std::int64_t further_interfaces = 0;
  std::int64_t branch_interfaces = 0;  ///< cooling ones too
  std::int64_t fargate_pods = 0;
  std::int64_t nodes_turned_away = 0;
};

}  // namespace cidrplan::aws
