#include "planner/report/report.h"

namespace cidrplan {

std::optional<Decimal> ratio(uint128 a, uint128 b, int digits) {
  if (b == 0) return std::nullopt;
  uint128 scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const auto whole = a / b;
  const auto rest = a % b;
  // Beyond 2^64 the digits behind the point say nothing, and rest * scale might not fit.
  const auto part = b > uint128_max / scale / 2 ? 0 : (rest * scale * 2 + b) / (b * 2);
  const auto value = saturate_to_64(whole) > 1'000'000'000'000 ? uint128{1'000'000'000'000} : whole;
  return Decimal{static_cast<std::int64_t>(value * scale + part), digits};
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
