#pragma once

#include "planner/simulation/recorder.h"
#include "planner/simulation/world.h"

namespace cidrplan {

/// A pod from its creation to the return of its address.
class PodLifecycle {
 public:
  PodLifecycle(World& world, Recorder& recorder) : world_(world), recorder_(recorder) {}

  /// Creates one pod of the owner and places it; without a free slot it waits unbound.
  void create(Owner& owner);
  /// Creates a daemonset's pod on its node, slot or not.
  void create_on(Owner& owner, NodeId node);
  /// Places waiting unbound pods, oldest first, while a node of their groups has a slot.
  void bind_waiting(GroupSet& set);
  /// Asks the model for an address, for a pod that has a node and none yet.
  void ask(PodId pod);
  /// The model says that this node may have gained an address: its waiting pods ask when their back-off is
  /// over.
  void node_gained(NodeId node);

  /// Deletes the pod: it leaves its owner at once, its address after its grace.
  void remove(PodId pod);
  /// Of the owner's pods the one a scale-down takes: without address first, then the youngest (or the
  /// oldest).
  PodId victim(const Owner& owner, const PodList& list, bool oldest) const;
  /// Its grace is over: address and slot are free.
  void finish(PodId pod);
  /// Refuses the pod if it still waits.
  void judge(PodId pod);

 private:
  void place(PodId pod);
  /// @pre a node of its groups takes further pods
  NodeId choose_node(const Owner& owner, std::uint64_t serial);
  void bind(PodId pod, NodeId node);
  void unbind(PodId pod);
  void change_bound(NodeState& node, PodNeed need, int by, bool open);
  void granted(PodId pod);
  void kept_waiting(PodId pod, const Assignment& answer);
  void settle(Pod& pod);
  void take_credit(Owner& owner, Pod& pod);
  void schedule_judgement(PodId pod);
  std::pair<Cause, PlaceRef> why_unbound(const Owner& owner) const;
  bool lacks_interfaces(const Owner& owner) const;

  World& world_;
  Recorder& recorder_;
};

}  // namespace cidrplan
