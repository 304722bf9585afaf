#include "planner/ipam/occupancy.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace cidrplan {

Fill fill_of(uint128 used, uint128 size) {
  if (used == 0) return Fill::empty;
  if (used >= size) return Fill::full;
  if (used == 1) return Fill::one;
  // In thirds without multiplying: a piece may have 2^127 addresses.
  if (used <= size / 3) return Fill::third;
  return used <= size - (size + 2) / 3 ? Fill::two_thirds : Fill::most;
}

std::string_view to_string(Fill fill) {
  switch (fill) {
    case Fill::empty:
      return "empty";
    case Fill::one:
      return "one address";
    case Fill::third:
      return "up to 1/3";
    case Fill::two_thirds:
      return "up to 2/3";
    case Fill::most:
      return "below full";
    case Fill::full:
      return "full";
  }
  return "";
}

namespace {

/// @param family  whose ranges count; none: all of them
HeldFigures sums_of(const OccupancyReport& report, std::optional<Family> family) {
  HeldFigures figures;
  std::vector<std::uint32_t> owners;
  for (const auto& range : report.ranges) {
    if (family && range.cidr.family() != *family) continue;
    const uint128 size = range.piece_size();
    for (const auto& holding : range.holdings) {
      ++figures.pieces;
      figures.addresses += size;
      figures.used += holding.used;
      figures.kept += holding.kept;
      figures.borrowed += holding.borrowed;
      figures.waiting += holding.waiting ? 1 : 0;
      ++figures.fill[static_cast<std::size_t>(range.fill(holding))];
      if (holding.owner != Holding::no_owner) owners.push_back(holding.owner);
    }
  }
  std::sort(owners.begin(), owners.end());
  for (auto first = owners.begin(); first != owners.end();) {
    const auto next = std::upper_bound(first, owners.end(), *first);
    const auto count = static_cast<std::size_t>(next - first);
    if (figures.nodes_with.size() <= count) figures.nodes_with.resize(count + 1);
    ++figures.nodes_with[count];
    first = next;
  }
  return figures;
}

}  // namespace

OccupancyFigures figures_of(const OccupancyReport& report) {
  auto ipv4 = sums_of(report, Family::ipv4);
  auto ipv6 = sums_of(report, Family::ipv6);
  if (ipv6.pieces == 0) return {ipv4, ipv4, {}};
  if (ipv4.pieces == 0) return {ipv6, {}, ipv6};
  return {sums_of(report, std::nullopt), std::move(ipv4), std::move(ipv6)};
}

}  // namespace cidrplan
