#pragma once

#include <memory>
#include <vector>

#include "models/aws/cni_node.h"
#include "models/aws/ipamd.h"
#include "models/aws/pool_meter.h"
#include "models/aws/random_walk.h"
#include "models/aws/vpc_side.h"

namespace cidrplan::aws {

/// A Linux node with the CNI's daemon. It sleeps until its next check of the pool could decide something; the
/// checks between, and the calls that would fail again, are not made but counted.
class IpamdNode final : public CniNode {
 public:
  /// @param for_new  subnets in which further interfaces may be created
  IpamdNode(const Node& node, const PoolRules& rules, std::vector<SubnetId> for_new, VpcSide& vpc);

  Admission start(SimTime now) override;
  void leave(SimTime now) override;
  std::optional<PodHolding> assign(PodId pod, SimTime now) override;
  void release(PodId pod, const PodHolding& holding, SimTime now) override;
  void expect_release(const PodHolding& holding) const override;
  Assignment why_waiting(SimTime now) const override;
  bool look(SimTime now) override;
  std::optional<DrainGain> drain_gain(SubnetId subnet) const override;
  bool is_out_of_quota() const override { return out_of_quota_; }

  /// From its start on its pool is watched. @param most  addresses that it can have for pods
  void measure_pool(std::int64_t most) { measured_most_ = most; }
  Lack measure_ask(bool granted, SimTime now) override;

 protected:
  void ask_again(SimTime now) override;
  void plan(SimTime now) override;

 private:
  const PoolRules& rules() const { return ipamd_.rules(); }
  std::int64_t wanted_units() const;
  UnitKey unit_of(std::uint32_t address) const;
  void check_pool(SimTime now);
  void count_open();
  Cause cause_now(SimTime now) const;
  std::optional<SimTime> first_cooled(SimTime now) const;
  bool has_free_address(SimTime now) const;

  // --- requests that fail again until something changes ---
  void note_growth(bool grew, bool failed, SimTime now);
  void turn_away(SimTime now);
  void follow_need(SimTime now);
  void start_asking(SimTime now);
  void stop_asking(SimTime now);
  void forget_refusal(SimTime now);
  SimTime first_check_at(SimTime at) const;

  VpcSide& vpc_;
  std::unique_ptr<RandomWalk> walk_;  ///< none: first fit
  std::unique_ptr<PoolMeter> meter_;  ///< none: not watched
  std::int64_t measured_most_ = 0;
  Ipamd ipamd_;
  NodeInterfaces interfaces_;
  SimTime next_check_{};              ///< the earliest moment of its next pool check; further ones every 5 s
  SimTime check_ = SimTime::never();  ///< the check it is going to make

  // A request that failed and is not repeated before a subnet can serve it, or the node asks for something
  // else.
  bool turned_away_ = false;
  bool out_of_quota_ = false;
  bool asking_ = false;  ///< its pool is low: attempts are counted
  bool told_ = false;    ///< its waiting pods have heard the cause
  SimTime asking_since_{};
  Duration interval_{};      ///< from one attempt to the next
  Ec2Calls calls_;           ///< of one attempt
  std::int64_t wanted_ = 0;  ///< units for a new interface
  std::optional<SubnetId> full_;
  Cause cause_ = Cause::subnet_exhausted;
};

}  // namespace cidrplan::aws
