#pragma once

#include <cstdint>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/workload.h"
#include "planner/events/random_streams.h"
#include "planner/ipam/id_set.h"

namespace cidrplan {

/// The nodes of one set of node groups that have a free pod slot, ready for each policy's question. Nodes are
/// known by their number, which is the order in which they joined.
class PlacementIndex {
 public:
  void add(NodeId node, std::uint32_t bound, std::uint32_t slots);
  void remove(NodeId node, std::uint32_t bound, std::uint32_t slots);
  /// A pod came to or left the node.
  void change(NodeId node, std::uint32_t bound_before, std::uint32_t bound_after, std::uint32_t slots);

  bool full() const { return open_ == 0; }

  // Which node a pod goes to. @pre not full
  NodeId fewest_pods() const;
  NodeId fullest() const;
  /// @param draw  64 uniform bits
  NodeId any(std::uint64_t draw) const;

 private:
  std::vector<IdSet> by_bound_;       ///< [pods bound] nodes with a free slot
  std::uint32_t open_ = 0;            ///< nodes with a free slot
  mutable std::uint32_t lowest_ = 0;  ///< no node with fewer pods than this
};

}  // namespace cidrplan
