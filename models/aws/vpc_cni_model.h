#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "models/aws/cni_node.h"
#include "models/aws/node_mode.h"
#include "models/aws/vpc_cni_options.h"
#include "models/aws/vpc_side.h"

namespace cidrplan::aws {

/// The VPC CNI on every node: wakes each when it has something to decide, and passes on what subnets give
/// back.
class VpcCniModel final : public IpamModel {
 public:
  /// @param seed  of random walks
  VpcCniModel(const VpcCniOptions& options, SubnetSpace& space, std::uint64_t seed = 0);

  Admission add_node(const Node& node, SimTime now) override;
  void remove_node(NodeId node, SimTime now) override;
  Assignment assign(const PodRequest& request, SimTime now) override;
  void release(PodId pod, SimTime now) override;
  void expect_release(PodId pod, Ahead ahead) const override;

  SimTime next_wakeup() const override;
  void wake(SimTime now, std::vector<NodeId>& gained) override;

  std::uint64_t freed() const override { return 0; }
  uint128 held() const override { return 0; }
  void report(UsageReport& report) override;
  std::vector<ApiUse> api_use(SimTime now) const override;
  PoolDemand pool_demand() const override { return vpc_.drawn; }
  std::vector<DrainGain> drains(SubnetId subnet) const override;
  std::string place_name(PlaceRef place) const override;

 private:
  struct NodeSlot {
    std::unique_ptr<CniNode> node;      ///< none: gone, never admitted, or without a trunk
    SimTime queued = SimTime::never();  ///< the entry of `due_` that counts
  };
  struct PodState {
    enum class Kind : std::uint8_t { unknown, waiting, served };
    Kind kind = Kind::unknown;
    Lack lacked = Lack::none;  ///< while it waits, where pools are measured
    NodeId node{};             ///< a key
    PodHolding holding;
  };
  struct Due {
    SimTime at{};
    NodeId node{};
    friend bool operator>(const Due& a, const Due& b) { return a.at != b.at ? a.at > b.at : a.node > b.node; }
  };

  NodeSlot& slot_of(NodeId key);
  CniNode& node_of(NodeId key) { return *slot_of(key).node; }
  NodeId key_of(const PodRequest& request);
  void add_trunk(const Node& node, const std::vector<SubnetId>& for_new, SimTime now);
  const NodeMode& mode_of(const Node& node);
  void begin(SimTime now);
  Lack count_lack(CniNode& node, Lack before, SimTime now);
  void reschedule(CniNode& node);
  void drop_stale();
  void ask_after_quota(SimTime now);

  VpcCniOptions options_;
  VpcSide vpc_;
  struct ModeOfShape {
    NodeShape shape;
    std::unique_ptr<NodeMode> mode;
  };
  std::vector<ModeOfShape> modes_;
  std::vector<NodeSlot> nodes_;                                     // by NodeId
  std::vector<NodeSlot> trunks_;                                    // by NodeId
  std::vector<NodeSlot> fargate_;                                   // by profile
  std::vector<PodState> pods_;                                      // by PodId
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;  // may hold entries that no longer count
  std::vector<NodeId> released_for_;
  SimTime last_call_{};
};

}  // namespace cidrplan::aws
