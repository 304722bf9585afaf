#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "planner/events/sim_time.h"

namespace cidrplan {

using Date = std::chrono::year_month_day;

/// A step of the calendar: months are calendar months, everything else is exact time.
struct CalendarStep {
  std::int32_t months = 0;
  Duration exact{};

  friend constexpr bool operator==(CalendarStep, CalendarStep) = default;
};

/// `YYYY-MM-DD`, years 1970 to 2999; none for dates that do not exist.
std::optional<Date> parse_date(std::string_view text);
std::string to_string(Date date);

/// Ties simulated time to dates: 0 ms is `start` at 00:00 UTC.
class Calendar {
 public:
  Calendar() = default;
  /// @pre start.ok()
  explicit Calendar(Date start);

  Date start() const { return start_; }
  /// 00:00 UTC of that date; negative before `start`.
  SimTime time_of(Date date) const;
  /// The date that holds the moment.
  Date date_of(SimTime time) const;
  /// `times` steps from `from`; adding months clamps to the last day of the month (Jan 31 + 1mo = Feb 28).
  SimTime plus(SimTime from, CalendarStep step, std::int64_t times = 1) const;
  /// Whole months since `start` plus the elapsed part of the current one; the part is a ratio of
  /// milliseconds.
  double months_since_start(SimTime time) const;
  double years_since_start(SimTime time) const;

 private:
  Date start_{std::chrono::year(2000), std::chrono::month(1), std::chrono::day(1)};
};

}  // namespace cidrplan
