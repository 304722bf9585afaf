#pragma once

#include "planner/simulation/pod_lifecycle.h"

namespace cidrplan {

/// A node from the decision to add it to its last trace, and how many of them a group has.
class NodeLifecycle {
 public:
  NodeLifecycle(World& world, PodLifecycle& pods, Recorder& recorder)
      : world_(world), pods_(pods), recorder_(recorder) {}

  /// The nodes of the first moment: counts as given, or enough for the pods wanted.
  void add_first_nodes();
  /// Fixed groups to their counts; "auto" groups by what waits unbound.
  void look_at_counts();
  /// Once a day: fixed counts follow their curves, "auto" groups give up what was spare for a day.
  void new_day();
  /// Refused nodes try again, in order; a group stops at its first refusal.
  void retry_refused();
  bool any_refused() const { return world_.pending_nodes > 0; }

  void leave(NodeId node);
  void finish(NodeId node);
  void judge(NodeId node);
  void zone_outage(ZoneId zone);
  void node_outage(GroupId group, std::int64_t nodes);
  void remove_group(GroupId group);

  /// Queues nodes for replacement and begins if the group is idle.
  void replace(GroupId group, std::vector<NodeId> nodes, std::int64_t surge);
  /// The pods of the batch in hand have addresses again, or enough time has passed.
  void batch_done(GroupId group);

 private:
  bool add(GroupId group, bool replacement = false);
  bool try_join(NodeId node);
  bool take_place(NodeState& node);
  void joined(NodeState& node);
  void refused(NodeState& node, Cause cause, PlaceRef place);
  void drop_pending(GroupState& group, NodeId node);
  void drain(GroupId group);
  void next_batch(GroupId group);
  std::optional<std::size_t> zone_for(GroupId group) const;
  std::optional<SubnetId> subnet_for(const NodeGroup& spec, ZoneId zone) const;
  std::int64_t pods_on(const GroupState& group, bool own_interface) const;
  std::vector<NodeId> emptiest(const GroupState& group) const;
  void shrink(GroupState& group, std::int64_t nodes);

  World& world_;
  PodLifecycle& pods_;
  Recorder& recorder_;
};

}  // namespace cidrplan
