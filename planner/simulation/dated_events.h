#pragma once

#include "planner/simulation/node_lifecycle.h"

namespace cidrplan {

/// What the scenario's dated events do when they come, and when those that last are over.
class DatedEvents {
 public:
  DatedEvents(World& world, NodeLifecycle& nodes) : world_(world), nodes_(nodes) {}

  void begin(const ClusterEvent& event);
  void end(const ClusterEvent& event);

 private:
  World& world_;
  NodeLifecycle& nodes_;
};

}  // namespace cidrplan
