#pragma once

#include <cstdint>
#include <vector>

#include "models/aws/call_meter.h"
#include "models/aws/subnet_ec2.h"
#include "models/aws/subnet_openings.h"

namespace cidrplan::aws {

/// What all nodes of one life share: the subnets, what cools in them, EC2, and the figures of the report.
struct VpcSide {
  VpcSide(SubnetSpace& the_space, Duration cooldown)
      : space(the_space), cooling(space, cooldown), ec2(space, cooling), openings(space.subnet_count()) {}

  SubnetSpace& space;
  CoolingLedger cooling;
  SubnetEc2 ec2;
  SubnetOpenings openings;
  CallMeter calls;
  std::vector<NodeId> quota_waiters;  ///< may hold nodes that wait no longer
  bool interface_went = false;        ///< since the waiters were last looked at
  std::int64_t further_interfaces = 0;
  std::int64_t nodes_turned_away = 0;
};

}  // namespace cidrplan::aws
