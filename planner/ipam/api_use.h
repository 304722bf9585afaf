#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "planner/cluster/api_buckets.h"
#include "planner/events/sim_time.h"

namespace cidrplan {

/// Calls of one action of the provider's API over a life. They are counted and never held back: what finds
/// the bucket empty is said beside it.
struct ApiUse {
  std::string_view action;  ///< lives as long as the program
  ApiBucket bucket;
  std::int64_t busiest_hour = 0;         ///< the most calls of one hour
  SimTime busiest_from{};                ///< when that hour began
  std::int64_t beyond = 0;               ///< calls that found no token
  Duration longest_wait{};               ///< for a token, if those without one wait their turn
  std::optional<SimTime> first_without;  ///< when first a call found no token
};

}  // namespace cidrplan
