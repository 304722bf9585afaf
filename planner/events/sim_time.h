#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace cidrplan {

/// A span of simulated time in whole milliseconds.
struct Duration {
  std::int64_t ms = 0;

  static constexpr Duration seconds(std::int64_t n) { return {n * 1000}; }
  static constexpr Duration minutes(std::int64_t n) { return {n * 60'000}; }
  static constexpr Duration hours(std::int64_t n) { return {n * 3'600'000}; }
  static constexpr Duration days(std::int64_t n) { return {n * 86'400'000}; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ms + b.ms}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ms - b.ms}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ms * n}; }
};

/// A moment in whole milliseconds since the scenario's `start` (UTC); negative during warm-up.
struct SimTime {
  std::int64_t ms = 0;

  static constexpr SimTime never() { return {std::numeric_limits<std::int64_t>::max()}; }

  friend constexpr auto operator<=>(SimTime, SimTime) = default;
  friend constexpr SimTime operator+(SimTime t, Duration d) { return {t.ms + d.ms}; }
  friend constexpr SimTime operator-(SimTime t, Duration d) { return {t.ms - d.ms}; }
  friend constexpr Duration operator-(SimTime a, SimTime b) { return {a.ms - b.ms}; }
};

}  // namespace cidrplan
