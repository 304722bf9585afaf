#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/workload.h"
#include "planner/events/random_streams.h"
#include "planner/ipam/id_set.h"
#include "planner/net/contract.h"

namespace cidrplan {

/// The nodes of one set of node groups that have a free pod slot, ready for each policy's question. Nodes are
/// known by their number, which is the order in which they joined.
class PlacementIndex {
 public:
  struct Load {
    std::uint32_t bound = 0;
    std::uint32_t slots = 0;
  };

  void add(NodeId node, Load load) {
    if (load.bound >= load.slots) return;
    if (by_bound_.size() <= load.bound) by_bound_.resize(load.bound + 1);
    by_bound_[load.bound].insert(static_cast<std::uint32_t>(node));
    lowest_ = std::min(lowest_, load.bound);
    ++open_;
  }
  /// @param load  as when it was added
  void remove(NodeId node, Load load) {
    if (load.bound >= load.slots) return;
    by_bound_[load.bound].erase(static_cast<std::uint32_t>(node));
    --open_;
  }
  /// A pod came to or left the node.
  void change(NodeId node, Load before, Load after) {
    remove(node, before);
    add(node, after);
  }

  bool full() const { return open_ == 0; }

  // Which node a pod goes to. @pre not full
  NodeId fewest_pods() const {
    CIDRPLAN_EXPECTS(open_ > 0);
    while (by_bound_[lowest_].empty()) ++lowest_;
    return NodeId{by_bound_[lowest_].first()};
  }
  NodeId fullest() const;
  /// @param draw  64 uniform bits
  NodeId any(std::uint64_t draw) const;

 private:
  std::vector<IdSet> by_bound_;       ///< [pods bound] nodes with a free slot
  std::uint32_t open_ = 0;            ///< nodes with a free slot
  mutable std::uint32_t lowest_ = 0;  ///< no node with fewer pods than this
};

}  // namespace cidrplan
