#pragma once

#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "models/calico/allocator.h"
#include "models/calico/block_ledger.h"
#include "models/calico/calico_options.h"
#include "models/calico/collector.h"
#include "models/calico/pool_selection.h"
#include "models/calico/waiting_pods.h"
#include "planner/events/random_streams.h"
#include "planner/ipam/ipam_model.h"

namespace cidrplan::calico {

/// Calico IPAM as a design: the allocator decides, the collector takes back, and this class plays the parts
/// of the CNI plugin and the node agent. A place of kind pool is a pool, by its place in the design.
class CalicoModel final : public IpamModel {
 public:
  CalicoModel(const CalicoOptions& options, std::uint64_t seed);

  Admission add_node(const Node& node, SimTime now) override;
  void remove_node(NodeId node, SimTime now) override;
  Assignment assign(const PodRequest& request, SimTime now) override;
  void release(PodId pod, SimTime now) override;
  void expect_release(PodId pod, Ahead ahead) const override;

  SimTime next_wakeup() const override;
  void wake(SimTime now, std::vector<NodeId>& gained) override;

  std::uint64_t freed() const override { return freed_; }
  uint128 held() const override { return ledger_.held(); }
  void report(UsageReport& report) override;
  void occupancy(OccupancyReport& report) const override;
  std::string place_name(PlaceRef place) const override { return options_.pools.at(place.index).pool.name; }

  const Allocator& allocator() const { return allocator_; }

 private:
  static constexpr NodeId no_node{0xffff'ffff};

  struct NodeState {
    HostId host = no_host;
    GroupId group{};
    bool windows = false;
    bool present = false;
    std::uint8_t tunnels_held = 0;  // bits, by Tunnel
    /// A handle is named for node and tunnel, so a node that asks again uses it again.
    std::array<HandleId, std::size(all_tunnels)> tunnels{no_handle, no_handle, no_handle, no_handle,
                                                         no_handle};
  };
  /// Kept small: a large cluster has hundreds of thousands of them.
  class PodState {
   public:
    enum class Kind : std::uint8_t { unknown, waiting, served };

    static PodState served(HandleId handle, BlockId block) {
      return {Kind::served, static_cast<std::uint32_t>(handle), static_cast<std::uint32_t>(block)};
    }
    static PodState waiting(NodeId node, WaitingPods::Line line) {
      return {Kind::waiting, static_cast<std::uint32_t>(node), line};
    }
    PodState() = default;

    Kind kind() const { return static_cast<Kind>(kind_); }
    HandleId handle() const { return static_cast<HandleId>(subject_); }
    /// One of those its addresses lie in.
    BlockId block() const { return static_cast<BlockId>(where_); }
    NodeId node() const { return static_cast<NodeId>(subject_); }
    WaitingPods::Line line() const { return static_cast<WaitingPods::Line>(where_); }

   private:
    PodState(Kind kind, std::uint32_t subject, std::uint32_t where)
        : subject_(subject), where_(where & 0x3fff'ffffu), kind_(static_cast<std::uint32_t>(kind) & 3u) {}

    std::uint32_t subject_ = 0;  // handle or node
    std::uint32_t where_ : 30 = 0;
    std::uint32_t kind_ : 2 = 0;
  };
  /// One address that somebody wants.
  struct Wish {
    NodeId node{};
    Family family = Family::ipv4;
    Use use = Use::workload;
    std::span<const Prefix> pools;
    LabelsId namespace_labels = no_labels;
  };
  /// Why there is none, and who may change that.
  struct Shortfall {
    Cause cause{};
    PlaceRef place;
    WaitingPods::Line line = 0;
    bool by_error = false;    ///< AutoAssign failed, in place of assigning too few
    bool impossible = false;  ///< until there is a further pool
    bool retries = false;     ///< asking again changes something by itself
  };
  /// What a node's pod was told that got no address. While nothing is written, the next one is told the same.
  struct Refused {
    NodeId node = no_node;
    Family family = Family::ipv4;
    LabelsId namespace_labels = no_labels;
    std::uint64_t writes = 0;
    std::uint64_t pools_revision = 0;
    SimTime at{};
    Shortfall why;
  };
  /// A block in which something comes free by the passing of time.
  struct Ripening {
    SimTime at;
    BlockId block = no_block;

    friend auto operator<=>(const Ripening&, const Ripening&) = default;
  };

  // calico_model.cpp: the start, time, and what changes
  void begin(SimTime now);
  void catch_up(SimTime now);
  void open_due_pools(SimTime now);
  void hold(const HeldBlocks& held, const PoolPlan& plan, SimTime before);
  void ripen(SimTime now);
  /// Takes in what an operation changed.
  void settle(SimTime now);
  bool settle_pod(SimTime now);
  void read(const ChangeLog& log);
  void read(const BlockChange& change);
  /// Only how many of its addresses are free has changed, and none of what counts blocks.
  bool is_steady(const Block& block, const BlockState& before) const;
  void read_steady(const Block& block, const BlockState& before);
  void emptied(BlockId block);
  void came_free(PoolId pool, HostId owner, std::uint32_t addresses);
  PlaceRef pool_place(PoolId pool) const;

  // calico_nodes.cpp
  std::optional<Admission> start_agent(NodeId node, SimTime now);
  std::optional<Shortfall> take_tunnel(Tunnel tunnel, NodeId node, SimTime now);
  void reconcile_tunnels(SimTime now);
  void give_up(NodeId node, SimTime now);
  Labels labels_of(const Node& node) const;

  // calico_pods.cpp
  std::optional<Shortfall> ask(const PodRequest& request, Family family, HandleId handle, SimTime now,
                               Address& got);
  Shortfall explain(const Wish& wish);
  bool still_refused(const Refused& last, const PodRequest& request, const AutoAssignRequest& wanted,
                     SimTime now) const;
  bool own_blocks_cool(HostId host, Family family, std::span<const PoolId> pools) const;
  Assignment keep_waiting(const PodRequest& request, HandleId handle, const Shortfall& missing, SimTime now);

  // calico_occupancy.cpp
  Holding holding_of(BlockId block) const;
  std::uint32_t borrowed_from(BlockId block) const;

  // calico_report.cpp
  bool may_claim(std::size_t pool) const;
  bool may_borrow(std::size_t pool) const;
  Usage usage_of(std::size_t pool);
  void add_measures(UsageReport& report);

  CalicoOptions options_;
  Allocator allocator_;
  BlockLedger ledger_{allocator_};
  ChangeLog log_;
  std::unique_ptr<Collector> collector_;  // from the first call on
  WaitingPods waiting_;
  RandomStream leak_draws_;
  std::uint64_t releases_ = 0;

  std::vector<PoolId> pool_ids_;  // by place in the design; no_pool: not there yet
  SimTime next_opening_ = SimTime::never();
  std::vector<uint128> reserved_;  // addresses of each pool that reservations cover
  std::vector<LabelsId> namespace_labels_;
  bool selectors_name_hosts_ = false;
  std::vector<NodeState> nodes_;      // by NodeId
  std::vector<NodeId> node_of_host_;  // by HostId
  Slab<PodState> pods_;               // by PodId
  std::uint64_t nodes_present_ = 0;
  bool node_refused_ = false;  // the last one that came

  std::set<HandleId> orphans_;  // of lost releases and removed nodes, until their addresses are free
  std::uint64_t handles_in_use_ = 0;
  std::set<Ripening> ripening_;   // empty blocks too young to be taken over
  std::deque<Ripening> cooling_;  // in order of time
  std::deque<std::pair<SimTime, NodeId>> to_retry_;
  std::uint64_t freed_ = 0;
  SimTime last_call_{};

  std::array<Refused, 64> refused_;  // the last one of each node, or of another with its place

  // Kept for their memory.
  AutoAssignAnswer answer_;
  PoolSelection selection_;
};

}  // namespace cidrplan::calico
