#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "planner/events/calendar.h"
#include "planner/events/sim_time.h"

namespace cidrplan {

/// Quantities as a scenario writes them: a number and its unit, without a locale.

/// "30s", "1.5h", "7d": units ms, s, m, h, d, w; at most 100 years. Months and years have no fixed length and
/// are none.
std::optional<Duration> parse_duration(std::string_view text);

/// A duration, or calendar months and years: "1mo", "3y".
std::optional<CalendarStep> parse_calendar_step(std::string_view text);

/// CPU as Kubernetes writes it, in thousandths of a core: "250m", "0.25", "2". Nothing finer than 1m.
std::optional<std::int64_t> parse_cpu(std::string_view text);
/// "250m", "2"
std::string cpu_to_string(std::int64_t millicores);

/// "25%" or "2.5%" as 0.25 or 0.025. A sign is allowed.
std::optional<double> parse_percent(std::string_view text);

enum class RatePeriod : std::uint8_t { month, year };

/// "3%/month" (relative) or "50/month" (absolute).
struct Rate {
  double amount = 0;  ///< 0.03 for 3 %
  bool relative = false;
  RatePeriod per = RatePeriod::month;
};
std::optional<Rate> parse_rate(std::string_view text);

/// "7d", "36h", "90s", "250ms": the largest unit that divides it.
std::string to_string(Duration duration);

}  // namespace cidrplan
