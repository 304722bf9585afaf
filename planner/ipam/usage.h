#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "planner/ipam/place.h"
#include "planner/net/uint128.h"

namespace cidrplan {

/// Addresses of one pool or subnet, each counted once:
/// capacity = in_use + overhead + idle + cooling + unusable + available, at every moment.
struct Usage {
  uint128 capacity = 0;  ///< can be handed out after the provider's reserved ones
  uint128 in_use = 0;    ///< pods, nodes, tunnels and other consumers have them
  uint128 overhead =
      0;  ///< held for the design itself: further ENIs' primaries, gateway and broadcast, Windows-reserved
  uint128 idle = 0;       ///< held by a node, free for its next pod
  uint128 cooling = 0;    ///< released, not yet assignable
  uint128 unusable = 0;   ///< free, and yet no request of the design's size can have it
  uint128 available = 0;  ///< free for any node

  uint128 held() const { return in_use + overhead + idle + cooling; }
  bool adds_up() const { return held() + unusable + available == capacity; }
  Usage& operator+=(const Usage& other);

  friend constexpr bool operator==(const Usage&, const Usage&) = default;
};

struct UsageRow {
  PlaceRef place;
  Usage usage;
  uint128 borrowed = 0;             ///< part of in_use: out of another node's block
  uint128 borrowable = 0;           ///< part of idle: another node may borrow it
  std::uint32_t free_prefixes = 0;  ///< of a subnet: wholly free aligned /28s
  std::uint32_t held_prefixes = 0;  ///< of a subnet: /28s given out as such

  friend constexpr bool operator==(const UsageRow&, const UsageRow&) = default;
};

/// A figure special to a design. The names live as long as the program.
struct Measure {
  std::string_view name;   ///< snake_case, e.g. "routes_per_node", "blocks_held", "api_calls_per_hour"
  std::string_view label;  ///< for tables, e.g. "routes a node learns"
  std::int64_t value = 0;
};

/// What a design holds at one moment. Filled by SubnetSpace (subnet rows, in the scenario's order) and by the
/// model (its own pools and ranges, in a fixed order; measures). Reused between calls.
struct UsageReport {
  std::vector<UsageRow> rows;
  std::vector<Measure> measures;

  void clear() {
    rows.clear();
    measures.clear();
  }
};

}  // namespace cidrplan
