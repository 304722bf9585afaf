#include "planner/capacity/forecast.h"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>

namespace cidrplan {
namespace {

constexpr double day_ms = 86'400'000;
constexpr double horizon_days = 36'525;

std::optional<SimTime> reached(const Trend& trend, double per_day, double capacity) {
  if (per_day <= 0) return std::nullopt;
  const double days = std::max(0.0, (capacity - trend.at_start) / per_day);
  if (days > horizon_days) return std::nullopt;
  return SimTime{static_cast<std::int64_t>(std::ceil(days)) * static_cast<std::int64_t>(day_ms)};
}

}  // namespace

std::optional<Trend> fit_trend(std::span<const HeldAt> observations) {
  const auto count = static_cast<Eigen::Index>(observations.size());
  if (count < 3) return std::nullopt;
  Eigen::MatrixXd design(count, 2);
  Eigen::VectorXd held(count);
  double mean_day = 0;
  for (const auto& observation : observations)
    mean_day += static_cast<double>(observation.at.ms) / day_ms / static_cast<double>(count);
  double spread = 0;
  for (Eigen::Index i = 0; i < count; ++i) {
    const auto& observation = observations[static_cast<std::size_t>(i)];
    const double day = static_cast<double>(observation.at.ms) / day_ms - mean_day;
    design(i, 0) = 1;
    design(i, 1) = day;
    held(i) = observation.held;
    spread += day * day;
  }
  if (spread <= 0) return std::nullopt;
  const Eigen::VectorXd line = design.colPivHouseholderQr().solve(held);
  const double squares = (held - design * line).squaredNorm();
  Trend trend;
  trend.per_day = line(1);
  trend.at_start = line(0) - line(1) * mean_day;
  trend.residual = std::sqrt(squares / static_cast<double>(count - 2));
  trend.slope_error = trend.residual / std::sqrt(spread);
  return trend;
}

FullBy full_by(const Trend& trend, double capacity) {
  return {reached(trend, trend.per_day, capacity),
          reached(trend, trend.per_day + 2 * trend.slope_error, capacity),
          reached(trend, trend.per_day - 2 * trend.slope_error, capacity)};
}

std::vector<HeldAt> held_over_time(const Run& run, std::size_t row) {
  std::vector<HeldAt> held;
  for (const auto& sample : run.samples) {
    if (sample.at < run.start.at || row >= sample.rows.size()) continue;
    held.push_back({sample.at, static_cast<double>(sample.rows[row].usage.held())});
  }
  return held;
}

}  // namespace cidrplan
