#include <algorithm>
#include <cmath>

#include "planner/config/quantities.h"
#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr std::size_t most_points = 100'000;
constexpr double fastest_growth = 10;  // ten times as much again in each period
constexpr double steepest = 100;

GrowthCurve::Per per_of(const Rate& rate) {
  return rate.per == RatePeriod::month ? GrowthCurve::Per::month : GrowthCurve::Per::year;
}

/// One table of a curve, whose keys say which form it has.
class CurveReader {
 public:
  CurveReader(const Table& table, Span span, std::string_view key, CurveBounds bounds, Reading& reading)
      : bounds_(bounds),
        reading_(reading),
        reader_(table, span, "the curve of " + std::string(key), reading.diagnostics) {}

  std::optional<GrowthCurve> read() {
    const bool mixed = forms() > 1;
    if (mixed) {
      error("conflicting-keys", reader_.span(),
            "growth, add, end, steps and table are different forms of a curve", "one of them at a time");
    }
    auto curve = mixed ? std::nullopt : read_form();
    if (mixed) take_all_keys();
    reader_.finish();
    return curve;
  }

 private:
  int forms() const {
    int count = 0;
    for (const std::string_view key : {"growth", "add", "end", "steps", "table"})
      count += reader_.has(key) ? 1 : 0;
    return count;
  }

  void take_all_keys() {
    for (const std::string_view key :
         {"start", "growth", "add", "end", "midpoint", "steepness", "steps", "table"}) {
      static_cast<void>(reader_.take(key));
    }
  }

  std::optional<GrowthCurve> read_form() {
    if (reader_.has("table")) return read_table();
    if (reader_.has("steps")) return read_steps();
    const Value* const value = reader_.require("start", "100");
    const auto start = value != nullptr ? count(*value, "start") : std::nullopt;
    for (const std::string_view key : {"growth", "add", "end", "steps", "table"}) {
      if (!reader_.has(key))
        static_cast<void>(reader_.take(key));  // known, for the nearest name of a wrong key
    }
    if (reader_.has("growth")) return read_growth(start);
    if (reader_.has("add")) return read_add(start);
    if (reader_.has("end")) return read_logistic(start);
    return start ? std::optional(GrowthCurve::constant(*start)) : std::nullopt;
  }

  std::optional<std::int64_t> count(const Value& value, std::string_view key) {
    return read_integer(value, key, {0, bounds_.highest}, reading_.diagnostics);
  }

  std::optional<Rate> rate(std::string_view key, bool relative, std::string_view form, double highest) {
    const Value* const value = reader_.take(key);
    const auto parsed = value->text() != nullptr ? parse_rate(*value->text()) : std::nullopt;
    if (!parsed || parsed->relative != relative) {
      error("bad-rate", value->span, std::string(key) + " is " + shown(*value) + ", which is no such rate",
            "a number and its period, for instance " + std::string(form));
      return std::nullopt;
    }
    const bool vanishes = relative && parsed->amount <= -1;
    if (std::abs(parsed->amount) <= highest && !vanishes) return parsed;
    error("out-of-range", value->span,
          relative ? std::string(key) + " must be above -100% and at most 1000%"
                   : std::string(key) + " must be at most " + std::to_string(bounds_.highest) + " a period");
    return std::nullopt;
  }

  std::optional<GrowthCurve> read_growth(std::optional<std::int64_t> start) {
    const auto growth = rate("growth", true, "\"3%/month\"", fastest_growth);
    if (!growth || !start) return std::nullopt;
    return GrowthCurve(GrowthCurve::Compound{*start, growth->amount, per_of(*growth)});
  }

  std::optional<GrowthCurve> read_add(std::optional<std::int64_t> start) {
    const auto add = rate("add", false, "\"50/month\"", static_cast<double>(bounds_.highest));
    if (!add || !start) return std::nullopt;
    return GrowthCurve(GrowthCurve::Linear{*start, add->amount, per_of(*add)});
  }

  std::optional<GrowthCurve> read_logistic(std::optional<std::int64_t> start) {
    const auto end = count(*reader_.take("end"), "end");
    const Value* const midpoint = reader_.require("midpoint", "\"2028-06-01\"");
    const auto date =
        midpoint != nullptr ? read_date(*midpoint, "midpoint", reading_.diagnostics) : std::nullopt;
    const Value* const given = reader_.require("steepness", "0.5");
    const auto steepness = given != nullptr
                               ? read_number(*given, "steepness", 0.001, steepest, reading_.diagnostics)
                               : std::nullopt;
    if (!start || !end || !date || !steepness) return std::nullopt;
    return GrowthCurve(
        GrowthCurve::Logistic{*start, *end, reading_.scenario.calendar.time_of(*date), *steepness});
  }

  std::optional<GrowthCurve> read_steps() {
    GrowthCurve::Steps steps;
    const auto tables = reader_.tables("steps", most_points);
    bool sound = !tables.empty();
    if (tables.empty() && reader_.take("steps")->array() != nullptr) {
      error("empty-list", reader_.span_of("steps"), "steps is an empty list",
            "for instance [{ at = \"2027-06-01\", value = 10 }]");
    }
    for (const auto& table : tables) {
      TableReader step(*table.value, table.span, "a step", reading_.diagnostics);
      const Value* const at = step.require("at", "\"2027-06-01\"");
      const auto date = at != nullptr ? read_date(*at, "at", reading_.diagnostics) : std::nullopt;
      const Value* const held = step.require("value", "10");
      const auto value = held != nullptr ? count(*held, "value") : std::nullopt;
      step.finish();
      if (!date || !value) {
        sound = false;
        continue;
      }
      const SimTime moment = reading_.scenario.calendar.time_of(*date);
      if (!steps.points.empty() && moment <= steps.points.back().at) {
        error("not-ascending", at->span, "the dates of steps must rise");
        sound = false;
      }
      steps.points.push_back({moment, *value});
    }
    return sound ? std::optional(GrowthCurve(std::move(steps))) : std::nullopt;
  }

  std::optional<GrowthCurve> read_table() {
    const Value* const value = reader_.take("table");
    const auto name = cidrplan::read_text(*value, "table", reading_.diagnostics);
    if (!name) return std::nullopt;
    const auto text = reading_.table_text({*name, value->span});
    if (!text) return std::nullopt;
    return parse_rows(*text, *name, value->span);
  }

  /// `date,count` rows; a first row without a date is a heading.
  std::optional<GrowthCurve> parse_rows(std::string_view text, const std::string& name, Span span) {
    GrowthCurve::Table table;
    std::size_t number = 0;
    while (!text.empty()) {
      ++number;
      const auto end = text.find('\n');
      auto row = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      if (row.ends_with('\r')) row.remove_suffix(1);
      if (row.empty() || row.starts_with('#') || (number == 1 && row == "date,count")) continue;
      const auto point = parse_row(row);
      const std::string place = name + " line " + std::to_string(number);
      if (!point) {
        error("bad-table", span, place + " is no row of date and count",
              "for instance 2027-01-01,1500; counts from 0 to " + std::to_string(bounds_.highest));
        return std::nullopt;
      }
      if (!table.points.empty() && point->at <= table.points.back().at) {
        error("bad-table", span, place + ": the dates must rise");
        return std::nullopt;
      }
      if (table.points.size() == most_points) {
        error("bad-table", span, place + ": more than " + std::to_string(most_points) + " rows");
        return std::nullopt;
      }
      table.points.push_back(*point);
    }
    if (table.points.empty()) {
      error("bad-table", span, name + " has no rows");
      return std::nullopt;
    }
    return GrowthCurve(std::move(table));
  }

  std::optional<GrowthCurve::Point> parse_row(std::string_view row) const {
    constexpr std::size_t date_length = 10;
    constexpr std::size_t most_digits = 12;
    const auto date = parse_date(row.substr(0, date_length));
    if (!date || row.size() <= date_length || row[date_length] != ',') return std::nullopt;
    const auto digits = row.substr(date_length + 1);
    if (digits.empty() || digits.size() > most_digits) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : digits) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    if (value > bounds_.highest) return std::nullopt;
    return GrowthCurve::Point{reading_.scenario.calendar.time_of(*date), value};
  }

  void error(std::string_view code, Span span, std::string message, std::string hint = {}) {
    reading_.diagnostics.error(code, span, std::move(message), std::move(hint));
  }

  CurveBounds bounds_;
  Reading& reading_;
  TableReader reader_;
};

}  // namespace

std::optional<GrowthCurve> read_curve(const Value& value, std::string_view key, CurveBounds bounds,
                                      Reading& reading) {
  std::optional<GrowthCurve> curve;
  if (const Table* const table = value.table()) {
    curve = CurveReader(*table, value.span, key, bounds, reading).read();
  } else if (const auto count = read_integer(value, key, {0, bounds.highest}, reading.diagnostics)) {
    curve = GrowthCurve::constant(*count);
  }
  if (!curve) return std::nullopt;
  if (const auto peak = peak_of(*curve, reading.scenario); peak > bounds.highest) {
    reading.diagnostics.error("out-of-range", value.span,
                              std::string(key) + " grows to " + std::to_string(peak) + " " +
                                  std::string(bounds.what) + " before the horizon; at most " +
                                  std::to_string(bounds.highest) + " can be simulated");
    return std::nullopt;
  }
  return curve;
}

std::int64_t peak_of(const GrowthCurve& curve, const Scenario& scenario) {
  const auto& calendar = scenario.calendar;
  const SimTime last = std::max(SimTime{}, scenario.horizon - Duration{1});
  // Between its points every form rises or falls without turning.
  std::int64_t peak = std::max(curve.at(calendar, {}), curve.at(calendar, last));
  const auto look_at = [&](const std::vector<GrowthCurve::Point>& points) {
    for (const auto& point : points) {
      if (point.at >= SimTime{} && point.at <= last) peak = std::max(peak, curve.at(calendar, point.at));
    }
  };
  if (const auto* const steps = std::get_if<GrowthCurve::Steps>(&curve.shape())) look_at(steps->points);
  if (const auto* const table = std::get_if<GrowthCurve::Table>(&curve.shape())) look_at(table->points);
  return peak;
}

}  // namespace cidrplan::reading
