#include "planner/events/calendar.h"

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

using std::chrono::sys_days;

constexpr std::int64_t day_ms = 86'400'000;

std::int64_t day_number(SimTime time) {
  return time.ms >= 0 ? time.ms / day_ms : -((-time.ms + day_ms - 1) / day_ms);
}

Date add_months(Date date, std::int32_t months) {
  const Date moved = date + std::chrono::months(months);
  return moved.ok() ? moved : moved.year() / moved.month() / std::chrono::last;
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day || *year < 1970 || *year > 2999) return std::nullopt;
  const Date date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                  std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() ? std::optional(date) : std::nullopt;
}

std::string to_string(Date date) {
  const auto two = [](unsigned value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  std::string year = std::to_string(static_cast<int>(date.year()));
  while (year.size() < 4) year.insert(year.begin(), '0');
  return year + '-' + two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day()));
}

Calendar::Calendar(Date start) : start_(start) { CIDRPLAN_EXPECTS(start.ok()); }

SimTime Calendar::time_of(Date date) const { return {(sys_days(date) - sys_days(start_)).count() * day_ms}; }

Date Calendar::date_of(SimTime time) const {
  return Date(sys_days(start_) + std::chrono::days(static_cast<int>(day_number(time))));
}

SimTime Calendar::plus(SimTime from, CalendarStep step, std::int64_t times) const {
  if (step.months == 0) return from + step.exact * times;
  const Date date = date_of(from);
  const Duration within = from - time_of(date);
  return time_of(add_months(date, static_cast<std::int32_t>(step.months * times))) + within +
         step.exact * times;
}

double Calendar::months_since_start(SimTime time) const {
  if (time.ms <= 0) return 0;
  const Date date = date_of(time);
  auto months = (static_cast<int>(date.year()) - static_cast<int>(start_.year())) * 12 +
                static_cast<int>(static_cast<unsigned>(date.month())) -
                static_cast<int>(static_cast<unsigned>(start_.month()));
  if (time_of(add_months(start_, months)) > time) --months;
  const SimTime month_start = time_of(add_months(start_, months));
  const SimTime month_end = time_of(add_months(start_, months + 1));
  return months +
         static_cast<double>((time - month_start).ms) / static_cast<double>((month_end - month_start).ms);
}

double Calendar::years_since_start(SimTime time) const {
  if (time.ms <= 0) return 0;
  auto years = static_cast<int>(date_of(time).year()) - static_cast<int>(start_.year());
  if (time_of(add_months(start_, years * 12)) > time) --years;
  const SimTime year_start = time_of(add_months(start_, years * 12));
  const SimTime year_end = time_of(add_months(start_, (years + 1) * 12));
  return years +
         static_cast<double>((time - year_start).ms) / static_cast<double>((year_end - year_start).ms);
}

}  // namespace cidrplan
