#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "planner/events/calendar.h"

namespace cidrplan {

/// A count that changes with the date. Evaluated once a day at 00:00; never negative.
class GrowthCurve {
 public:
  enum class Per : std::uint8_t { month, year };

  struct Constant {
    std::int64_t value = 0;
  };
  /// start × (1 + rate)^m, m in months or years since the scenario's start
  struct Compound {
    std::int64_t start = 0;
    double rate = 0;
    Per per = Per::month;
  };
  /// start + add × m
  struct Linear {
    std::int64_t start = 0;
    double add = 0;
    Per per = Per::month;
  };
  /// start + (end − start) / (1 + e^(−steepness × months after midpoint))
  struct Logistic {
    std::int64_t start = 0;
    std::int64_t end = 0;
    SimTime midpoint{};
    double steepness = 1;
  };
  struct Point {
    SimTime at{};
    std::int64_t value = 0;
  };
  /// 0 before the first step; each holds until the next
  struct Steps {
    std::vector<Point> points;
  };
  /// linear between rows; the first and last value hold outside them
  struct Table {
    std::vector<Point> points;
  };

  using Shape = std::variant<Constant, Compound, Linear, Logistic, Steps, Table>;

  GrowthCurve() = default;
  explicit GrowthCurve(Shape shape) : shape_(std::move(shape)) {}
  static GrowthCurve constant(std::int64_t value) { return GrowthCurve(Constant{value}); }

  /// Rounded to the nearest integer, halves up; capped at 10^12.
  std::int64_t at(const Calendar& calendar, SimTime time) const;
  /// Not rounded, for rates such as jobs per hour.
  double rate_at(const Calendar& calendar, SimTime time) const;

  const Shape& shape() const { return shape_; }

 private:
  Shape shape_ = Constant{};
};

}  // namespace cidrplan
