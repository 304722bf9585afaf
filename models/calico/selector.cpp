#include "models/calico/selector.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace cidrplan::calico {

/// A condition; `and_` and `or_` hold of their parts, `not_` of its one part.
class Selector::Node {
 public:
  enum class Kind : std::uint8_t {
    all,
    has,
    equal,
    not_equal,
    in,
    not_in,
    contains,
    starts_with,
    ends_with,
    not_,
    and_,
    or_
  };

  Kind kind = Kind::all;
  std::string label;
  std::vector<std::string> values;
  std::vector<Node> parts;

  bool holds(const Labels& labels) const;

 private:
  bool holds_of(const std::string* value) const;
};

bool Selector::Node::holds(const Labels& labels) const {
  const auto part_holds = [&](const Node& part) { return part.holds(labels); };
  switch (kind) {
    case Kind::all:
      return true;
    case Kind::not_:
      return !parts.front().holds(labels);
    case Kind::and_:
      return std::all_of(parts.begin(), parts.end(), part_holds);
    case Kind::or_:
      return std::any_of(parts.begin(), parts.end(), part_holds);
    default:
      return holds_of(labels.find(label));
  }
}

bool Selector::Node::holds_of(const std::string* value) const {
  if (value == nullptr) return kind == Kind::not_equal || kind == Kind::not_in;
  const auto is_value = [&] { return std::find(values.begin(), values.end(), *value) != values.end(); };
  switch (kind) {
    case Kind::has:
      return true;
    case Kind::equal:
    case Kind::in:
      return is_value();
    case Kind::not_equal:
    case Kind::not_in:
      return !is_value();
    case Kind::contains:
      return value->find(values.front()) != std::string::npos;
    case Kind::starts_with:
      return value->starts_with(values.front());
    default:
      return value->ends_with(values.front());
  }
}

namespace {

constexpr int deepest = 200;  // brackets within brackets; ours

struct Failure {
  std::string what;
  std::size_t position;
};

using Node = Selector::Node;
using Kind = Selector::Node::Kind;

/// Reads the text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }

  Node either() {
    return several(Kind::or_, "||", [this] { return both(); });
  }

  [[noreturn]] void fail(std::string what) const { throw Failure{std::move(what), at_}; }

 private:
  template <typename Part>
  Node several(Kind kind, std::string_view sign, Part part) {
    Node first = part();
    skip_blanks();
    if (!rest().starts_with(sign)) return first;
    Node all;
    all.kind = kind;
    all.parts.push_back(std::move(first));
    while (accept(sign)) all.parts.push_back(part());
    return all;
  }

  Node both() {
    return several(Kind::and_, "&&", [this] { return negation(); });
  }

  Node negation() {
    bool negated = false;
    while (accept("!")) negated = !negated;
    Node inner = operation();
    if (!negated) return inner;
    Node node;
    node.kind = Kind::not_;
    node.parts.push_back(std::move(inner));
    return node;
  }

  Node operation() {
    if (at_end()) fail("the selector ends where a condition should stand");
    if (accept("(")) return bracket();
    if (accept("has(")) return has();
    for (const std::string_view name : {"all(", "global("}) {
      if (!accept(name)) continue;
      if (!accept(")")) fail("no ')' after '" + std::string(name) + "'");
      return {};
    }
    Node node;
    node.label = label();
    if (node.label.empty()) fail("neither a label nor a condition");
    comparison(node);
    return node;
  }

  Node bracket() {
    if (++depth_ > deepest) fail("too many brackets within brackets");
    Node inner = either();
    if (!accept(")")) fail("no ')' for a '('");
    --depth_;
    return inner;
  }

  Node has() {
    Node node;
    node.kind = Kind::has;
    skip_blanks();
    node.label = label();
    if (node.label.empty()) fail("no label in has()");
    if (!accept(")")) fail("no ')' after 'has('");
    return node;
  }

  void comparison(Node& node) {
    if (accept("==")) return value(node, Kind::equal);
    if (accept("!=")) return value(node, Kind::not_equal);
    if (accept("contains")) return value(node, Kind::contains);
    if (accept("starts", "with")) return value(node, Kind::starts_with);
    if (accept("ends", "with")) return value(node, Kind::ends_with);
    if (accept("not", "in")) return set(node, Kind::not_in);
    if (accept("in")) return set(node, Kind::in);
    fail("no operator after the label '" + node.label + "'");
  }

  void value(Node& node, Kind kind) {
    node.kind = kind;
    skip_blanks();
    if (!at_quote()) fail("no quoted value after the operator");
    node.values.push_back(literal());
  }

  void set(Node& node, Kind kind) {
    node.kind = kind;
    if (!accept("{")) fail("no '{' after the operator");
    for (skip_blanks(); at_quote(); skip_blanks()) {
      node.values.push_back(literal());
      if (!accept(",")) break;
    }
    if (!accept("}")) fail("no '}' for a '{'");
  }

  bool at_quote() const { return at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\''); }

  std::string literal() {
    const char quote = text_[at_];
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a quoted value without end");
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return inside;
  }

  std::string label() {
    const auto is_part = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '.' || c == '/' || c == '-';
    };
    const auto begin = at_;
    while (at_ < text_.size() && is_part(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view rest() const { return text_.substr(at_); }
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool accept(std::string_view sign) {
    skip_blanks();
    if (!rest().starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  bool accept(std::string_view word, std::string_view second) {
    const auto begin = at_;
    if (accept(word) && accept(second)) return true;
    at_ = begin;
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

SelectorParse Selector::parse(std::string_view text) {
  SelectorParse parsed;
  parsed.selector.text_ = text;
  Reader reader(text);
  if (reader.at_end()) return parsed;
  try {
    Node root = reader.either();
    if (!reader.at_end()) reader.fail("something follows the end of the condition");
    if (root.kind != Kind::all) parsed.selector.root_ = std::make_shared<const Node>(std::move(root));
  } catch (const Failure& failure) {
    parsed.error = failure.what;
    parsed.position = failure.position;
  }
  return parsed;
}

bool Selector::matches(const Labels& labels) const { return root_ == nullptr || root_->holds(labels); }

}  // namespace cidrplan::calico
