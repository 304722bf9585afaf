#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <vector>

#include "models/calico/ids.h"
#include "planner/cluster/ids.h"

namespace cidrplan::calico {

/// Pods without an address, lined up by the pools that could serve them, and which nodes to wake when
/// something comes free there.
///
/// A pod joins a line because nothing was left in its pools. What comes free afterwards is a credit of the
/// line: so many nodes are called from its front as have pods for it. A pod that is called and finds nothing
/// shows that there is no credit, and its node goes to the back; one that is served passes the call on, as
/// there may be more. So none is left behind, and a free address does not wake them all.
class WaitingPods {
 public:
  using Line = std::uint16_t;
  static constexpr Line own_blocks = 0;   ///< only an address of the node's own blocks helps
  static constexpr Line no_pool_yet = 1;  ///< only a further pool helps

  /// @param whole_blocks  strict affinity: a credit is a block, and serves one node
  explicit WaitingPods(bool whole_blocks) : whole_blocks_(whole_blocks), lines_(2) {}

  /// The line of those that may use these pools.
  Line line_of(std::span<const PoolId> pools);

  void join(Line line, NodeId node);
  /// It asks, or is gone without asking.
  enum class Leaves : bool { asks, gone };
  void leave(Line line, NodeId node, Leaves how);

  /// One that had left to ask has its address.
  void served(Line line);

  /// Addresses of blocks that any node may use, or blocks.
  void freed(PoolId pool, std::uint64_t credit);
  /// An address of the node's own blocks.
  void freed_for(NodeId node);
  /// There is a further pool: all ask again.
  void call_all();

  bool empty() const { return waiting_ == 0; }
  bool has_called() const { return !called_.empty(); }
  /// Appends the nodes called since the last time, where pods still wait.
  void take_called(std::vector<NodeId>& nodes);

 private:
  struct Queue {
    std::vector<PoolId> pools;
    std::deque<NodeId> nodes;
    std::uint64_t credit = 0;
  };
  struct Entry {
    Line line = 0;
    bool queued = false;
    std::uint32_t pods = 0;
  };
  struct Node {
    std::vector<Entry> entries;
    std::uint32_t pods = 0;
    bool called = false;
  };

  Node& node(NodeId id);
  Entry& entry(Line line, NodeId id);
  void call(NodeId id);
  void serve(Line line);

  bool whole_blocks_ = false;
  std::vector<Queue> lines_;
  std::map<std::vector<PoolId>, Line> known_;
  std::vector<Node> nodes_;  // by NodeId
  std::vector<NodeId> called_;
  std::uint64_t waiting_ = 0;
};

}  // namespace cidrplan::calico
