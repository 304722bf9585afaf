#include "planner/config/table_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "planner/config/nearest_names.h"
#include "planner/config/printable.h"
#include "planner/config/quantities.h"

namespace cidrplan {
namespace {

constexpr std::size_t longest_text = 200;

void wrong_type(const Value& value, std::string_view key, std::string_view wanted, Diagnostics& diagnostics,
                std::string hint = {}) {
  std::string got(kind_of(value));
  if (value.text() != nullptr) got = "the text " + shown(value);
  if (std::holds_alternative<double>(value.held)) got = shown(value);
  diagnostics.error("wrong-type", value.span,
                    std::string(key) + " must be " + std::string(wanted) + ", not " + got, std::move(hint));
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest.empty() ? std::string() : "did you mean " + std::string(nearest) + "?";
}

/// Why the text is no prefix, and what would be one.
void bad_prefix(const Value& value, const PrefixParse& parsed, Diagnostics& diagnostics) {
  const std::string& text = *value.text();
  const std::string name = shown(value).substr(1, shown(value).size() - 2);
  switch (*parsed.error) {
    case PrefixError::host_bits:
      diagnostics.error("bad-prefix", value.span, name + " has host bits set",
                        "did you mean " + parsed.prefix->to_string() + "?");
      return;
    case PrefixError::bad_length:
      diagnostics.error(
          "bad-prefix", value.span, name + " has no valid prefix length",
          text.find(':') == std::string::npos ? "a length from /0 to /32" : "a length from /0 to /128");
      return;
    case PrefixError::bad_address:
      diagnostics.error("bad-prefix", value.span, name + " does not begin with an IP address",
                        "four numbers from 0 to 255 without leading zeros, for instance 10.0.0.0/16");
      return;
    case PrefixError::malformed:
      break;
  }
  const bool inverted = text.find('-') != std::string::npos;
  diagnostics.error("bad-prefix", value.span, name + " is no range in CIDR form",
                    inverted ? "ranges are written as address/length, not as first-last"
                             : "an address, a slash and a length, for instance 10.0.0.0/16");
}

/// "99999d": of the right form, but longer than any duration that is read.
bool is_too_long(std::string_view text) {
  const auto unit = text.find_first_not_of("0123456789.");
  if (unit == 0 || unit == std::string_view::npos) return false;
  const auto one = "1" + std::string(text.substr(unit));
  return std::count(text.begin(), text.end(), '.') == 0 && parse_calendar_step(one).has_value();
}

/// Why the text is no date.
std::string why_no_date(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  bool formed = text.size() == form.size();
  for (std::size_t i = 0; formed && i < form.size(); ++i)
    formed = form[i] == '-' ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
  if (!formed) return "which is no date";
  const auto year = text.substr(0, 4);
  return year < "1970" || year > "2999" ? "a year that is out of bounds" : "a date that does not exist";
}

}  // namespace

std::string join(std::span<const std::string_view> words, std::string_view before_last) {
  std::string joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) joined += i + 1 == words.size() ? ' ' + std::string(before_last) + ' ' : ", ";
    joined += words[i];
  }
  return joined;
}

std::optional<bool> read_boolean(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  if (const bool* const held = std::get_if<bool>(&value.held)) return *held;
  wrong_type(value, key, "true or false", diagnostics, value.text() != nullptr ? "without quotes" : "");
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const Value& value, std::string_view key, Bounds bounds,
                                         Diagnostics& diagnostics) {
  const auto* const held = std::get_if<std::int64_t>(&value.held);
  if (held == nullptr) {
    wrong_type(value, key, "a whole number", diagnostics);
    return std::nullopt;
  }
  if (*held >= bounds.lowest && *held <= bounds.highest) return *held;
  diagnostics.error("out-of-range", value.span,
                    std::string(key) + " is " + std::to_string(*held) + ", which must be from " +
                        std::to_string(bounds.lowest) + " to " + std::to_string(bounds.highest));
  return std::nullopt;
}

std::optional<double> read_number(const Value& value, std::string_view key, double lowest, double highest,
                                  Diagnostics& diagnostics) {
  double number = 0;
  if (const auto* const whole = std::get_if<std::int64_t>(&value.held)) {
    number = static_cast<double>(*whole);
  } else if (const auto* const real = std::get_if<double>(&value.held)) {
    number = *real;
  } else {
    wrong_type(value, key, "a number", diagnostics);
    return std::nullopt;
  }
  if (number >= lowest && number <= highest) return number;  // false for NaN
  Value low, high;
  low.held = lowest;
  high.held = highest;
  diagnostics.error(
      "out-of-range", value.span,
      std::string(key) + " is " + shown(value) + ", which must be from " + shown(low) + " to " + shown(high));
  return std::nullopt;
}

std::optional<std::string> read_text(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  const std::string* const held = value.text();
  if (held == nullptr) {
    wrong_type(value, key, "text", diagnostics);
    return std::nullopt;
  }
  if (held->empty() || held->size() > longest_text) {
    diagnostics.error("bad-text", value.span,
                      held->empty()
                          ? std::string(key) + " is empty"
                          : std::string(key) + " is longer than " + std::to_string(longest_text) + " bytes");
    return std::nullopt;
  }
  if (!is_printable(*held)) {
    diagnostics.error("bad-text", value.span, std::string(key) + " has control characters in it");
    return std::nullopt;
  }
  return *held;
}

std::optional<std::string> read_choice(const Value& value, std::string_view key,
                                       std::span<const std::string_view> choices, Diagnostics& diagnostics) {
  const auto text = read_text(value, key, diagnostics);
  if (!text) return std::nullopt;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) return text;
  diagnostics.error("unknown-value", value.span,
                    std::string(key) + " is " + shown(value) + ", which must be " + join(choices, "or"),
                    did_you_mean(*text, choices));
  return std::nullopt;
}

std::optional<Duration> read_duration(const Value& value, std::string_view key, Duration lowest,
                                      Duration highest, Diagnostics& diagnostics) {
  constexpr std::string_view form = "a number and ms, s, m, h, d or w, for instance \"30s\"";
  if (value.text() == nullptr) {
    wrong_type(value, key, "a duration", diagnostics, std::string(form));
    return std::nullopt;
  }
  const auto duration = parse_duration(*value.text());
  if (!duration) {
    const bool calendar = parse_calendar_step(*value.text()).has_value();
    const bool too_long = !calendar && is_too_long(*value.text());
    diagnostics.error("bad-duration", value.span,
                      std::string(key) + " is " + shown(value) +
                          (too_long ? ", longer than any duration that is read" : ", which is no duration"),
                      calendar ? "months and years have no fixed length here; give days, for instance \"30d\""
                               : std::string(form));
    return std::nullopt;
  }
  if (*duration >= lowest && *duration <= highest) return duration;
  diagnostics.error("out-of-range", value.span,
                    std::string(key) + " is " + to_string(*duration) + ", which must be from " +
                        to_string(lowest) + " to " + to_string(highest));
  return std::nullopt;
}

std::optional<CalendarStep> read_step(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  constexpr std::string_view form = "a number and s, m, h, d, w, mo or y, for instance \"3y\"";
  if (value.text() == nullptr) {
    wrong_type(value, key, "a length of time", diagnostics, std::string(form));
    return std::nullopt;
  }
  const auto step = parse_calendar_step(*value.text());
  if (!step) {
    diagnostics.error("bad-duration", value.span,
                      std::string(key) + " is " + shown(value) +
                          (is_too_long(*value.text()) ? ", longer than any length of time that is read"
                                                      : ", which is no length of time"),
                      std::string(form));
  }
  return step;
}

std::optional<double> read_share(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  if (value.text() == nullptr) return read_number(value, key, 0, 1, diagnostics);
  const auto share = parse_percent(*value.text());
  if (!share) {
    diagnostics.error("bad-share", value.span,
                      std::string(key) + " is " + shown(value) + ", which is no share",
                      "a percentage or a number from 0 to 1, for instance \"20%\" or 0.2");
    return std::nullopt;
  }
  if (*share >= 0 && *share <= 1) return share;
  diagnostics.error("out-of-range", value.span,
                    std::string(key) + " is " + *value.text() + ", which must be from 0% to 100%");
  return std::nullopt;
}

std::optional<Date> read_date(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  std::string text;
  if (const auto* const held = std::get_if<Date>(&value.held)) text = to_string(*held);
  if (const auto* const held = value.text()) text = *held;
  if (const auto date = parse_date(text)) return date;
  if (value.text() == nullptr && !std::holds_alternative<Date>(value.held)) {
    wrong_type(value, key, "a date", diagnostics, "for instance \"2027-01-01\"");
    return std::nullopt;
  }
  diagnostics.error("bad-date", value.span,
                    std::string(key) + " is " + shown(value) + ", " + why_no_date(text),
                    "year, month and day from 1970-01-01 to 2999-12-31, for instance \"2027-01-01\"");
  return std::nullopt;
}

std::optional<Prefix> read_prefix(const Value& value, std::string_view key, Diagnostics& diagnostics) {
  if (value.text() == nullptr) {
    wrong_type(value, key, "a range", diagnostics, "text in CIDR form, for instance \"10.0.0.0/16\"");
    return std::nullopt;
  }
  const auto parsed = Prefix::parse_explained(*value.text());
  if (!parsed.error) return parsed.prefix;
  bad_prefix(value, parsed, diagnostics);
  return std::nullopt;
}

const Array* read_list(const Value& value, std::string_view key, std::size_t longest,
                       Diagnostics& diagnostics) {
  const Array* const list = value.array();
  if (list == nullptr) {
    wrong_type(value, key, "a list", diagnostics, "in square brackets");
    return nullptr;
  }
  if (list->size() <= longest) return list;
  diagnostics.error("too-many", value.span,
                    std::string(key) + " has " + std::to_string(list->size()) + " entries; at most " +
                        std::to_string(longest) + " are read");
  return nullptr;
}

TableReader::TableReader(const Table& table, Span span, std::string what, Diagnostics& diagnostics)
    : table_(table), span_(span), what_(std::move(what)), diagnostics_(diagnostics) {}

const Value* TableReader::take(std::string_view key) {
  known_.push_back(key);
  return table_.find(key);
}

const Value* TableReader::require(std::string_view key, std::string_view example) {
  const Value* const value = take(key);
  if (value == nullptr) {
    diagnostics_.error("missing-key", span_, what_ + " needs " + std::string(key),
                       "for instance " + std::string(key) + " = " + std::string(example));
  }
  return value;
}

void TableReader::not_yet(std::string_view key, std::string_view belongs_to) {
  later_.push_back({key, belongs_to});
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const Value* const value = take(key);
  return value != nullptr ? read_boolean(*value, key, diagnostics_) : std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, Bounds bounds) {
  const Value* const value = take(key);
  return value != nullptr ? read_integer(*value, key, bounds, diagnostics_) : std::nullopt;
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const Value* const value = take(key);
  return value != nullptr ? read_text(*value, key, diagnostics_) : std::nullopt;
}

std::optional<std::string> TableReader::choice(std::string_view key,
                                               std::span<const std::string_view> choices) {
  const Value* const value = take(key);
  return value != nullptr ? read_choice(*value, key, choices, diagnostics_) : std::nullopt;
}

std::optional<Duration> TableReader::duration(std::string_view key, Duration lowest, Duration highest) {
  const Value* const value = take(key);
  return value != nullptr ? read_duration(*value, key, lowest, highest, diagnostics_) : std::nullopt;
}

std::optional<double> TableReader::share(std::string_view key) {
  const Value* const value = take(key);
  return value != nullptr ? read_share(*value, key, diagnostics_) : std::nullopt;
}

std::optional<std::int64_t> TableReader::cpu(std::string_view key, std::int64_t lowest,
                                             std::int64_t highest) {
  constexpr std::string_view form = "cores or thousandths of one, for instance \"0.5\" or \"250m\"";
  const Value* const value = take(key);
  if (value == nullptr) return std::nullopt;
  if (value->text() == nullptr) {
    wrong_type(*value, key, "an amount of CPU", diagnostics_, std::string(form));
    return std::nullopt;
  }
  const auto millicores = parse_cpu(*value->text());
  if (!millicores) {
    diagnostics_.error("bad-cpu", value->span,
                       std::string(key) + " is " + shown(*value) + ", which is no amount of CPU",
                       std::string(form));
    return std::nullopt;
  }
  if (*millicores >= lowest && *millicores <= highest) return millicores;
  diagnostics_.error("out-of-range", value->span,
                     std::string(key) + " is " + *value->text() + ", which must be from " +
                         cpu_to_string(lowest) + " to " + cpu_to_string(highest));
  return std::nullopt;
}

std::optional<Date> TableReader::date(std::string_view key) {
  const Value* const value = take(key);
  return value != nullptr ? read_date(*value, key, diagnostics_) : std::nullopt;
}

std::optional<Placed<Prefix>> TableReader::prefix(std::string_view key) {
  const Value* const value = take(key);
  if (value == nullptr) return std::nullopt;
  const auto prefix = read_prefix(*value, key, diagnostics_);
  if (!prefix) return std::nullopt;
  return Placed<Prefix>{*prefix, value->span};
}

std::vector<Placed<Prefix>> TableReader::prefixes(std::string_view key) {
  const Value* const value = take(key);
  const Array* const list = value != nullptr ? read_list(*value, key, longest_list, diagnostics_) : nullptr;
  std::vector<Placed<Prefix>> prefixes;
  if (list == nullptr) return prefixes;
  for (const auto& item : *list) {
    if (const auto prefix = read_prefix(item, key, diagnostics_)) prefixes.push_back({*prefix, item.span});
  }
  return prefixes;
}

std::optional<std::vector<Placed<std::string>>> TableReader::names(std::string_view key) {
  const Value* const value = take(key);
  if (value == nullptr) return std::nullopt;
  const Array* const list = read_list(*value, key, longest_list, diagnostics_);
  if (list == nullptr) return std::nullopt;
  if (list->empty()) {
    diagnostics_.error("empty-list", value->span, std::string(key) + " is an empty list",
                       "leave the key out for its default");
    return std::nullopt;
  }
  std::vector<Placed<std::string>> names;
  for (const auto& item : *list) {
    if (auto name = read_text(item, key, diagnostics_)) names.push_back({*std::move(name), item.span});
  }
  return names;
}

std::vector<Placed<const Table*>> TableReader::tables(std::string_view key, std::size_t most) {
  std::vector<Placed<const Table*>> tables;
  const Value* const value = take(key);
  if (value == nullptr) return tables;
  if (const Table* const single = value->table()) {
    diagnostics_.error("wrong-type", value->span,
                       std::string(key) + " must be a list of tables, not one table",
                       "write [[" + std::string(key) + "]]");
    static_cast<void>(single);
    return tables;
  }
  const Array* const list = read_list(*value, key, most, diagnostics_);
  if (list == nullptr) return tables;
  for (const auto& item : *list) {
    if (const Table* const table = item.table()) {
      tables.push_back({table, item.span});
    } else {
      wrong_type(item, key, "a list of tables", diagnostics_);
    }
  }
  return tables;
}

std::optional<Placed<const Table*>> TableReader::table(std::string_view key, std::string_view hint) {
  const Value* const value = take(key);
  if (value == nullptr) return std::nullopt;
  if (const Table* const table = value->table()) return Placed<const Table*>{table, value->span};
  wrong_type(*value, key, "a table", diagnostics_, std::string(hint));
  return std::nullopt;
}

Span TableReader::span_of(std::string_view key) const {
  const Value* const value = table_.find(key);
  return value != nullptr ? value->span : span_;
}

void TableReader::finish() {
  for (const auto& entry : table_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const auto later =
        std::find_if(later_.begin(), later_.end(), [&](const Later& one) { return one.key == entry.key; });
    std::string hint = later != later_.end()
                           ? "not available in this version: it belongs to " + std::string(later->belongs_to)
                       : diagnostics_.is_full() ? std::string()
                                                : did_you_mean(entry.key, known_);
    Value name;
    name.held = entry.key;
    diagnostics_.error("unknown-key", entry.key_span,
                       shown(name).substr(1, shown(name).size() - 2) + " is no key of " + what_,
                       std::move(hint));
  }
}

}  // namespace cidrplan
