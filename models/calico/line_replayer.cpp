#include "models/calico/line_replayer.h"

#include <fmt/format.h>

#include "models/calico/kubectl_objects.h"
#include "models/calico/show_tables.h"

namespace cidrplan::calico {
namespace {

std::string shortened(const std::string& text) {
  constexpr std::size_t most = 2000;
  return text.size() <= most ? text : text.substr(0, most) + " …";
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string list;
  char before = '[';
  for (const auto& text : texts) {
    list += before;
    append_quoted(list, text);
    before = ',';
  }
  return list.empty() ? "[]" : list + ']';
}

}  // namespace

LineReplayer::LineReplayer(Profile profile, RecordedCalls::Detail detail, RecordedState::Detail noted)
    : allocator_({profile, std::nullopt, true}),
      calls_(allocator_, names_, detail),
      state_(allocator_, names_, noted),
      parts_{{"state", "lines", {}, {}}} {}

void LineReplayer::run(JsonValue line) {
  number_ = unsigned_of(line["i"], "i");
  const auto seconds = int_field(line, "t", 0, latest_second);
  if (seconds < last_) throw ReplayInputError(fmt::format("\"t\" goes back from {} to {}", last_, seconds));
  last_ = seconds;
  const auto op = name_field(line, "op");
  const bool dumps = op == "dump";
  answer_.clear();
  if (dumps)
    answer_ = "{}";
  else
    perform(op, line, seconds, answer_);
  state_.update();

  const auto lines = dumps ? state_.lines() : std::vector<std::string>{};
  describe(parts_[0], state_.digest(), dumps ? &lines : nullptr);
  if (second_name().empty()) return;
  const auto more = dumps ? second_lines() : std::vector<std::string>{};
  if (parts_.size() == 1)
    parts_.push_back({std::string(second_name()), std::string(second_name()) + "_lines", {}, {}});
  describe(parts_[1], second_digest(), dumps ? &more : nullptr);
}

void LineReplayer::describe(Part& part, std::uint64_t digest, const std::vector<std::string>* dumped) const {
  part.digest = digest_text(digest);
  part.lines = dumped != nullptr ? json_list(*dumped) : std::string{};
}

/// @param recorded_lines  what the recording has, as canonical text
bool LineReplayer::is_same(const Part& part, JsonValue line, std::string& recorded_lines) {
  const auto digest = text_field(line, part.name);
  if (!part.lines.empty()) append_canonical(recorded_lines, list_field(line, part.lines_name));
  const bool same_lines = part.lines == recorded_lines || recorded_lines == "null" ||
                          (part.lines == "[]" && recorded_lines.empty());
  return same_lines && (digest.empty() || digest == part.digest);
}

std::optional<std::string> LineReplayer::check(std::string_view text) {
  const auto line = json_.parse(text);
  recorded_.clear();
  append_canonical(recorded_, object_field(line, "answer"));
  if (recorded_ == "null") recorded_ = "{}";
  run(line);
  bool same = true;
  std::vector<std::string> recorded_lines;
  for (const auto& part : parts_) same &= is_same(part, line, recorded_lines.emplace_back());
  if (same && answer_ == recorded_) return std::nullopt;
  auto told = difference(line, recorded_lines);
  if (same) return told;
  told += "\nwhat the operation touched, as cidrplan has it:";
  for (const auto& each : state_.changed_lines()) told += "\n  " + shortened(each);
  for (const auto& each : second_lines()) told += "\n  " + shortened(each);
  return told;
}

std::string LineReplayer::difference(JsonValue line, const std::vector<std::string>& recorded_lines) const {
  auto recorded = "\nrecorded " + shortened(recorded_);
  auto ours = "\ncidrplan " + shortened(answer_);
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const auto digest = text_field(line, parts_[i].name);
    recorded += shortened(recorded_lines[i]) + (digest.empty() ? "" : " ") + std::string(digest);
    ours += shortened(parts_[i].lines) + ' ' + parts_[i].digest;
  }
  return fmt::format("operation {} {}{}{}", number_, text_field(line, "op"), recorded, ours);
}

std::string LineReplayer::answer(std::string_view text) {
  run(json_.parse(text));
  auto told = fmt::format(R"({{"i":{},"answer":{})", number_, answer_);
  for (const auto& part : parts_)
    if (!part.lines.empty()) told += fmt::format(R"(,"{}":{})", part.lines_name, part.lines);
  for (const auto& part : parts_) told += fmt::format(R"(,"{}":"{}")", part.name, part.digest);
  return told + '}';
}

std::optional<std::string> LineReplayer::view(std::string_view name) const {
  if (name == "show-blocks") return show_blocks(data());
  if (name == "show-borrowed") return show_borrowed(data(), names_);
  if (name == "json") return kubectl_objects(data(), names_);
  return std::nullopt;
}

void check_header(JsonValue header, std::string_view format) {
  if (text_field(header, "format") != format)
    throw ReplayInputError(fmt::format("the format is not {}", format));
  if (const auto version = int_field(header, "version", INT64_MIN, INT64_MAX); version != 1)
    throw ReplayInputError(fmt::format("version {} is not known; 1 is", version));
}

}  // namespace cidrplan::calico
