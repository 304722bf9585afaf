#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "planner/config/diagnostic.h"
#include "planner/events/calendar.h"

namespace cidrplan {

struct Value;

struct Entry;

/// Keys in the order of the file.
struct Table {
  std::vector<Entry> entries;

  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
};

using Array = std::vector<Value>;

/// A time of day, or a date with one: valid TOML that no key takes.
struct TimeValue {};

/// One value of the text with its place. The span of a [table] is its header.
struct Value {
  std::variant<bool, std::int64_t, double, std::string, Date, TimeValue, Array, Table> held;
  Span span;

  const Table* table() const { return std::get_if<Table>(&held); }
  const Array* array() const { return std::get_if<Array>(&held); }
  const std::string* text() const { return std::get_if<std::string>(&held); }
};

struct Entry {
  std::string key;
  Span key_span;
  Value value;
};

/// "a whole number", "text", "a table", …, for messages.
std::string_view kind_of(const Value& value);
/// The value as a message shows it: short, text in quotes.
std::string shown(const Value& value);

/// Text read as TOML.
class Document {
 public:
  static constexpr std::size_t largest_text = std::size_t{4} << 20;
  static constexpr int deepest = 32;

  /// None when the text is no TOML; the one error says where it stops.
  static std::optional<Document> parse(std::string_view text, Diagnostics& diagnostics);

  Table& root() { return root_; }
  const Table& root() const { return root_; }

 private:
  Table root_;
};

/// A value as `--set` takes it: TOML, or bare text. Every span in it is `place`.
Value parse_value(std::string_view text, Span place);

}  // namespace cidrplan
