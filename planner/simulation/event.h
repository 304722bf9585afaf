#pragma once

#include <cstdint>

#include "planner/cluster/ids.h"
#include "planner/events/event_queue.h"

namespace cidrplan {

/// What goes first at one instant; a modelling decision: what ends makes room for what begins. Within a rank,
/// in order of scheduling.
enum class Rank : unsigned {
  ends = 0,  ///< pods end, addresses are given back
  node_removal = 1,
  model_work = 2,  ///< the allocator's own rounds
  node_addition = 3,
  curve = 4,  ///< daily counts, dated events
  rollout = 5,
  pod_start = 6,  ///< pods ask (again) for an address; new pods
  judgement = 7,  ///< what was not served by now is refused
  sample = 8,
};

/// A pod's slot may be used again, so events carry the generation they were meant for.
struct PodRef {
  PodId pod{};
  std::uint32_t generation = 0;  ///< below 2^24
};

enum class EventKind : std::uint8_t {
  // of a pod
  pod_ends,    ///< its lifetime is over
  pod_gone,    ///< its grace is over
  pod_asks,    ///< kubelet's back-off is over
  pod_judged,  ///< max_wait since its first attempt
  pod_ready,   ///< ready_after since it has its address, during a rollout
  // of a node
  node_judged,
  node_gone,
  node_aged,  ///< it reached replace_every
  nodes_retry,
  replacement_timeout,  ///< of a group; `more`: the batch
  new_day,
  event_begins,  ///< by its place in the scenario, like all that follow
  event_ends,
  subnet_opens,
  rollout_begins,  ///< of a workload
  job_arrives,     ///< of a batch
  take_sample,     ///< by its number
  take_start,
  measuring_begins,
};

/// What happens. One number of eight bytes: every pod that lives has an event in the queue, and what was just
/// written in parts is slow to copy as a whole.
class Event {
 public:
  static constexpr std::uint32_t most_more = (1u << 24) - 1;

  Event() = default;
  /// @pre more <= most_more
  Event(EventKind kind, std::uint32_t subject = 0, std::uint32_t more = 0)
      : bits_(static_cast<std::uint64_t>(kind) << 56 | static_cast<std::uint64_t>(more) << 32 | subject) {}
  Event(EventKind kind, PodRef ref) : Event(kind, static_cast<std::uint32_t>(ref.pod), ref.generation) {}
  Event(EventKind kind, NodeId node) : Event(kind, static_cast<std::uint32_t>(node)) {}

  EventKind kind() const { return static_cast<EventKind>(bits_ >> 56); }
  std::uint32_t subject() const { return static_cast<std::uint32_t>(bits_); }
  std::uint32_t more() const { return static_cast<std::uint32_t>(bits_ >> 32) & most_more; }
  PodRef pod() const { return {PodId{subject()}, more()}; }
  NodeId node() const { return NodeId{subject()}; }

 private:
  std::uint64_t bits_ = 0;
};

}  // namespace cidrplan
