#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/calico/ids.h"
#include "planner/events/sim_time.h"
#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// Which blocks nodes own, as far as the collector has heard, and since when the empty ones among them wait
/// for collection. A node keeps one block: nothing happens to its empty blocks while it has no other one, but
/// a timer that runs goes on.
/// @source projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go (releaseUnusedBlocks)
class EmptyBlocks {
 public:
  /// What to do about a block that is due.
  struct Actions {
    /// The node's blocks stay, and their timers are forgotten: it is being migrated from Flannel, or it is no
    /// Kubernetes node.
    std::function<bool(HostId)> exempt;
    /// Releases the affinity of an empty block; false where the block turned out to be in use.
    std::function<bool(const Prefix&, HostId)> release;
  };

  /// @param grace  none or 0: nothing is collected and no timer starts
  explicit EmptyBlocks(std::optional<Duration> grace) : grace_(grace.value_or(Duration{})) {}

  /// @param owner  no_host: no node owns it (nobody, or a virtual host)
  void hear(BlockId block, const Prefix& cidr, HostId owner, bool empty);
  void hear_deleted(BlockId block);

  /// Blocks of both families together.
  std::uint32_t blocks_of(HostId node) const {
    return slot_of(node) < nodes_.size() ? nodes_[slot_of(node)].blocks : 0;
  }
  HostId owner(BlockId block) const {
    return slot_of(block) < owners_.size() ? owners_[slot_of(block)] : no_host;
  }

  /// The next pass asks again whether the node is exempt.
  void ask_again(HostId node);

  /// One pass: starts timers and releases what has been empty for longer than the grace period. Of one node's
  /// blocks the last in Calico's order goes first, so the one it would try first stays.
  void collect(SimTime now, const Actions& actions);

  /// A pass after this moment (and not at it) releases something, unless something happens before.
  std::optional<SimTime> next_due() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->first + grace_;
  }
  /// Blocks whose timers the next pass starts.
  bool has_new() const { return !untimed_.empty(); }
  /// Whether one of the node's blocks goes as soon as the node has another one.
  bool waits_for_other_block(HostId node) const;
  /// Empty blocks of nodes.
  std::size_t size() const { return empty_.size(); }

  /// Blocks with a timer, and since when; in no order.
  template <typename Visit>
  void for_each_timer(Visit visit) const {
    for (const auto& [block, empty] : empty_)
      if (empty.since != SimTime::never()) visit(empty.cidr, empty.since);
  }

 private:
  enum class Wait : std::uint8_t {
    for_other_block,  // no timer, and it is its node's only block
    for_pass,         // no timer yet: in untimed_
    for_timer,        // in timers_
    when_due,         // its time was over when it was its node's only block
  };
  struct Empty {
    Prefix cidr;
    HostId node = no_host;
    SimTime since = SimTime::never();
    Wait wait = Wait::for_other_block;
  };
  struct Node {
    std::uint32_t blocks = 0;
    std::vector<BlockId> empty;
  };

  Node& node(HostId host);
  void own(BlockId block, HostId owner);
  void disown(BlockId block);
  void forget(BlockId block);
  void wake_up(BlockId block, Empty& empty);
  void add_unasked(std::vector<BlockId>& blocks);
  void visit(BlockId block, SimTime now, const Actions& actions);
  void sort_for_visit(std::vector<BlockId>& blocks) const;

  Duration grace_;
  std::vector<HostId> owners_;  // by block
  std::vector<Node> nodes_;
  std::unordered_map<BlockId, Empty> empty_;
  std::vector<HostId> ask_again_;
  std::vector<BlockId> untimed_;                  // may name blocks that wait for something else by now
  std::set<std::pair<SimTime, BlockId>> timers_;  // running, by start
};

}  // namespace cidrplan::calico
