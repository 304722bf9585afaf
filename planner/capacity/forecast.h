#pragma once

#include <optional>
#include <span>
#include <vector>

#include "planner/simulation/run.h"

namespace cidrplan {

/// One observation: addresses held at a moment.
struct HeldAt {
  SimTime at{};
  double held = 0;
};

/// A straight line through observations, and how sure it is.
struct Trend {
  double at_start = 0;  ///< addresses at SimTime 0
  double per_day = 0;
  double residual = 0;     ///< standard deviation of what the line leaves, addresses
  double slope_error = 0;  ///< standard error of per_day
};

/// Least squares (QR). None with fewer than three observations, or all at one moment.
std::optional<Trend> fit_trend(std::span<const HeldAt> observations);

/// When a range of that capacity is full by trend: the date, and the dates for two standard errors more or
/// less growth. None: it does not grow, or not within 100 years.
struct FullBy {
  std::optional<SimTime> expected, earliest, latest;
};
FullBy full_by(const Trend& trend, double capacity);

/// What row `row` of a run held at its samples; the start of the run left out where it had not settled.
std::vector<HeldAt> held_over_time(const Run& run, std::size_t row);

}  // namespace cidrplan
