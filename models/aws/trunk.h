#pragma once

#include <deque>

#include "models/aws/cni_node.h"
#include "models/aws/vpc_side.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// Pods with security groups that a node of that shape takes at most: 0 without a trunk.
int branch_limit(const VpcCniOptions& options, const NodeShape& shape);

/// A node's trunk interface and the branch interfaces on it, one for each pod with security groups, as the
/// VPC resource controller keeps them. A deleted pod's branch interface keeps its address, and its place on
/// the trunk, while it cools.
/// @source aws/amazon-vpc-resource-controller-k8s pkg/provider/branch/trunk/trunk.go
class Trunk final : public CniNode {
 public:
  static constexpr Duration cooldown = Duration::seconds(60);

  /// @param subnet  of the node, or of its ENIConfig
  Trunk(NodeId key, NodeId node, SubnetId subnet, int most, VpcSide& vpc);

  /// Always granted: without a trunk the node serves its other pods.
  Admission start(SimTime now) override;
  /// The trunk goes with its node; branch interfaces cool to their end.
  void leave(SimTime now) override;
  std::optional<PodHolding> assign(PodId pod, SimTime now) override;
  Assignment grant_of(const PodHolding& holding) const override;
  void release(PodId pod, const PodHolding& holding, SimTime now) override;
  Assignment why_waiting(SimTime now) const override;
  bool look(SimTime now) override;
  NodeId waits_for() const override { return node_; }
  bool is_through() const override { return gone_ && cooling_.empty(); }
  bool is_out_of_quota() const override { return cause_ == Cause::quota_enis && turned_away_; }

 protected:
  void ask_again(SimTime now) override;
  void plan(SimTime now) override;

 private:
  struct Cooling {
    SimTime end{};
    std::uint32_t address = 0;
  };

  std::optional<std::uint32_t> take_interface(Hold hold, SimTime now);
  void give_back_interface(std::uint32_t address, Hold hold);
  bool is_full() const { return used_ + static_cast<int>(cooling_.size()) >= most_; }
  bool attach(SimTime now);

  VpcSide& vpc_;
  NodeId node_;
  SubnetId subnet_;
  int most_;
  int used_ = 0;
  std::optional<std::uint32_t> own_address_;  ///< none: the trunk is not attached
  std::deque<Cooling> cooling_;
  bool gone_ = false;
  bool turned_away_ = false;
  bool news_ = false;  ///< it may be served again, or hear why not
  Cause cause_ = Cause::subnet_exhausted;
};

}  // namespace cidrplan::aws
