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
  std::int64_t least_of(const GroupDemand& group) const;
  std::int64_t most_of(const GroupDemand& group) const;
  /// Where interfaces may stand at a date, and nodes in the same subnets.
  struct UsedSubnets {
    std::vector<bool> used;  ///< by SubnetId
    std::int64_t nodes = 0;
  };
  UsedSubnets subnets_used(const DemandAt& demand) const;
  std::int64_t room_of(const DemandAt& demand) const;
  bool shares_fargate_subnets(const DemandAt& demand) const;
  std::int64_t fargate_room(const DemandAt& demand) const;
  std::int64_t sure_prefixes(const DemandAt& demand) const;

  VpcCniOptions options_;
  std::int64_t interface_quota_;
};

}  // namespace cidrplan::aws
