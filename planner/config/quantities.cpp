#include "planner/config/quantities.h"

#include <array>
#include <cmath>

namespace cidrplan {
namespace {

constexpr std::size_t most_digits = 15;  // a double holds so many exactly
constexpr std::int64_t longest_ms = std::int64_t{36'525} * 86'400'000;
constexpr std::int32_t most_months = 1'200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits with at most three decimals, in thousandths; takes what it reads off `text`.
std::optional<std::int64_t> take_thousandths(std::string_view& text) {
  constexpr int decimals_kept = 3;
  std::int64_t value = 0;
  std::size_t digits = 0;
  int decimals = -1;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && decimals < 0 && digits > 0) {
      decimals = 0;
      continue;
    }
    if (!is_digit(text[at])) break;
    if (decimals >= 0 && ++decimals > decimals_kept) return std::nullopt;
    if (++digits > most_digits) return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  if (digits == 0 || decimals == 0) return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < decimals_kept; ++i) value *= 10;
  text.remove_prefix(at);
  return value;
}

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array units{Unit{"ms", 1},        Unit{"s", 1000},       Unit{"m", 60'000},
                           Unit{"h", 3'600'000}, Unit{"d", 86'400'000}, Unit{"w", 604'800'000}};

std::optional<double> parse_signed(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto thousandths = take_thousandths(text);
  if (!thousandths || !text.empty()) return std::nullopt;
  const double value = static_cast<double>(*thousandths) / 1000;
  return negative ? -value : value;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto thousandths = take_thousandths(text);
  if (!thousandths) return std::nullopt;
  for (const auto& unit : units) {
    if (text != unit.name) continue;
    if (*thousandths > longest_ms / unit.ms * 1000) return std::nullopt;
    const std::int64_t whole = *thousandths / 1000 * unit.ms;
    const std::int64_t part = *thousandths % 1000 * unit.ms;
    if (part % 1000 != 0 || whole + part / 1000 > longest_ms) return std::nullopt;
    return Duration{whole + part / 1000};
  }
  return std::nullopt;
}

std::optional<CalendarStep> parse_calendar_step(std::string_view text) {
  if (const auto exact = parse_duration(text)) return CalendarStep{0, *exact};
  const auto thousandths = take_thousandths(text);
  if (!thousandths || *thousandths % 1000 != 0) return std::nullopt;
  const std::int64_t each = text == "mo" ? 1 : text == "y" ? 12 : 0;
  const std::int64_t count = *thousandths / 1000;
  if (each == 0 || count > most_months / each) return std::nullopt;
  return CalendarStep{static_cast<std::int32_t>(count * each), {}};
}

std::optional<std::int64_t> parse_cpu(std::string_view text) {
  auto thousandths = take_thousandths(text);
  if (!thousandths || (!text.empty() && text != "m")) return std::nullopt;
  if (text.empty()) return thousandths;
  return *thousandths % 1000 == 0 ? std::optional(*thousandths / 1000) : std::nullopt;
}

std::string cpu_to_string(std::int64_t millicores) {
  return millicores % 1000 == 0 ? std::to_string(millicores / 1000) : std::to_string(millicores) + "m";
}

std::optional<double> parse_percent(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  const auto value = parse_signed(text.substr(0, text.size() - 1));
  return value ? std::optional(*value / 100) : std::nullopt;
}

std::optional<Rate> parse_rate(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto period = text.substr(slash + 1);
  if (period != "month" && period != "year") return std::nullopt;
  Rate rate;
  rate.per = period == "month" ? RatePeriod::month : RatePeriod::year;
  const auto amount = text.substr(0, slash);
  rate.relative = amount.ends_with('%');
  const auto value = rate.relative ? parse_percent(amount) : parse_signed(amount);
  if (!value) return std::nullopt;
  rate.amount = *value;
  return rate;
}

std::string to_string(Duration duration) {
  if (duration.ms == 0) return "0s";
  std::size_t unit = units.size() - 2;  // weeks are read, but days are clearer
  while (unit > 0 && duration.ms % units[unit].ms != 0) --unit;
  return std::to_string(duration.ms / units[unit].ms) + std::string(units[unit].name);
}

}  // namespace cidrplan
