#pragma once

#include <cstdint>
#include <variant>

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
  std::uint32_t generation = 0;
};

struct PodEnds {
  PodRef pod;
};  ///< its lifetime is over
struct PodGone {
  PodRef pod;
};  ///< its grace is over
struct PodAsks {
  PodRef pod;
};  ///< kubelet's back-off is over
struct PodJudged {
  PodRef pod;
};  ///< max_wait since its first attempt
struct PodReady {
  PodRef pod;
};  ///< ready_after since it has its address, during a rollout
struct NodeJudged {
  NodeId node;
};
struct NodeGone {
  NodeId node;
};
struct NodeAged {
  NodeId node;
};  ///< it reached replace_every
struct NodesRetry {};
struct ReplacementTimeout {
  GroupId group;
  std::uint32_t batch = 0;
};
struct NewDay {};
struct DatedEvent {
  std::uint32_t index = 0;
  bool ends = false;
};
struct SubnetOpens {
  SubnetId subnet;
};
struct RolloutBegins {
  std::uint32_t workload = 0;
  std::uint32_t number = 1;
};
struct JobArrives {
  std::uint32_t batch = 0;
};
struct TakeSample {
  std::uint32_t number = 0;
};
struct TakeStart {};
struct MeasuringBegins {};

using Event = std::variant<PodEnds, PodGone, PodAsks, PodJudged, PodReady, NodeJudged, NodeGone, NodeAged,
                           NodesRetry, ReplacementTimeout, NewDay, DatedEvent, SubnetOpens, RolloutBegins,
                           JobArrives, TakeSample, TakeStart, MeasuringBegins>;

}  // namespace cidrplan
