#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace cidrplan {

enum class PlaceKind : std::uint8_t { subnet, pool, node_range, node, node_group, vpc };
/// subnet, pool, node-range, node, node-group, vpc
std::string_view to_string(PlaceKind kind);

/// A place as the running simulation names it: without text. `index` is a SubnetId, NodeId or GroupId; for
/// `pool` and `node_range` the model's own number, which IpamModel::place_name turns into text; 0 for `vpc`.
struct PlaceRef {
  PlaceKind kind = PlaceKind::vpc;
  std::uint32_t index = 0;

  friend constexpr auto operator<=>(PlaceRef, PlaceRef) = default;
};

/// A place as a reader sees it: where the thing that ran out lives.
struct Place {
  PlaceKind kind = PlaceKind::vpc;
  std::string name;
  std::string zone;  ///< empty where none applies

  friend auto operator<=>(const Place&, const Place&) = default;
};

}  // namespace cidrplan
