#pragma once

#include <memory>

#include "models/aws/ipamd.h"
#include "models/aws/subnet_ec2.h"

namespace cidrplan::test {

/// One node in a subnet with room for everything, pods in another one where custom networking is on.
struct LoneNode {
  aws::Settings settings;
  std::unique_ptr<aws::PoolRules> rules;
  aws::VpcCniOptions options;
  SubnetSpace space;
  aws::CoolingLedger ledger;
  aws::OwnSubnet placement;
  aws::SubnetEc2 ec2;
  aws::NodeInterfaces interfaces;
  aws::Ipamd ipamd;
  SimTime now{};

  LoneNode(const aws::Settings& the_settings, const aws::NodeLimits& limits);

  /// Rounds until nothing changes for a while; some settings never rest, so not for ever.
  void settle();
  /// @return whether the pod has an address
  bool add(std::uint32_t pod);
};

aws::NodeLimits limits_of(const InstanceLimits& type, std::int64_t max_pods);

}  // namespace cidrplan::test
