#include "models/calico/json_line.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "models/replayer.h"

namespace cidrplan::calico {
namespace {

constexpr int deepest = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of the UTF-8 sequence that begins the text, 0 where none does.
/// @source RFC 3629 section 4
std::size_t utf8_sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = at(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || first > 0xf4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((at(i) & 0xc0) != 0x80) return 0;
  if (first == 0xe0 && at(1) < 0xa0) return 0;
  if (first == 0xed && at(1) > 0x9f) return 0;
  if (first == 0xf0 && at(1) < 0x90) return 0;
  if (first == 0xf4 && at(1) > 0x8f) return 0;
  return length;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

}  // namespace

void JsonLine::fail() { throw ReplayInputError("not a line of JSON"); }

void JsonLine::skip_blanks() {
  while (at_ < line_.size() &&
         (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r' || line_[at_] == '\n'))
    ++at_;
}

bool JsonLine::accept(char c) {
  skip_blanks();
  if (at_ == line_.size() || line_[at_] != c) return false;
  ++at_;
  return true;
}

void JsonLine::expect(char c) {
  if (!accept(c)) fail();
}

JsonLine::Value JsonLine::parse(std::string_view line) {
  line_ = line;
  at_ = 0;
  nodes_.clear();
  unescaped_.clear();
  unescaped_.reserve(line.size());  // texts only shrink: the views into it stay good
  const auto root = read_value(0);
  skip_blanks();
  if (at_ != line_.size()) fail();
  if (nodes_[root].kind != Kind::object) throw ReplayInputError("not a JSON object");
  return {this, root};
}

std::uint32_t JsonLine::read_value(int depth) {
  if (depth > deepest) throw ReplayInputError("nested too deeply");
  skip_blanks();
  if (at_ == line_.size()) fail();
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.emplace_back();
  const auto set = [&](Kind kind, std::string_view text) {
    nodes_[node].kind = kind;
    nodes_[node].text = text;
  };
  switch (line_[at_]) {
    case '{':
      read_members(node, depth);
      break;
    case '[':
      read_elements(node, depth);
      break;
    case '"':
      set(Kind::text, read_text());
      break;
    case 't':
      read_word("true");
      set(Kind::boolean, "true");
      break;
    case 'f':
      read_word("false");
      set(Kind::boolean, "false");
      break;
    case 'n':
      read_word("null");
      break;
    default:
      set(Kind::number, read_number());
  }
  return node;
}

void JsonLine::read_members(std::uint32_t node, int depth) {
  nodes_[node].kind = Kind::object;
  expect('{');
  if (accept('}')) return;
  std::uint32_t last = 0;
  do {
    skip_blanks();
    if (at_ == line_.size() || line_[at_] != '"') fail();
    const auto key = read_text();
    expect(':');
    const auto value = read_value(depth + 1);
    nodes_[value].key = key;
    (last == 0 ? nodes_[node].first : nodes_[last].next) = value;
    last = value;
  } while (accept(','));
  expect('}');
}

void JsonLine::read_elements(std::uint32_t node, int depth) {
  nodes_[node].kind = Kind::list;
  expect('[');
  if (accept(']')) return;
  std::uint32_t last = 0;
  do {
    const auto value = read_value(depth + 1);
    (last == 0 ? nodes_[node].first : nodes_[last].next) = value;
    last = value;
  } while (accept(','));
  expect(']');
}

void JsonLine::read_word(std::string_view word) {
  if (!line_.substr(at_).starts_with(word)) fail();
  at_ += word.size();
}

std::string_view JsonLine::read_digits_from(std::size_t begin) {
  const auto first = at_;
  while (at_ < line_.size() && is_digit(line_[at_])) ++at_;
  if (at_ == first) fail();
  return line_.substr(begin, at_ - begin);
}

std::string_view JsonLine::read_number() {
  const auto begin = at_;
  if (line_[at_] == '-') ++at_;
  const bool leading_zero = at_ < line_.size() && line_[at_] == '0';
  const auto whole = read_digits_from(at_);
  if (leading_zero && whole.size() > 1) fail();
  if (at_ < line_.size() && line_[at_] == '.') {
    ++at_;
    read_digits_from(begin);
  }
  if (at_ < line_.size() && (line_[at_] == 'e' || line_[at_] == 'E')) {
    ++at_;
    if (at_ < line_.size() && (line_[at_] == '+' || line_[at_] == '-')) ++at_;
    read_digits_from(begin);
  }
  return line_.substr(begin, at_ - begin);
}

std::string_view JsonLine::read_text() {
  const auto begin = ++at_;
  bool escaped = false;
  while (true) {
    if (at_ >= line_.size()) fail();
    const char c = line_[at_];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) fail();
    if (c == '\\') {
      escaped = true;
      at_ += 2;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      ++at_;
    } else {
      const auto length = utf8_sequence(line_.substr(at_));
      if (length == 0) fail();
      at_ += length;
    }
  }
  const auto raw = line_.substr(begin, at_ - begin);
  ++at_;
  return escaped ? unescaped(raw) : raw;
}

std::string_view JsonLine::unescaped(std::string_view raw) {
  const auto begin = unescaped_.size();
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] == '\\') {
      append_escape(raw, at);
    } else {
      unescaped_ += raw[at++];
    }
  }
  return std::string_view(unescaped_).substr(begin);
}

void JsonLine::append_escape(std::string_view raw, std::size_t& at) {
  const auto unit = [&]() -> std::uint32_t {
    std::uint32_t code = 0;
    if (raw.size() - at < 6 || raw[at] != '\\' || raw[at + 1] != 'u') fail();
    const auto* const end = raw.data() + at + 6;
    if (std::from_chars(raw.data() + at + 2, end, code, 16).ptr != end) fail();
    at += 6;
    return code;
  };
  if (raw[at + 1] != 'u') {
    constexpr std::string_view letters = "\"\\/bfnrt";
    const auto which = letters.find(raw[at + 1]);
    if (which == std::string_view::npos) fail();
    unescaped_ += "\"\\/\b\f\n\r\t"[which];
    at += 2;
    return;
  }
  auto code = unit();
  if (code >= 0xdc00 && code < 0xe000) fail();
  if (code >= 0xd800 && code < 0xdc00) {
    const auto low = unit();
    if (low < 0xdc00 || low >= 0xe000) fail();
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  append_utf8(unescaped_, code);
}

// --- values

JsonLine::Value JsonLine::Value::operator[](std::string_view key) const {
  Value found;
  if (kind() != Kind::object) return found;
  for (const auto& member : *this)
    if (member.key() == key) found = member;
  return found;
}

JsonLine::Iterator JsonLine::Value::begin() const {
  return Iterator({line_, line_ != nullptr ? node().first : 0});
}
JsonLine::Iterator JsonLine::Value::end() const { return Iterator({line_, 0}); }

namespace {

using Kind = JsonLine::Kind;

[[noreturn]] void wrong_kind(std::string_view key, std::string_view expected) {
  throw ReplayInputError(fmt::format("\"{}\" is not {}", key, expected));
}

JsonValue field_of_kind(JsonValue object, std::string_view key, Kind kind, std::string_view name) {
  const auto value = object[key];
  if (!value.is_null() && value.kind() != kind) wrong_kind(key, name);
  return value;
}

bool is_default(JsonValue value) {
  switch (value.kind()) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return value.raw() == "false";
    case Kind::number:
      return value.raw().find_first_not_of("-0.") == std::string_view::npos;
    case Kind::text:
      return value.raw().empty();
    case Kind::list:
    case Kind::object:
      break;
  }
  return value.begin() == value.end();
}

void append_members(std::string& out, JsonValue object) {
  std::vector<JsonValue> members;
  for (const auto& member : object)
    if (!is_default(member)) members.push_back(member);
  std::sort(members.begin(), members.end(),
            [](const JsonValue& a, const JsonValue& b) { return a.key() < b.key(); });
  out += '{';
  for (const auto& member : members) {
    if (out.back() != '{') out += ',';
    append_quoted(out, member.key());
    out += ':';
    append_canonical(out, member);
  }
  out += '}';
}

}  // namespace

std::string_view text_of(JsonValue value, std::string_view what) {
  if (value.kind() != Kind::text) wrong_kind(what, "a text");
  return value.raw();
}

std::string_view text_field(JsonValue object, std::string_view key) {
  const auto value = field_of_kind(object, key, Kind::text, "a text");
  return value.is_null() ? std::string_view{} : value.raw();
}

std::string_view name_field(JsonValue object, std::string_view key) {
  const auto text = text_field(object, key);
  if (text.empty()) throw ReplayInputError(fmt::format("\"{}\" is missing", key));
  return text;
}

bool bool_field(JsonValue object, std::string_view key) {
  const auto value = field_of_kind(object, key, Kind::boolean, "true or false");
  return !value.is_null() && value.raw() == "true";
}

std::int64_t int_field(JsonValue object, std::string_view key, std::int64_t least, std::int64_t most) {
  const auto value = field_of_kind(object, key, Kind::number, "a whole number");
  std::int64_t number = 0;
  if (!value.is_null()) {
    const auto text = value.raw();
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ptr != text.data() + text.size()) wrong_kind(key, "a whole number");
    if (parsed.ec != std::errc{})
      throw ReplayInputError(fmt::format("\"{}\" is {:.40}; expected {} to {}", key, text, least, most));
  }
  if (number < least || number > most)
    throw ReplayInputError(fmt::format("\"{}\" is {}; expected {} to {}", key, number, least, most));
  return number;
}

JsonValue list_field(JsonValue object, std::string_view key) {
  return field_of_kind(object, key, Kind::list, "a list");
}

JsonValue object_field(JsonValue object, std::string_view key) {
  return field_of_kind(object, key, Kind::object, "an object");
}

std::uint64_t unsigned_of(JsonValue value, std::string_view what) {
  std::uint64_t number = 0;
  const auto text = value.kind() == Kind::number ? value.raw() : std::string_view{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
    wrong_kind(what, "a whole number from 0 to 18446744073709551615");
  return number;
}

void append_quoted(std::string& out, std::string_view text) {
  const auto is_plain = [](char c) { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; };
  out += '"';
  while (!text.empty()) {
    const auto special = std::find_if_not(text.begin(), text.end(), is_plain);
    out.append(text.begin(), special);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
    if (text.empty()) break;
    if (text.front() == '"' || text.front() == '\\') {
      out += '\\';
      out += text.front();
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(text.front()));
    }
    text.remove_prefix(1);
  }
  out += '"';
}

void append_canonical(std::string& out, JsonValue value) {
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
    case Kind::number:
      out += value.raw();
      return;
    case Kind::text:
      append_quoted(out, value.raw());
      return;
    case Kind::object:
      append_members(out, value);
      return;
    case Kind::list:
      break;
  }
  out += '[';
  for (const auto& element : value) {
    if (out.back() != '[') out += ',';
    append_canonical(out, element);
  }
  out += ']';
}

}  // namespace cidrplan::calico
