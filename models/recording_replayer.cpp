#include "models/recording_replayer.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/state_digest.h"

namespace cidrplan {
namespace {

constexpr int deepest = 32;  // answers nest four levels; comparing and destroying are recursive
constexpr std::int64_t latest_ms = std::int64_t{1} << 52;

const Json* find(const Json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && !at->is_null() ? &*at : nullptr;
}

bool nests_too_deeply(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > deepest) return true;
  }
  return false;
}

[[noreturn]] void wrong_kind(const char* key, const char* expected) {
  throw ReplayInputError(fmt::format("\"{}\" is not {}", key, expected));
}

/// For a person's terminal: no control characters, which names may hold, and no endless lines.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 2000;
  auto told = text.substr(0, most);
  for (auto& c : told)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text.size() <= most ? told : told + " …";
}

/// Invalid UTF-8 in a name is replaced, not thrown about.
std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Json dump_of(std::optional<std::vector<std::string>> lines) {
  constexpr std::size_t most = 1500;
  if (!lines) return nullptr;
  if (lines->size() > most) return {{"count", lines->size()}};
  std::sort(lines->begin(), lines->end());
  return {{"lines", *lines}};
}

/// A recording may leave the lines out.
bool tells_the_same(const Json& recorded, const Json& dump) {
  for (const auto& [key, value] : dump.items())
    if (recorded.contains(key) && recorded.at(key) != value) return false;
  return true;
}

bool is_default(const Json& value) {
  if (value.is_null()) return true;
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value == 0;
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.empty();
}

}  // namespace

Json parse_object(std::string_view line) {
  if (nests_too_deeply(line)) throw ReplayInputError("nested too deeply");
  auto value = Json::parse(line.begin(), line.end(), nullptr, false);
  if (value.is_discarded()) throw ReplayInputError("not a line of JSON");
  if (!value.is_object()) throw ReplayInputError("not a JSON object");
  return value;
}

std::string text_of(const Json& value, const char* what) {
  if (!value.is_string()) wrong_kind(what, "a text");
  return value.get<std::string>();
}

std::string text_field(const Json& object, const char* key) {
  const auto* value = find(object, key);
  return value != nullptr ? text_of(*value, key) : std::string{};
}

bool bool_field(const Json& object, const char* key) {
  const auto* value = find(object, key);
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong_kind(key, "true or false");
  return value->get<bool>();
}

std::int64_t int_field(const Json& object, const char* key, std::int64_t least, std::int64_t most) {
  const auto* value = find(object, key);
  std::int64_t number = 0;
  if (value != nullptr) {
    if (!value->is_number_integer()) wrong_kind(key, "a whole number");
    const bool huge = value->is_number_unsigned() && value->get<std::uint64_t>() > INT64_MAX;
    number = huge ? INT64_MAX : value->get<std::int64_t>();
  }
  if (number < least || number > most)
    throw ReplayInputError(fmt::format("\"{}\" is {}; expected {} to {}", key, number, least, most));
  return number;
}

const Json& array_field(const Json& object, const char* key) {
  static const Json none = Json::array();
  const auto* value = find(object, key);
  if (value == nullptr) return none;
  if (!value->is_array()) wrong_kind(key, "a list");
  return *value;
}

const Json& object_field(const Json& object, const char* key) {
  static const Json none = Json::object();
  const auto* value = find(object, key);
  if (value == nullptr) return none;
  if (!value->is_object()) wrong_kind(key, "an object");
  return *value;
}

Json without_defaults(const Json& value) {
  if (value.is_array()) {
    Json kept = Json::array();
    for (const auto& element : value) kept.push_back(without_defaults(element));
    return kept;
  }
  if (!value.is_object()) return value;
  Json kept = Json::object();
  for (const auto& [key, member] : value.items())
    if (!is_default(member)) kept[key] = without_defaults(member);
  return kept;
}

RecordingReplayer::Done RecordingReplayer::run(const Json& line) {
  const auto* number = find(line, "i");
  if (number == nullptr || !number->is_number_unsigned())
    throw ReplayInputError("\"i\" is not a whole number from 1 on");
  const SimTime now{int_field(line, "t", 0, latest_ms)};
  if (now < last_) throw ReplayInputError(fmt::format("\"t\" goes back from {} to {}", last_.ms, now.ms));
  last_ = now;
  Done done;
  done.number = number->get<std::uint64_t>();
  const auto op = text_field(line, "op");
  done.answer = perform(op, line, object_field(line, "answer"), now);
  done.state = digest_text(digest());
  if (op == "dump") done.dump = dump_of(dumped_lines());
  return done;
}

std::optional<std::string> RecordingReplayer::check(std::string_view text) {
  const auto line = parse_object(text);
  const auto& recorded = object_field(line, "answer");
  const auto state = text_field(line, "state");
  const auto done = run(line);
  const bool same_answer = without_defaults(done.answer) == without_defaults(recorded);
  const bool same_state = (state.empty() || state == done.state) && tells_the_same(line, done.dump);
  if (same_answer && same_state) return std::nullopt;
  auto difference = fmt::format("operation {} {}\nrecorded {} {}\ncidrplan {} {}", done.number,
                                shortened(text_field(line, "op")), shortened(dumped(recorded)),
                                shortened(state), shortened(dumped(done.answer)), done.state);
  if (!same_state) {
    difference += "\nwhat the operation touched, as cidrplan has it:";
    for (const auto& each : changed_lines()) difference += "\n  " + shortened(each);
  }
  return difference;
}

std::string RecordingReplayer::answer(std::string_view text) {
  const auto line = parse_object(text);
  const auto done = run(line);
  auto told =
      fmt::format(R"({{"i":{},"answer":{},"state":"{}")", done.number, dumped(done.answer), done.state);
  for (const auto& [key, value] : done.dump.items()) told += fmt::format(R"(,"{}":{})", key, dumped(value));
  return told + '}';
}

}  // namespace cidrplan
