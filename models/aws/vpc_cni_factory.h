#pragma once

#include <memory>
#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// One design of the VPC CNI: what can be said of it without a running cluster.
class VpcCniFactory final : public ModelFactory {
 public:
  VpcCniFactory(VpcCniOptions options, std::int64_t interface_quota)
      : options_(std::move(options)), interface_quota_(interface_quota) {}

  Density density(const NodeShape& shape) const override;
  PodNeed need_of(NamespaceId pods) const override;
  std::vector<SubnetId> subnets_without_node(NamespaceId pods) const override;
  ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const override;
  std::vector<PodRange> ranges() const override { return {}; }
  bool needs_vpc() const override { return true; }
  Capabilities capabilities() const override { return {!options_.ipv6, options_.ipv6, !options_.ipv6}; }
  bool draws_prefixes() const override { return has_prefixes(); }
  std::unique_ptr<IpamModel> make(SubnetSpace& space, std::uint64_t seed) const override;
  std::optional<SettingTrial> next_trial(const Evidence& evidence) const override;
  std::vector<Finding> findings(const Evidence& evidence) const override;
  std::vector<Cure> cures(const Evidence& evidence) const override;

 private:
  bool has_prefixes() const;
  std::int64_t least_on_node(const GroupDemand& group) const;
  std::int64_t most_on_node(const GroupDemand& group) const;
  /// What the nodes of one zone ask for.
  struct ZoneDemand {
    std::int64_t least = 0, most = 0;  ///< addresses
    std::int64_t nodes = 0;            ///< at most
    std::int64_t interfaces = 0;       ///< further ones, at most
    std::int64_t largest_request = 0;  ///< addresses
  };
  ZoneDemand demand_in(ZoneId zone, const DemandAt& today, const DemandAt& running_peak) const;
  std::int64_t sure_room(SubnetId subnet, const ZoneDemand& demand, std::int64_t on_fargate) const;
  struct Least {
    std::int64_t addresses = 0;
    bool may_spread = false;  ///< a subnet may be full where another of its zone has room
  };
  Least least_in_all(const DemandAt& today, const DemandAt& running_peak) const;
  /// Where interfaces may stand at a date, and nodes in the same subnets.
  struct UsedSubnets {
    std::vector<bool> used;  ///< by SubnetId
    std::int64_t nodes = 0;
  };
  UsedSubnets subnets_of_nodes(const DemandAt& demand) const;
  bool serves_fargate(SubnetId subnet) const;
  UsedSubnets subnets_used(const DemandAt& demand) const;  ///< those of pods on Fargate too
  std::int64_t room_of(const DemandAt& demand) const;
  bool shares_fargate_subnets(const DemandAt& demand) const;
  std::int64_t fargate_room(const DemandAt& demand) const;
  std::int64_t sure_prefixes(const DemandAt& demand) const;

  VpcCniOptions options_;
  std::int64_t interface_quota_;
};

}  // namespace cidrplan::aws
