#pragma once

#include "models/aws/cni_node.h"
#include "models/aws/vpc_side.h"
#include "models/aws/windows_pool.h"

namespace cidrplan::aws {

/// A Windows node. The controller works at once, and again when an address has cooled.
class WindowsNode final : public CniNode {
 public:
  WindowsNode(const Node& node, WindowsPool pool, VpcSide& vpc);

  Admission start(SimTime now) override;
  void leave(SimTime now) override;
  std::optional<PodHolding> assign(PodId pod, SimTime now) override;
  void release(PodId pod, const PodHolding& holding, SimTime now) override;
  Assignment why_waiting(SimTime now) const override;
  bool look(SimTime now) override;
  std::optional<DrainGain> drain_gain(SubnetId subnet) const override;

 protected:
  void ask_again(SimTime now) override;
  void plan(SimTime now) override;

 private:
  void reconcile(SimTime now);
  void ask_for(std::int64_t units, SimTime now);
  void give_back(std::uint32_t first, SimTime now);

  VpcSide& vpc_;
  SubnetId subnet_{};
  std::uint32_t own_address_ = 0;
  WindowsPool pool_;
  bool turned_away_ = false;
  std::int64_t asked_for_ = 0;  ///< units, in vain
  bool told_ = false;
};

}  // namespace cidrplan::aws
