#include "planner/ipam/occupancy.h"

#include <algorithm>

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

OccupancyFigures figures_of(const OccupancyReport& report) {
  OccupancyFigures figures;
  std::vector<std::uint32_t> owners;
  for (const auto& range : report.ranges) {
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

}  // namespace cidrplan
