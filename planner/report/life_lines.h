#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "planner/report/design_life.h"
#include "planner/report/report.h"

namespace cidrplan {

/// What a row or a column tells of a sample.
struct LifeLine {
  std::string label;
  std::string heading;  ///< where it is a column
  std::function<Cell(const Snapshot&, const HeldFigures&)> cell;
  bool over_time = true;
};
/// Of the cluster.
std::vector<LifeLine> cluster_lines();
/// Of what is held.
std::vector<LifeLine> held_lines(const DesignLife& life);

/// Whose figures a line tells. The families are never added up: beside 2^64 addresses nobody would see the
/// others.
struct HeldPart {
  std::string word;              ///< "IPv4", "IPv6"; empty: there is no other
  std::optional<Family> family;  ///< none: all there is

  Cell cell(const LifeLine& line, const Snapshot& sample) const;
  const HeldFigures& of(const OccupancyFigures& figures) const;
};
/// Each family, where the life has held pieces of both.
std::vector<HeldPart> held_parts(const DesignLife& life);

/// "in use"; of a /28 nobody knows whether its addresses are, so they are "taken".
std::string used_word(const OccupancyReport& report);

Cell count_cell(std::int64_t value);
Cell ratio_cell(uint128 a, uint128 b, int digits = 2);

}  // namespace cidrplan
