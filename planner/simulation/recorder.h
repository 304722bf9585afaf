#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "planner/simulation/run.h"
#include "planner/simulation/simulate.h"
#include "planner/simulation/world.h"

namespace cidrplan {

/// Writes down what a life shows: samples, the peak, who was refused.
class Recorder {
 public:
  Recorder(World& world, Run& run, Detail detail) : world_(world), run_(run), detail_(detail) {}

  void begin_measuring();
  /// The first sample is the start too: at the first moment itself nodes are still filling.
  void take_start();
  void take_sample() { run_.samples.push_back(snapshot()); }
  /// The last thing at every instant.
  void end_of_instant();
  void finish();

  void served_late() { ++delayed_; }
  /// @param first_attempt  its time; before the start it counts as the start
  void refuse_pod(const Pod& pod, Cause cause, PlaceRef place);
  void refuse_node(const NodeState& node);

 private:
  Snapshot snapshot();
  void fill(Snapshot& snapshot);
  OccupancyReport occupancy() const;
  void keep_holdings();
  void refuse(SimTime first_attempt, Cause cause, PlaceRef place, std::string who);
  Place name(PlaceRef place) const;
  std::int64_t pods_wanted() const;
  void note_drains(std::optional<SubnetId> subnet);

  World& world_;
  Run& run_;
  Detail detail_;
  UsageReport report_;
  uint128 peak_held_ = 0;
  std::int64_t refused_ = 0;
  std::int64_t delayed_ = 0;
  bool drains_noted_ = false;
  std::map<std::pair<Cause, PlaceRef>, RefusalCount> refusals_;
};

}  // namespace cidrplan
