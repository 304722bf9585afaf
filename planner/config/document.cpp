#include "planner/config/document.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>
#include <utility>

// toml++ 3.3 checks some of its input by assertions only: a header that begins with no key, such as `[*`,
// aborts, and with NDEBUG is undefined behaviour. Here a failed assertion is an exception in every build,
// caught below.
namespace cidrplan {
struct ParserGaveUp {};
[[noreturn]] static void give_up_parsing() { throw ParserGaveUp{}; }
}  // namespace cidrplan
#undef NDEBUG
#define TOML_ASSERT(condition) (static_cast<bool>(condition) ? void(0) : ::cidrplan::give_up_parsing())
#if __has_include(<toml++/toml.hpp>)
#include <toml++/toml.hpp>
#else
#include <toml++/toml.h>
#endif

namespace cidrplan {
namespace {

constexpr std::size_t longest_shown = 60;
constexpr int longest_dotted_key = 64;

/// The parser's places count code points; ours count bytes.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  Span at(const toml::source_position& position) const {
    if (position.line == 0 || position.line > starts_.size()) return {1, 1, 1};
    return {position.line, static_cast<std::uint32_t>(byte_of(position) + 1), 1};
  }

  Span at_byte(std::size_t byte) const {
    const auto line = std::upper_bound(starts_.begin(), starts_.end(), byte) - starts_.begin();
    const std::size_t start = starts_[static_cast<std::size_t>(line - 1)];
    return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(byte - start + 1), 1};
  }

  Span of(const toml::source_region& region) const {
    Span span = at(region.begin);
    const auto line = line_at(span.line);
    const std::size_t begin = std::min<std::size_t>(span.column - 1, line.size());
    std::size_t end = line.size();
    if (region.end.line == region.begin.line) end = std::min(byte_of(region.end), line.size());
    span.length = static_cast<std::uint32_t>(std::max<std::size_t>(end > begin ? end - begin : 1, 1));
    return span;
  }

  /// Whether the place is where a line ends.
  bool is_line_end(const Span& span) const { return span.column > line_at(span.line).size(); }

  /// A table's region is where its header or brace opens.
  Span of_table(const toml::source_region& region) const {
    Span span = of(region);
    const auto line = line_at(span.line);
    const std::size_t begin = std::min<std::size_t>(span.column - 1, line.size());
    if (begin >= line.size() || line[begin] != '[') return span;
    const std::size_t close = line.find(']', begin);
    if (close == std::string_view::npos) return span;
    const bool twice = line.substr(close, 2) == "]]";
    span.length = static_cast<std::uint32_t>(close - begin + (twice ? 2 : 1));
    return span;
  }

 private:
  std::string_view line_at(std::uint32_t number) const {
    const std::size_t begin = starts_[number - 1];
    const std::size_t end = number < starts_.size() ? starts_[number] - 1 : text_.size();
    auto line = text_.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

  /// Looked up, not counted: a line may be megabytes long and hold a value every few bytes.
  std::size_t byte_of(const toml::source_position& position) const {
    const auto& characters = characters_of(position.line);
    const std::size_t column = position.column - 1;
    if (characters.empty()) return column;
    return characters[std::min<std::size_t>(column, characters.size() - 1)];
  }

  /// Where the characters of a line begin, its end included; none where they are bytes.
  const std::vector<std::uint32_t>& characters_of(std::uint32_t number) const {
    const auto [at, fresh] = characters_.try_emplace(number);
    if (!fresh) return at->second;
    const std::size_t next = number < starts_.size() ? starts_[number] : text_.size();
    const auto line = text_.substr(starts_[number - 1], next - starts_[number - 1]);
    const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    if (std::none_of(line.begin(), line.end(), is_beyond_ascii)) return at->second;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if ((static_cast<unsigned char>(line[i]) & 0xC0u) != 0x80u)
        at->second.push_back(static_cast<std::uint32_t>(i));
    }
    at->second.push_back(static_cast<std::uint32_t>(line.size()));
    return at->second;
  }

  std::string_view text_;
  std::vector<std::size_t> starts_;
  mutable std::map<std::uint32_t, std::vector<std::uint32_t>> characters_;
};

/// Copies the parser's tree into ours.
class Copier {
 public:
  Copier(const Places& places, Diagnostics& diagnostics) : places_(places), diagnostics_(diagnostics) {}

  Table table(const toml::table& from, int depth) {
    Table to;
    for (const auto& [key, node] : from) {
      to.entries.push_back({std::string(key.str()), places_.of(key.source()), value(node, depth)});
    }
    std::stable_sort(to.entries.begin(), to.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key_span < b.key_span; });
    return to;
  }

 private:
  Value value(const toml::node& node, int depth) {
    Value to;
    to.span = node.is_table() || node.is_array_of_tables() ? places_.of_table(node.source())
                                                           : places_.of(node.source());
    if (const auto* boolean = node.as_boolean()) to.held = boolean->get();
    if (const auto* integer = node.as_integer()) to.held = static_cast<std::int64_t>(integer->get());
    if (const auto* number = node.as_floating_point()) to.held = number->get();
    if (const auto* text = node.as_string()) to.held = text->get();
    if (const auto* date = node.as_date()) to.held = date_of(date->get());
    if (node.is_time() || node.is_date_time()) to.held = TimeValue{};
    if (!node.is_table() && !node.is_array()) return to;

    if (depth == Document::deepest) {
      diagnostics_.error(
          "too-deep", to.span,
          "tables and lists are nested more than " + std::to_string(Document::deepest) + " deep");
      return to;
    }
    if (const auto* nested = node.as_table()) to.held = table(*nested, depth + 1);
    if (const auto* list = node.as_array()) {
      Array items;
      for (const auto& item : *list) items.push_back(value(item, depth + 1));
      to.held = std::move(items);
    }
    return to;
  }

  static Date date_of(const toml::date& date) {
    return Date(std::chrono::year(date.year), std::chrono::month(date.month), std::chrono::day(date.day));
  }

  const Places& places_;
  Diagnostics& diagnostics_;
};

/// Dotted keys nest without brackets, and the parser does not bound them: a chain of names joined by dots is
/// measured before it sees them. Longer chains in plain text are refused too, which nobody writes.
std::optional<Span> find_endless_key(std::string_view text) {
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  int dots = 0;
  bool named = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.') {
      dots = named ? dots + 1 : 0;
      named = false;
      if (dots > longest_dotted_key) return Span{line, static_cast<std::uint32_t>(i - line_start + 1), 1};
    } else if (c == '\n' || c == ',' || c == '=' || c == '[' || c == ']' || c == '{' || c == '}') {
      dots = 0;
      named = false;
    } else if (c != ' ' && c != '\t') {
      named = true;
    }
    if (c == '\n') {
      ++line;
      line_start = i + 1;
    }
  }
  return std::nullopt;
}

/// Where the parser would meet a byte beyond ASCII in no string and no comment. toml++ 3.3 runs into
/// undefined behaviour there (impl/unicode_autogenerated.h, is_non_ascii_horizontal_whitespace), so it must
/// not see one.
class StraySearch {
 public:
  struct Stray {
    std::size_t byte;
    bool quote;  ///< the place is a quote that opens no string, behind which such a byte follows
  };

  explicit StraySearch(std::string_view text) : text_(text) {}

  std::optional<Stray> find() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) >= 0x80) return Stray{at_, false};
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        if (!may_open_) return stray_behind(at_);
        skip_string(c);
        may_open_ = false;
      } else {
        ++at_;
        step(c);
      }
    }
    return std::nullopt;
  }

 private:
  /// Keeps track of where a quote opens a string: where a key or a value may begin. Within a bare value it
  /// does not.
  void step(char c) {
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
        return;
      case '\n':
        may_open_ = true;
        in_value_ = !open_.empty();
        return;
      case '=':
        may_open_ = true;
        in_value_ = true;
        return;
      case ',':
        may_open_ = true;
        in_value_ = !open_.empty() && open_.back() == '[';
        return;
      case '[':
      case '{':
        if (may_open_ && in_value_) open_.push_back(c);
        if (c == '{') in_value_ = false;
        return;
      case ']':
      case '}':
        if (!open_.empty()) open_.pop_back();
        may_open_ = false;
        return;
      case '.':
        may_open_ = !in_value_;
        return;
      default:
        may_open_ = false;
    }
  }

  std::optional<Stray> stray_behind(std::size_t quote) const {
    const auto is_beyond_ascii = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
    const bool follows =
        std::any_of(text_.begin() + static_cast<std::ptrdiff_t>(quote), text_.end(), is_beyond_ascii);
    return follows ? std::optional(Stray{quote, true}) : std::nullopt;
  }

  void skip_string(char quote) {
    const std::string fence(3, quote);
    const bool several_lines = text_.substr(at_, 3) == fence;
    at_ += several_lines ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && quote == '"') {
        at_ += 2;
      } else if (several_lines && text_.substr(at_, 3) == fence) {
        // Up to two quotes before the closing three belong to the string.
        for (int i = 0; i < 5 && at_ < text_.size() && text_[at_] == quote; ++i) ++at_;
        return;
      } else if (!several_lines && (c == quote || c == '\n')) {
        ++at_;
        return;
      } else {
        ++at_;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool may_open_ = true;
  bool in_value_ = false;
  std::vector<char> open_;  // brackets of values
};

constexpr std::string_view stopped_here = "reading stopped here; other mistakes show once this is right";

/// Of the parser's descriptions those that do not help; the rest is passed on.
struct Wording {
  std::string_view theirs;
  std::string_view ours;
  std::string_view hint;
};
constexpr std::array wordings{
    Wording{"unescaped control characters", "the text in quotes has a control character in it", stopped_here},
    Wording{"invalid utf-8", "this byte is no UTF-8", "save the file as UTF-8"},
    Wording{"parsing string: encountered end-of-file", "the quotes are not closed", stopped_here},
    Wording{"integer: expected digit, saw", "a number goes on with a letter",
            "quantities stand in quotes, for instance \"3y\" or \"30s\""},
    Wording{"float: expected digit, saw", "a number goes on with a letter",
            "quantities stand in quotes, for instance \"1.5h\" or \"2.5%\""},
};

Wording in_better_words(const toml::parse_error& problem, bool at_line_end) {
  for (const auto& wording : wordings)
    if (problem.description().find(wording.theirs) != std::string_view::npos) {
      // The end of the line is a control character too.
      const bool open = at_line_end && &wording == wordings.data();
      return open ? Wording{{}, "the quotes are not closed on this line", stopped_here} : wording;
    }
  return {{}, {}, stopped_here};
}

std::string in_their_words(const toml::parse_error& problem) {
  std::string words(problem.description());
  constexpr std::string_view preface = "Error while ";
  if (words.starts_with(preface)) words.erase(0, preface.size());
  if (words.size() > 200) words.resize(200);
  return words;
}

bool parser_gives_up(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
  } catch (const toml::parse_error&) {
  } catch (const ParserGaveUp&) {
    return true;
  }
  return false;
}

/// The first line with which the parser gives up. It reads forward, so what follows makes no difference.
Span find_where_it_gives_up(std::string_view text) {
  std::vector<std::size_t> line_ends;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') line_ends.push_back(i + 1);
  }
  line_ends.push_back(text.size());
  const auto line = std::partition_point(line_ends.begin(), line_ends.end(), [&](std::size_t end) {
    return !parser_gives_up(text.substr(0, end));
  });
  const auto number = std::min<std::ptrdiff_t>(line - line_ends.begin(), std::ssize(line_ends) - 1);
  return {static_cast<std::uint32_t>(number + 1), 1, 1};
}

void set_spans(Value& value, Span place) {
  value.span = place;
  if (auto* const list = std::get_if<Array>(&value.held)) {
    for (auto& item : *list) set_spans(item, place);
  }
  if (auto* const table = std::get_if<Table>(&value.held)) {
    for (auto& entry : table->entries) {
      entry.key_span = place;
      set_spans(entry.value, place);
    }
  }
}

}  // namespace

const Value* Table::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Value* Table::find(std::string_view key) { return const_cast<Value*>(std::as_const(*this).find(key)); }

std::string_view kind_of(const Value& value) {
  struct Kind {
    std::string_view operator()(bool) const { return "true or false"; }
    std::string_view operator()(std::int64_t) const { return "a whole number"; }
    std::string_view operator()(double) const { return "a number"; }
    std::string_view operator()(const std::string&) const { return "text"; }
    std::string_view operator()(const Date&) const { return "a date"; }
    std::string_view operator()(const TimeValue&) const { return "a time"; }
    std::string_view operator()(const Array&) const { return "a list"; }
    std::string_view operator()(const Table&) const { return "a table"; }
  };
  return std::visit(Kind{}, value.held);
}

std::string shown(const Value& value) {
  struct Show {
    std::string operator()(bool held) const { return held ? "true" : "false"; }
    std::string operator()(std::int64_t held) const { return std::to_string(held); }
    std::string operator()(double held) const {
      std::ostringstream out;
      out.imbue(std::locale::classic());
      out << held;
      return out.str();
    }
    std::string operator()(const std::string& held) const {
      if (held.size() <= longest_shown) return '"' + held + '"';
      std::size_t end = longest_shown;
      while (end > 0 && (static_cast<unsigned char>(held[end]) & 0xC0u) == 0x80u) --end;
      return '"' + held.substr(0, end) + "...\"";
    }
    std::string operator()(const Date& held) const { return to_string(held); }
    std::string operator()(const TimeValue&) const { return "a time"; }
    std::string operator()(const Array&) const { return "a list"; }
    std::string operator()(const Table&) const { return "a table"; }
  };
  return std::visit(Show{}, value.held);
}

std::optional<Document> Document::parse(std::string_view text, Diagnostics& diagnostics) {
  if (text.size() > largest_text) {
    diagnostics.error("too-large", {},
                      "the text is larger than " + std::to_string(largest_text >> 20) + " MiB");
    return std::nullopt;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    diagnostics.error("bad-toml", {1, 1, 1}, "the text is UTF-16", "save it as UTF-8");
    return std::nullopt;
  }
  if (const auto place = find_endless_key(text)) {
    diagnostics.error("too-deep", *place,
                      "a name has more than " + std::to_string(longest_dotted_key) + " parts joined by dots");
    return std::nullopt;
  }
  const Places places(text);
  if (const auto stray = StraySearch(text).find()) {
    diagnostics.error(
        "bad-toml", places.at_byte(stray->byte),
        stray->quote ? "this quote opens no text" : "letters beyond ASCII stand in quotes or comments only",
        std::string(stopped_here));
    return std::nullopt;
  }
  try {
    const toml::table parsed = toml::parse(text);
    Document document;
    Diagnostics too_deep;
    document.root_ = Copier(places, too_deep).table(parsed, 1);
    if (!too_deep.has_errors()) return document;
    diagnostics.add(too_deep.sorted().front());
    return std::nullopt;
  } catch (const toml::parse_error& problem) {
    const auto place = places.of(problem.source());
    const auto better = in_better_words(problem, places.is_line_end(place));
    diagnostics.error("bad-toml", place,
                      better.ours.empty() ? in_their_words(problem) : std::string(better.ours),
                      std::string(better.hint));
  } catch (const ParserGaveUp&) {
    diagnostics.error("bad-toml", find_where_it_gives_up(text),
                      "this line is no key, table header or comment", std::string(stopped_here));
  }
  return std::nullopt;
}

Value parse_value(std::string_view text, Span place) {
  Value value;
  value.held = std::string(text);
  Diagnostics unused;
  if (text.size() <= longest_shown * 100 && text.find('\n') == std::string_view::npos) {
    auto document = Document::parse("value = " + std::string(text), unused);
    if (document && document->root().entries.size() == 1 && !unused.has_errors()) {
      value = std::move(document->root().entries.front().value);
    }
  }
  set_spans(value, place);
  return value;
}

}  // namespace cidrplan
