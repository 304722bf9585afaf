#pragma once

#include <cstdint>
#include <vector>

#include "planner/ipam/model_spec.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// What chance and replacement add or take away: `mean` leaves them out, `least` and `most` go beyond what a
/// life will show.
enum class Side : std::uint8_t { least, mean, most };

/// Pods of one workload or batch at a moment.
struct OwnerLoad {
  const std::vector<GroupId>* groups = nullptr;
  Placement placement = Placement::spread;
  std::int64_t live = 0;
  std::int64_t terminating = 0;
  Families families;
  PodNeed need = PodNeed::slot;
  NamespaceId in_namespace{};

  std::int64_t all() const { return live + terminating; }
};

/// Of all workloads, then of all batches, as the scenario's curves and events have them.
std::vector<OwnerLoad> owner_loads(const Scenario& scenario, const ModelFactory& factory, SimTime time,
                                   Side side);

}  // namespace cidrplan
