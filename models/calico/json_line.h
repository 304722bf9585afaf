#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cidrplan::calico {

/// One line of JSON, read strictly (RFC 8259) into memory that the next line uses again. Numbers keep their
/// text, so that 64-bit integers stay exact. Members and elements are linked in the order of the text.
class JsonLine {
 public:
  enum class Kind : std::uint8_t { null, boolean, number, text, list, object };
  class Value;
  class Iterator;

  /// The views of the values go into `line`, which has to outlive them.
  /// @throws ReplayInputError  not JSON, not an object, or nested more than 32 deep
  Value parse(std::string_view line);

 private:
  struct Node {
    Kind kind = Kind::null;
    std::uint32_t first = 0;  // of list and object; 0: none
    std::uint32_t next = 0;   // 0: none
    std::string_view key;     // of a member
    std::string_view text;    // of text, unescaped; of numbers and booleans as written
  };

  std::uint32_t read_value(int depth);
  void read_members(std::uint32_t node, int depth);
  void read_elements(std::uint32_t node, int depth);
  std::string_view read_text();
  std::string_view unescaped(std::string_view raw);
  void append_escape(std::string_view raw, std::size_t& at);
  std::string_view read_number();
  std::string_view read_digits_from(std::size_t begin);
  void read_word(std::string_view word);
  void skip_blanks();
  bool accept(char c);
  void expect(char c);
  [[noreturn]] static void fail();

  std::string_view line_;
  std::size_t at_ = 0;
  std::vector<Node> nodes_;
  std::string unescaped_;
};

/// A value of a line; null where there is no such member.
class JsonLine::Value {
 public:
  Value() = default;

  Kind kind() const { return line_ != nullptr ? node().kind : Kind::null; }
  bool is_null() const { return kind() == Kind::null; }
  std::string_view key() const { return node().key; }
  std::string_view raw() const { return node().text; }
  /// The last member of that name; null where there is none or this is no object.
  Value operator[](std::string_view key) const;
  /// Members or elements; none of anything else.
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class JsonLine;
  friend class Iterator;

  Value(const JsonLine* line, std::uint32_t at) : line_(line), at_(at) {}
  const Node& node() const { return line_->nodes_[at_]; }

  const JsonLine* line_ = nullptr;
  std::uint32_t at_ = 0;
};

class JsonLine::Iterator {
 public:
  explicit Iterator(Value value) : value_(value) {}
  const Value& operator*() const { return value_; }
  Iterator& operator++() {
    value_.at_ = value_.node().next;
    return *this;
  }
  bool operator==(const Iterator& other) const { return value_.at_ == other.value_.at_; }

 private:
  Value value_;
};

// Readers of fields; what is absent or null is empty, false or 0. All throw ReplayInputError where a field is
// of another kind or out of bounds.
using JsonValue = JsonLine::Value;
std::string_view text_of(JsonValue value, std::string_view what);
std::string_view text_field(JsonValue object, std::string_view key);
/// As text_field, and not empty.
std::string_view name_field(JsonValue object, std::string_view key);
bool bool_field(JsonValue object, std::string_view key);
std::int64_t int_field(JsonValue object, std::string_view key, std::int64_t least, std::int64_t most);
JsonValue list_field(JsonValue object, std::string_view key);
JsonValue object_field(JsonValue object, std::string_view key);
/// A whole unsigned 64-bit number, exact. @throws ReplayInputError
std::uint64_t unsigned_of(JsonValue value, std::string_view what);

/// Compact, members sorted by name, those that are null, false, 0 or empty left out: two answers are the same
/// when their canonical texts are.
void append_canonical(std::string& out, JsonValue value);
/// A text in quotes.
void append_quoted(std::string& out, std::string_view text);

}  // namespace cidrplan::calico
