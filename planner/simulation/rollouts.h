#pragma once

#include "planner/simulation/pod_lifecycle.h"

namespace cidrplan {

/// How many pods an owner has, and rolling updates as the Deployment controller makes them.
/// @source kubernetes/kubernetes pkg/controller/deployment/rolling.go
class Rollouts {
 public:
  Rollouts(World& world, PodLifecycle& pods) : world_(world), pods_(pods) {}

  /// All present pods become old and are replaced step by step.
  void begin(Owner& owner);
  /// A new pod has been ready long enough.
  void ready(PodId pod);
  /// Creates or deletes what the owner has too few or too many of.
  void reconcile(Owner& owner);

 private:
  void step(Owner& owner);
  void delete_old(Owner& owner, std::int64_t unavailable);

  World& world_;
  PodLifecycle& pods_;
};

}  // namespace cidrplan
