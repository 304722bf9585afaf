#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/net/prefix_set.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/run.h"

namespace cidrplan {

/// One subnet of the plan that a network team signs.
struct SubnetAllocation {
  SubnetId subnet{};
  uint128 total = 0;
  uint128 reserved = 0;  ///< by the provider
  uint128 usable = 0;
  uint128 planned_peak = 0;           ///< the most it held at any sample or at the peak, of all runs
  std::optional<SimTime> first_full;  ///< nothing available, or first refusal there

  uint128 headroom() const { return usable > planned_peak ? usable - planned_peak : 0; }
};

/// One row a subnet, in the scenario's order; the peak is the largest of any of the runs.
std::vector<SubnetAllocation> allocate(const Scenario& scenario, const std::vector<const Run*>& runs);

/// VPC space that no subnet and no range of any design takes.
PrefixSet free_vpc_space(const Scenario& scenario);

/// Where a further subnet of that length could lie: the lowest aligned place in free VPC space. None when
/// there is none.
std::optional<Prefix> place_for_subnet(const Scenario& scenario, int length);

}  // namespace cidrplan
