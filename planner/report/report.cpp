#include "planner/report/report.h"

#include <algorithm>

namespace cidrplan {

std::optional<Decimal> ratio(uint128 a, uint128 b, int digits) {
  constexpr uint128 most = 1'000'000'000'000;
  if (b == 0 || a / b >= most) return std::nullopt;
  uint128 scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const auto whole = a / b;
  const auto rest = a % b;
  // Beyond 2^64 the digits behind the point say nothing, and rest * scale might not fit.
  const auto part = b > uint128_max / scale / 2 ? 0 : (rest * scale * 2 + b) / (b * 2);
  return Decimal{static_cast<std::int64_t>(whole * scale + part), digits};
}

std::int64_t level(uint128 value, uint128 top, std::int64_t steps) {
  for (; top > UINT64_MAX; top >>= 1) value >>= 1;
  return static_cast<std::int64_t>(value * static_cast<std::uint64_t>(steps) / top);
}

uint128 highest(const Chart& chart) {
  uint128 top = 1;
  for (const auto& limit : chart.limits) top = std::max(top, limit.value);
  for (const auto& series : chart.series) {
    for (const auto& point : series.points) top = std::max(top, point.value);
  }
  return top;
}

std::string_view to_string(BlockMap::Shade shade) {
  return shade == BlockMap::Shade::free ? "free" : to_string(static_cast<Fill>(static_cast<int>(shade) - 1));
}

std::string_view to_string(Answer answer) {
  switch (answer) {
    case Answer::yes:
      return "yes";
    case Answer::close:
      return "close";
    case Answer::no:
      return "no";
    case Answer::open:
      return "open";
  }
  return "open";
}

}  // namespace cidrplan
