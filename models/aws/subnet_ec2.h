#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "models/aws/ec2.h"
#include "models/aws/ec2_calls.h"
#include "models/aws/interface_placement.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan::aws {

/// Which addresses of the subnets are cooling: every release cools for the same time, so they end in the
/// order in which they began.
class CoolingLedger {
 public:
  CoolingLedger(SubnetSpace& space, Duration cooldown) : space_(space), cooldown_(cooldown) {}

  /// A pod's address cools from now on.
  void begin(SubnetId subnet, SimTime now) {
    space_.move(subnet, Hold::in_use, Hold::cooling);
    cooling_.emplace_back(end_of(now), subnet);
  }
  /// An address that cools since `released` leaves the pool.
  void forget(SubnetId subnet, SimTime released) { ++forgotten_[{end_of(released), subnet}]; }
  /// Addresses that have cooled count as idle.
  void advance(SimTime now);

 private:
  using Entry = std::pair<SimTime, SubnetId>;
  SimTime end_of(SimTime released) const { return released + cooldown_ + Duration{1}; }

  SubnetSpace& space_;
  Duration cooldown_;
  std::deque<Entry> cooling_;
  std::map<Entry, std::uint32_t> forgotten_;  // entries of `cooling_` that no longer count
};

/// One node's interfaces as EC2 has them.
struct NodeInterfaces {
  struct Interface {
    EniId eni{};
    SubnetId subnet{};
    std::uint32_t primary = 0;
    bool open = false;  ///< counted as able to take one more unit
  };

  NodeId node{};
  std::vector<SubnetId> for_new;      ///< where further interfaces may be created
  std::vector<Interface> interfaces;  ///< the primary one first
  std::uint32_t next_eni = 0;
  bool in_one_subnet = true;  ///< all interfaces so far, that of the first one
  SubnetId first_subnet{};

  void add(const Interface& interface);
  SubnetId subnet_of(EniId eni) const { return in_one_subnet ? first_subnet : look_up(eni); }

 private:
  SubnetId look_up(EniId eni) const;
};

/// EC2 over the simulation's subnets.
class SubnetEc2 final : public Ec2 {
 public:
  /// What a failed request would have needed of a subnet.
  struct Need {
    SubnetId subnet{};
    std::uint32_t singles = 0;
    std::uint32_t prefixes = 0;
  };

  SubnetEc2(SubnetSpace& space, CoolingLedger& ledger, const InterfacePlacement& placement)
      : space_(space), ledger_(ledger), placement_(placement) {}

  /// The node that asks from now on, with its datastore.
  void serve(NodeInterfaces& node, const Datastore& store, SimTime now);
  /// Calls since `serve`.
  const Ec2Calls& calls() const { return calls_; }
  /// Per subnet the smallest request since `serve` that failed.
  const std::vector<Need>& needs() const { return needs_; }
  bool quota_hit() const { return quota_hit_; }
  bool creation_failed() const { return creation_failed_; }
  /// Gives back all that a leaving node's interface has.
  void release_all(NodeInterfaces::Interface& held, const Eni& eni, bool is_primary);

  Ec2Error assign(EniId eni, UnitKind kind, int count, std::vector<UnitKey>& got) override;
  void unassign(EniId eni, std::span<const UnitKey> units) override;
  Ec2Error create(SubnetRef subnet, UnitKind kind, int count, Created& created,
                  std::vector<UnitKey>& got) override;
  Ec2Error attach(Created& created) override;
  void detach(EniId eni) override;
  void remove(EniId eni) override;
  void subnets_for_new_eni(std::vector<SubnetRef>& subnets) override;
  bool is_excluded(EniId eni) override;
  void attached(std::vector<AttachedEni>& enis) override;
  void describe(EniId) override { calls_.add(Ec2Action::describe_interfaces); }
  void describe_all() override { calls_.add(Ec2Action::describe_interfaces); }
  void tag(EniId) override { calls_.add(Ec2Action::create_tags); }
  void set_groups(EniId) override { calls_.add(Ec2Action::modify_interface); }

 private:
  Ec2Error take(SubnetId subnet, UnitKind kind, std::uint32_t count, std::vector<UnitKey>& got);
  void fail(const Need& need);
  void give_back(SubnetId subnet, const Unit& unit);

  SubnetSpace& space_;
  CoolingLedger& ledger_;
  const InterfacePlacement& placement_;
  NodeInterfaces* node_ = nullptr;
  const Datastore* store_ = nullptr;
  SimTime now_{};
  Ec2Calls calls_;
  std::vector<Need> needs_;
  bool quota_hit_ = false;
  bool creation_failed_ = false;
  std::vector<SubnetSpace::Ipv4> taken_;
};

}  // namespace cidrplan::aws
