#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/config/diagnostic.h"
#include "planner/config/document.h"
#include "planner/net/prefix.h"

namespace cidrplan {

template <typename T>
struct Placed {
  T value{};
  Span span;
};

struct Bounds {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

/// One value of the right type and within its bounds, or an error that says what it must be. `key` is what
/// messages call it.
std::optional<bool> read_boolean(const Value& value, std::string_view key, Diagnostics& diagnostics);
std::optional<std::int64_t> read_integer(const Value& value, std::string_view key, Bounds bounds,
                                         Diagnostics& diagnostics);
std::optional<double> read_number(const Value& value, std::string_view key, double lowest, double highest,
                                  Diagnostics& diagnostics);
/// Not empty, printable, at most 200 bytes.
std::optional<std::string> read_text(const Value& value, std::string_view key, Diagnostics& diagnostics);
/// One of `choices`.
std::optional<std::string> read_choice(const Value& value, std::string_view key,
                                       std::span<const std::string_view> choices, Diagnostics& diagnostics);
std::optional<Duration> read_duration(const Value& value, std::string_view key, Duration lowest,
                                      Duration highest, Diagnostics& diagnostics);
std::optional<CalendarStep> read_step(const Value& value, std::string_view key, Diagnostics& diagnostics);
/// "20%" or 0.2, from 0 to 1.
std::optional<double> read_share(const Value& value, std::string_view key, Diagnostics& diagnostics);
std::optional<Date> read_date(const Value& value, std::string_view key, Diagnostics& diagnostics);
std::optional<Prefix> read_prefix(const Value& value, std::string_view key, Diagnostics& diagnostics);
/// The elements of a list; none where it is no list or too long.
const Array* read_list(const Value& value, std::string_view key, std::size_t longest,
                       Diagnostics& diagnostics);

/// Reads one table key by key. What nobody asked for is an unknown key.
class TableReader {
 public:
  static constexpr std::size_t longest_list = 10'000;

  /// `what` names the table in messages: "[vpc]", "a workload".
  TableReader(const Table& table, Span span, std::string what, Diagnostics& diagnostics);

  /// The value, and that the key is known; none where the key is absent.
  const Value* take(std::string_view key);
  /// Like take, and absence is an error.
  const Value* require(std::string_view key, std::string_view example);
  bool has(std::string_view key) const { return table_.find(key) != nullptr; }
  /// The key belongs to something that is not built yet: unknown, with that as the hint.
  void not_yet(std::string_view key, std::string_view belongs_to);

  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, Bounds bounds);
  std::optional<std::string> text(std::string_view key);
  std::optional<std::string> choice(std::string_view key, std::span<const std::string_view> choices);
  std::optional<Duration> duration(std::string_view key, Duration lowest, Duration highest);
  std::optional<double> share(std::string_view key);
  /// Thousandths of a core.
  std::optional<std::int64_t> cpu(std::string_view key, std::int64_t lowest, std::int64_t highest);
  std::optional<Date> date(std::string_view key);
  std::optional<Placed<Prefix>> prefix(std::string_view key);
  std::vector<Placed<Prefix>> prefixes(std::string_view key);
  std::optional<std::vector<Placed<std::string>>> names(std::string_view key);
  /// The tables of [[key]], or of a list of inline tables.
  std::vector<Placed<const Table*>> tables(std::string_view key, std::size_t most);
  /// The one table of [key]. @param hint  to who gives something else
  std::optional<Placed<const Table*>> table(std::string_view key, std::string_view hint = {});

  /// Of the value where the key is given, else of the table.
  Span span_of(std::string_view key) const;
  Span span() const { return span_; }
  Diagnostics& diagnostics() { return diagnostics_; }

  /// Reports every key that was not taken. Call once, last.
  void finish();

 private:
  struct Later {
    std::string_view key;
    std::string_view belongs_to;
  };

  const Table& table_;
  Span span_;
  std::string what_;
  Diagnostics& diagnostics_;
  std::vector<std::string_view> known_;
  std::vector<Later> later_;
};

/// Words in a sentence: "a", "a or b", "a, b or c".
std::string join(std::span<const std::string_view> words, std::string_view before_last);

}  // namespace cidrplan
