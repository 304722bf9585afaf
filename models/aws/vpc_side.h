#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/aws/call_meter.h"
#include "models/aws/interface_placement.h"
#include "models/aws/ipv6_ranges.h"
#include "models/aws/subnet_ec2.h"
#include "models/aws/subnet_openings.h"

namespace cidrplan::aws {

/// What all nodes of one life share: the subnets, what cools in them, EC2, and the figures of the report.
struct VpcSide {
  VpcSide(SubnetSpace& the_space, const VpcCniOptions& options)
      : space(the_space),
        cooling(space, options.settings.cooldown),
        placement(make_interface_placement(options)),
        ec2(space, cooling, *placement),
        openings(space.subnet_count()),
        ipv6_ranges(options.subnets) {}

  SubnetSpace& space;
  CoolingLedger cooling;
  std::unique_ptr<InterfacePlacement> placement;
  SubnetEc2 ec2;
  SubnetOpenings openings;
  Ipv6Ranges ipv6_ranges;
  CallMeter calls;
  std::vector<NodeId> quota_waiters;  ///< may hold nodes that wait no longer
  bool interface_went = false;        ///< since the waiters were last looked at
  std::int64_t further_interfaces = 0;
  std::int64_t nodes_turned_away = 0;
};

}  // namespace cidrplan::aws
