#pragma once

#include "models/aws/node_mode.h"

namespace cidrplan::aws {

/// Nodes of an IPv6 cluster: one /80 on the primary interface, attached once.
class Ipv6Mode final : public NodeMode {
 public:
  Ipv6Mode(const VpcCniOptions& options, const NodeShape& shape);

  Density density() const override { return density_; }
  std::int64_t grown_to(std::int64_t) const override { return trunks_; }
  std::int64_t at_most(std::int64_t) const override { return trunks_; }
  std::unique_ptr<CniNode> make_node(const Node& node, std::vector<SubnetId> for_new,
                                     VpcSide& vpc) const override;

 private:
  Density density_;
  Duration cooldown_;
  int trunks_ = 0;
};

class Ipv6Node final : public CniNode {
 public:
  Ipv6Node(const Node& node, Duration cooldown, VpcSide& vpc);

  Admission start(SimTime now) override;
  void leave(SimTime now) override;
  std::optional<PodHolding> assign(PodId pod, SimTime now) override;
  Assignment grant_of(const PodHolding& holding) const override;
  void release(PodId pod, const PodHolding& holding, SimTime now) override;
  Assignment why_waiting(SimTime now) const override;
  bool look(SimTime) override { return false; }

 protected:
  void ask_again(SimTime) override {}
  void plan(SimTime) override {}

 private:
  VpcSide& vpc_;
  SubnetId subnet_{};
  Datastore store_;
  std::uint32_t range_ = 0;  ///< number of its /80 in the subnet's /64
  uint128 first_ = 0;
};

}  // namespace cidrplan::aws
