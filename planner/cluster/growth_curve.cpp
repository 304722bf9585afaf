#include "planner/cluster/growth_curve.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "planner/events/elementary.h"

namespace cidrplan {
namespace {

constexpr double largest_count = 1e12;
constexpr std::int64_t day_ms = 86'400'000;
constexpr double mean_month_ms = 30.436875 * day_ms;  // 146,097 days in 4,800 months

/// Months or years since the start: whole ones, and the elapsed part of the current one.
double periods(const Calendar& calendar, SimTime time, GrowthCurve::Per per) {
  return per == GrowthCurve::Per::month ? calendar.months_since_start(time)
                                        : calendar.years_since_start(time);
}

/// Whole powers by repeated multiplication, so that 1.03 twice is 1.03 × 1.03 and nothing else.
double power(double base, double exponent) {
  if (exponent == 0) return 1;
  if (base <= 0) return 0;
  const auto whole = static_cast<std::int64_t>(exponent);
  double result = 1;
  for (std::int64_t i = 0; i < whole; ++i) result *= base;
  const double part = exponent - static_cast<double>(whole);
  return part == 0 ? result : result * elementary::pow(base, part);
}

struct Evaluate {
  const Calendar& calendar;
  SimTime time;

  double operator()(const GrowthCurve::Constant& curve) const { return static_cast<double>(curve.value); }

  double operator()(const GrowthCurve::Compound& curve) const {
    if (curve.start == 0) return 0;
    return static_cast<double>(curve.start) * power(1 + curve.rate, periods(calendar, time, curve.per));
  }

  double operator()(const GrowthCurve::Linear& curve) const {
    return static_cast<double>(curve.start) + curve.add * periods(calendar, time, curve.per);
  }

  double operator()(const GrowthCurve::Logistic& curve) const {
    // The calendar knows no months before the start, so those before it have the mean length.
    const double midpoint = curve.midpoint.ms >= 0 ? calendar.months_since_start(curve.midpoint)
                                                   : static_cast<double>(curve.midpoint.ms) / mean_month_ms;
    const double months = calendar.months_since_start(time) - midpoint;
    const auto rise = static_cast<double>(curve.end - curve.start);
    return static_cast<double>(curve.start) + rise / (1 + elementary::exp(-curve.steepness * months));
  }

  double operator()(const GrowthCurve::Steps& curve) const {
    const auto next = after(curve.points);
    return next == curve.points.begin() ? 0 : static_cast<double>(std::prev(next)->value);
  }

  double operator()(const GrowthCurve::Table& curve) const {
    if (curve.points.empty()) return 0;
    const auto next = after(curve.points);
    if (next == curve.points.begin()) return static_cast<double>(next->value);
    const auto& low = *std::prev(next);
    if (next == curve.points.end()) return static_cast<double>(low.value);
    const double part = static_cast<double>((time - low.at).ms) / static_cast<double>((next->at - low.at).ms);
    return static_cast<double>(low.value) + static_cast<double>(next->value - low.value) * part;
  }

  /// The first point later than the moment.
  std::vector<GrowthCurve::Point>::const_iterator after(const std::vector<GrowthCurve::Point>& points) const {
    return std::upper_bound(
        points.begin(), points.end(), time,
        [](SimTime moment, const GrowthCurve::Point& point) { return moment < point.at; });
  }
};

/// 00:00 of the day; warm-up lives with the first day's counts.
SimTime evaluated_at(SimTime time) { return {std::max<std::int64_t>(time.ms, 0) / day_ms * day_ms}; }

}  // namespace

std::int64_t GrowthCurve::at(const Calendar& calendar, SimTime time) const {
  return static_cast<std::int64_t>(std::floor(rate_at(calendar, time) + 0.5));
}

double GrowthCurve::rate_at(const Calendar& calendar, SimTime time) const {
  const double value = std::visit(Evaluate{calendar, evaluated_at(time)}, shape_);
  return std::clamp(value, 0.0, largest_count);
}

}  // namespace cidrplan
