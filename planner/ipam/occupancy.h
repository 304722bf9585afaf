#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/ipam/place.h"
#include "planner/net/prefix.h"

namespace cidrplan {

/// How much of a held piece is used. `one` is an address that alone keeps the whole piece from others.
enum class Fill : std::uint8_t { empty, one, third, two_thirds, most, full };
inline constexpr std::size_t fill_count = 6;
Fill fill_of(uint128 used, uint128 size);
/// "empty", "one address", "up to 1/3", "up to 2/3", "below full", "full"
std::string_view to_string(Fill fill);

/// What a design takes out of a range in one piece: a Calico block, a node's range, a /28 of a subnet.
struct Holding {
  static constexpr std::uint32_t no_owner = UINT32_MAX;

  uint128 number = 0;              ///< which piece of the range, from 0
  uint128 used = 0;                ///< addresses in use; of a subnet's /28: taken
  uint128 borrowed = 0;            ///< of those: by pods of other nodes than the owner
  std::uint32_t kept = 0;          ///< addresses that no pod can use
  std::uint32_t owner = no_owner;  ///< NodeId
  bool waiting = false;            ///< empty, and its owner will lose it when a timer ends
};

/// One pool, cluster range or subnet, cut into pieces of one size.
struct HeldRange {
  PlaceRef place;
  Prefix cidr;
  int piece_length = 0;           ///< prefix length of a piece
  std::vector<Holding> holdings;  ///< held pieces, ascending

  uint128 pieces() const { return cidr.count_of(piece_length); }
  uint128 piece_size() const { return cidr.child(piece_length, 0).size(); }
  Fill fill(const Holding& holding) const { return fill_of(holding.used, piece_size() - holding.kept); }
};

/// How full is what a design holds, piece by piece. Made on demand: it walks everything.
struct OccupancyReport {
  std::string_view piece;   ///< "block"
  std::string_view pieces;  ///< "blocks"
  bool owned = false;       ///< pieces belong to nodes
  bool collected = false;   ///< empty ones may wait for their collection
  std::vector<HeldRange> ranges;

  bool empty() const { return ranges.empty(); }
};

/// Held pieces in sums.
struct HeldFigures {
  std::int64_t pieces = 0;
  uint128 addresses = 0;  ///< in them
  uint128 used = 0;
  uint128 kept = 0;  ///< addresses nobody can use
  uint128 borrowed = 0;
  std::int64_t waiting = 0;                     ///< pieces
  std::array<std::int64_t, fill_count> fill{};  ///< pieces by Fill
  std::vector<std::int64_t> nodes_with;  ///< [k] nodes that own k pieces, k from 1; empty without owners

  std::int64_t of(Fill which) const { return fill[static_cast<std::size_t>(which)]; }
  uint128 idle() const { return addresses - used - kept; }
};

/// An OccupancyReport in sums: those of both families together, and of each.
struct OccupancyFigures : HeldFigures {
  HeldFigures ipv4, ipv6;

  const HeldFigures& in(Family family) const { return family == Family::ipv4 ? ipv4 : ipv6; }
};
OccupancyFigures figures_of(const OccupancyReport& report);

}  // namespace cidrplan
