#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "models/aws/ipamd.h"
#include "models/aws/subnet_ec2.h"
#include "planner/cluster/vpc.h"
#include "planner/ipam/ipam_model.h"

namespace cidrplan::aws {

struct VpcCniOptions {
  Settings settings;
  std::vector<Subnet> subnets;  ///< of the scenario, by SubnetId
};

/// The VPC CNI on every node: pods take addresses that the node's daemon has attached to its interfaces. A
/// node sleeps until its next check of the pool could decide something; the checks between, and the calls
/// that would fail again, are not made but counted.
class VpcCniModel final : public IpamModel {
 public:
  VpcCniModel(const VpcCniOptions& options, SubnetSpace& space);

  Admission add_node(const Node& node, SimTime now) override;
  void remove_node(NodeId node, SimTime now) override;
  Assignment assign(const PodRequest& request, SimTime now) override;
  void release(PodId pod, SimTime now) override;

  std::optional<SimTime> next_wakeup() const override;
  void wake(SimTime now, std::vector<NodeId>& gained) override;

  std::uint64_t freed() const override { return 0; }
  uint128 held() const override { return 0; }
  void report(UsageReport& report) override;
  std::string place_name(PlaceRef place) const override;

 private:
  struct NodeState {
    explicit NodeState(const PoolRules& rules) : ipamd(rules, false) {}

    Ipamd ipamd;
    NodeInterfaces interfaces;
    SimTime next_check{};          ///< the earliest moment of its next pool check; further ones every 5 s
    std::optional<SimTime> check;  ///< the check it is going to make
    std::optional<SimTime> due;    ///< when it is looked at next: that check, or an address that has cooled
    std::uint32_t waiting = 0;

    // A request that failed and is not repeated before a subnet can serve it, or the node asks for something
    // else.
    bool turned_away = false;
    bool out_of_quota = false;
    bool asking = false;  ///< its pool is low: attempts are counted
    SimTime asking_since{};
    Duration interval{};      ///< from one attempt to the next
    std::uint32_t calls = 0;  ///< of one attempt
    std::int64_t wanted = 0;  ///< units for a new interface
    std::optional<SubnetId> full;
    Cause cause = Cause::subnet_exhausted;
    bool told = false;  ///< its waiting pods have heard that cause
  };
  struct PodState {
    enum class Kind : std::uint8_t { unknown, waiting, served };
    Kind kind = Kind::unknown;
    NodeId node{};
    EniId eni{};
    std::uint32_t address = 0;
    SubnetId subnet{};
    std::uint16_t unit_hint = 0;
  };
  struct Due {
    SimTime at{};
    NodeId node{};
    friend bool operator>(const Due& a, const Due& b) { return a.at != b.at ? a.at > b.at : a.node > b.node; }
  };

  NodeState& state_of(NodeId node) { return *nodes_[index_of(node)]; }
  const PoolRules& rules_for(const Node& node);
  UnitKey unit_of(std::uint32_t address, const NodeState& node) const;
  void plan(NodeId id, NodeState& node, SimTime now);
  void set_due(NodeId id, NodeState& node, std::optional<SimTime> due);
  void drop_stale();
  void check_pool(NodeId id, NodeState& node, SimTime now);
  void note_growth(NodeId id, NodeState& node, bool grew, bool failed, SimTime now);
  void turn_away(NodeId id, NodeState& node, SimTime now);
  void follow_need(NodeState& node, SimTime now);
  void start_asking(NodeState& node, SimTime now);
  void stop_asking(NodeState& node, SimTime now);
  /// The node asks again at its next check.
  void ask_again(NodeState& node, SimTime now);
  SimTime first_check_at(const NodeState& node, SimTime at) const;
  void forget_refusal(NodeId id, NodeState& node, SimTime now);
  void ask_after_quota(SimTime now);
  void count_open(NodeState& node);
  void count_calls(std::uint64_t calls, SimTime now);
  std::optional<SimTime> first_cooled(const NodeState& node, SimTime now) const;
  bool has_free_address(const NodeState& node, SimTime now) const;
  Cause cause_of(const NodeState& node, SimTime now) const;
  PlaceRef place_of(NodeId id, const NodeState& node, Cause cause) const;

  VpcCniOptions options_;
  SubnetSpace& space_;
  CoolingLedger ledger_;
  SubnetEc2 ec2_;
  struct RulesOfShape {
    const InstanceLimits* limits = nullptr;
    int max_pods = 0;
    std::unique_ptr<PoolRules> rules;
  };
  std::vector<RulesOfShape> rules_;
  std::vector<std::unique_ptr<NodeState>> nodes_;  // by NodeId; none: gone, or never admitted
  std::vector<PodState> pods_;                     // by PodId
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // may hold entries that no longer count
  std::vector<NodeId> quota_waiters_;
  std::vector<NodeId> released_for_;
  std::vector<std::uint32_t> open_interfaces_;  // by SubnetId: those that could take one more unit
  std::vector<std::uint32_t> least_request_;    // by SubnetId: addresses of the smallest new interface
  SimTime last_call_{};

  std::int64_t further_interfaces_ = 0;
  std::int64_t turned_away_ = 0;
  std::int64_t hour_ = 0;
  std::uint64_t calls_this_hour_ = 0;
  std::uint64_t calls_last_hour_ = 0;
  std::int64_t standing_calls_per_hour_ = 0;  // attempts that are counted and not made
};

}  // namespace cidrplan::aws
