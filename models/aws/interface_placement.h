#pragma once

#include <memory>
#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/model_spec.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan::aws {

/// Where a node's further interfaces are created.
class InterfacePlacement {
 public:
  virtual ~InterfacePlacement() = default;

  /// The subnets tried for this node, in the scenario's order. @pre the node has a subnet
  virtual std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const = 0;
  /// Whether interfaces of nodes of that group may stand in the subnet.
  virtual bool may_hold(SubnetId subnet, const NodeGroup& group) const = 0;
  /// Whether finding them takes a call.
  virtual bool describes_subnets() const { return true; }
  /// Whether interfaces in that subnet give no addresses to pods.
  virtual bool is_excluded(SubnetId) const { return false; }
};

/// In the subnet of the node itself, unless its tag forbids it.
class OwnSubnet final : public InterfacePlacement {
 public:
  explicit OwnSubnet(const VpcCniOptions& options) : options_(options) {}
  std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const override;
  bool may_hold(SubnetId subnet, const NodeGroup& group) const override;

 private:
  const VpcCniOptions& options_;
};

/// In the node's own subnet and those of its zone that are tagged for it.
/// @source aws/amazon-vpc-cni-k8s pkg/awsutils/awsutils.go (isSubnetValidForENICreation, IsSubnetExcluded)
class SubnetDiscovery final : public InterfacePlacement {
 public:
  explicit SubnetDiscovery(const VpcCniOptions& options) : options_(options) {}
  std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const override;
  bool may_hold(SubnetId subnet, const NodeGroup& group) const override;
  bool is_excluded(SubnetId subnet) const override;

 private:
  bool is_valid(SubnetId subnet, SubnetId own) const;

  const VpcCniOptions& options_;
};

/// In the subnet of the node's ENIConfig: the one that a label of the node names, else one with role `pods`
/// in its zone, that with the most free addresses when the node joins.
/// @source aws/amazon-vpc-cni-k8s pkg/eniconfig/eniconfig.go
class CustomNetworking final : public InterfacePlacement {
 public:
  explicit CustomNetworking(const VpcCniOptions& options) : options_(options) {}
  std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const override;
  bool may_hold(SubnetId subnet, const NodeGroup& group) const override;
  bool describes_subnets() const override { return false; }

 private:
  const VpcCniOptions& options_;
};

/// @param options  outlive the placement
std::unique_ptr<InterfacePlacement> make_interface_placement(const VpcCniOptions& options);

/// The name of an ENIConfig in a node's or group's labels; none: the zone decides.
const std::string* eni_config_of(const Labels& labels);
/// Whether the primary interface of nodes of that shape gives no addresses to pods, whichever of the group's
/// subnets they stand in.
bool primary_serves_no_pod(const VpcCniOptions& options, const NodeShape& shape);

}  // namespace cidrplan::aws
