#pragma once

#include <memory>
#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/cluster/node_group.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan::aws {

/// Where a node's further interfaces are created.
class InterfacePlacement {
 public:
  virtual ~InterfacePlacement() = default;

  /// The subnets tried for this node, in the scenario's order. @pre the node has a subnet
  virtual std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const = 0;
};

/// In the subnet of the node itself.
class OwnSubnet final : public InterfacePlacement {
 public:
  std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace&) const override {
    return {*node.subnet};
  }
};

/// In the subnet of the node's ENIConfig; here one with role `pods` in the node's zone, the one with the most
/// free addresses when the node joins.
/// @source aws/amazon-vpc-cni-k8s pkg/eniconfig/eniconfig.go
class CustomNetworking final : public InterfacePlacement {
 public:
  explicit CustomNetworking(const std::vector<Subnet>& subnets) : subnets_(subnets) {}
  std::vector<SubnetId> subnets_for(const Node& node, const SubnetSpace& space) const override;

 private:
  const std::vector<Subnet>& subnets_;
};

/// @param options  outlive the placement
std::unique_ptr<InterfacePlacement> make_interface_placement(const VpcCniOptions& options);

}  // namespace cidrplan::aws
