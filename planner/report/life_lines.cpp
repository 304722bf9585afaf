#include "planner/report/life_lines.h"

#include <algorithm>

namespace cidrplan {
namespace {

using F = HeldFigures;

bool ever(const Run& run, const std::function<bool(const OccupancyFigures&)>& shows) {
  return std::any_of(run.samples.begin(), run.samples.end(),
                     [&](const Snapshot& sample) { return sample.occupancy && shows(*sample.occupancy); });
}

/// Pieces that belong to a node.
uint128 owned(const HeldFigures& figures) {
  uint128 pieces = 0;
  for (std::size_t k = 0; k < figures.nodes_with.size(); ++k)
    pieces += k * static_cast<uint128>(figures.nodes_with[k]);
  return pieces;
}

/// A line of what is held; none in a sample in which nobody looked.
template <typename Get>
LifeLine held(std::string label, std::string heading, Get get, bool over_time = true) {
  return {
      std::move(label), std::move(heading),
      [get](const Snapshot& at, const F& figures) -> Cell { return at.occupancy ? get(figures) : Cell{}; },
      over_time};
}

}  // namespace

std::string used_word(const OccupancyReport& report) { return report.owned ? "in use" : "taken"; }

Cell count_cell(std::int64_t value) {
  return uint128{static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0))};
}

Cell ratio_cell(uint128 a, uint128 b, int digits) {
  const auto share = ratio(a, b, digits);
  return share ? Cell(*share) : Cell{};
}

std::vector<LifeLine> cluster_lines() {
  return {{"nodes", "nodes", [](const Snapshot& at, const F&) { return count_cell(at.nodes); }, false},
          {"pods with address", "pods",
           [](const Snapshot& at, const F&) { return count_cell(at.pods_with_address); }}};
}

std::vector<LifeLine> held_lines(const DesignLife& life) {
  const auto& report = life.holdings().report;
  const std::string pieces(report.pieces);
  const auto used = used_word(report);
  const auto count = [](std::int64_t F::*part) { return [part](const F& f) { return count_cell(f.*part); }; };
  const auto sum = [](uint128 F::*part) { return [part](const F& f) { return Cell(f.*part); }; };
  const auto filled = [](Fill fill) { return [fill](const F& f) { return count_cell(f.of(fill)); }; };
  std::vector<LifeLine> lines{held(pieces + " held", pieces, count(&F::pieces))};
  if (report.owned) {
    lines.push_back({"held by a node, on average", "a node",
                     [](const Snapshot& at, const F& figures) {
                       return at.occupancy ? ratio_cell(owned(figures), static_cast<uint128>(at.nodes))
                                           : Cell{};
                     },
                     false});
  }
  lines.push_back(held("full", "full", filled(Fill::full)));
  lines.push_back(held("pinned by one address", "pinned", filled(Fill::one)));
  lines.push_back(held("empty", "empty", filled(Fill::empty)));
  if (report.collected)
    lines.push_back(held("of them waiting for collection", "waiting", count(&F::waiting)));
  lines.push_back(held("addresses in " + pieces, "addresses", sum(&F::addresses)));
  lines.push_back(held(used, used, sum(&F::used)));
  if (ever(life.run(), [](const F& f) { return f.borrowed > 0; }))
    lines.push_back(held("borrowed", "borrowed", sum(&F::borrowed)));
  if (ever(life.run(), [](const F& f) { return f.kept > 0; }))
    lines.push_back(held("of no use to pods", "no use", sum(&F::kept), false));
  const std::string idle = report.owned ? "idle" : "free";
  lines.push_back(held(idle, idle, [](const F& f) { return Cell(f.idle()); }));
  lines.push_back(held("held per address " + used, "per used",
                       [](const F& f) { return ratio_cell(f.addresses, f.used); }));
  return lines;
}

Cell HeldPart::cell(const LifeLine& line, const Snapshot& sample) const {
  static const HeldFigures nothing;
  return line.cell(sample, sample.occupancy ? of(*sample.occupancy) : nothing);
}

const HeldFigures& HeldPart::of(const OccupancyFigures& figures) const {
  if (!family) return figures;
  return figures.in(*family);
}

std::vector<HeldPart> held_parts(const DesignLife& life) {
  const auto held = [&](Family family) {
    return ever(life.run(), [&](const OccupancyFigures& figures) { return figures.in(family).pieces > 0; });
  };
  if (!held(Family::ipv4) || !held(Family::ipv6)) return {{}};
  return {{"IPv4", Family::ipv4}, {"IPv6", Family::ipv6}};
}

}  // namespace cidrplan
