#pragma once

#include <string>
#include <vector>

#include "models/aws/cni_node.h"
#include "models/aws/vpc_side.h"

namespace cidrplan::aws {

/// Pods of one Fargate profile. Each is a machine of its own with one interface and one address in a subnet
/// of the profile: nothing is kept warm, and nothing cools.
/// @source awsdocs/amazon-eks-user-guide latest/ug/nodes/fargate.adoc
class FargatePods final : public CniNode {
 public:
  FargatePods(NodeId key, const FargateProfile& profile, VpcSide& vpc);

  /// What stands for the place of its pods.
  void set_place(NodeId node) { node_ = node; }

  Admission start(SimTime) override { return Admission::grant(); }
  void leave(SimTime) override {}
  std::optional<PodHolding> assign(PodId pod, SimTime now) override;
  Assignment grant_of(const PodHolding& holding) const override;
  void release(PodId pod, const PodHolding& holding, SimTime now) override;
  Assignment why_waiting(SimTime now) const override;
  bool look(SimTime now) override;
  NodeId waits_for() const override { return node_; }
  bool is_out_of_quota() const override { return turned_away_ && cause_ == Cause::quota_enis; }

 protected:
  void ask_again(SimTime now) override;
  void plan(SimTime now) override;

 private:
  /// The open subnet with the most free addresses.
  SubnetId roomiest() const;

  VpcSide& vpc_;
  const FargateProfile& profile_;
  NodeId node_{};
  bool turned_away_ = false;
  bool news_ = false;
  Cause cause_ = Cause::subnet_exhausted;
  SubnetId full_{};
};

}  // namespace cidrplan::aws
