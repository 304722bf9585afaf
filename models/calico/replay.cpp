#include "models/calico/replay.h"

#include <fmt/format.h>

#include "models/calico/recorded_calls.h"

namespace cidrplan::calico {
namespace {

constexpr std::string_view format = "calico-ipam-recording";
constexpr std::int64_t latest = 1'000'000'000;  // seconds

std::string shortened(const std::string& text) {
  constexpr std::size_t most = 2000;
  return text.size() <= most ? text : text.substr(0, most) + " …";
}

Profile profile_of(std::string_view name) {
  if (name == "P31") return Profile::p31;
  if (name == "P32") return Profile::p32;
  if (name == "P33") return Profile::p33;
  throw ReplayInputError(fmt::format("profile \"{:.60}\" is not known; P31, P32 and P33 are", name));
}

/// A recording of the IPAM library.
class IpamReplayer final : public Replayer {
 public:
  explicit IpamReplayer(Profile profile)
      : allocator_({profile, std::nullopt, true}), calls_(allocator_, names_), state_(allocator_, names_) {}

  std::optional<std::string> check(std::string_view line) override;
  std::string answer(std::string_view line) override;

 private:
  void run(JsonValue line);
  std::string difference(JsonValue line, bool same_state) const;

  Allocator allocator_;
  HandleNames names_;
  RecordedCalls calls_;
  RecordedState state_;
  JsonLine json_;
  std::int64_t last_ = 0;
  std::uint64_t number_ = 0;
  std::string answer_;
  std::string recorded_;
  std::string lines_;           // of a dump, else empty
  std::string recorded_lines_;  // likewise
};

void IpamReplayer::run(JsonValue line) {
  number_ = unsigned_of(line["i"], "i");
  const auto seconds = int_field(line, "t", 0, latest);
  if (seconds < last_) throw ReplayInputError(fmt::format("\"t\" goes back from {} to {}", last_, seconds));
  last_ = seconds;
  const auto op = name_field(line, "op");
  answer_.clear();
  lines_.clear();
  if (op == "advance") {
    int_field(line, "seconds", 0, latest);
    answer_ = "{}";
  } else if (op == "dump") {
    answer_ = "{}";
    char before = '[';
    for (const auto& each : state_.lines()) {
      lines_ += before;
      append_quoted(lines_, each);
      before = ',';
    }
    lines_ += lines_.empty() ? "[]" : "]";
  } else if (!calls_.perform(op, line, recorded_time(seconds), answer_)) {
    throw ReplayInputError(fmt::format("unknown operation \"{:.60}\"", op));
  }
  state_.update();
}

std::optional<std::string> IpamReplayer::check(std::string_view text) {
  const auto line = json_.parse(text);
  const auto state = text_field(line, "state");
  recorded_.clear();
  append_canonical(recorded_, object_field(line, "answer"));
  if (recorded_ == "null") recorded_ = "{}";
  run(line);
  recorded_lines_.clear();
  if (!lines_.empty()) append_canonical(recorded_lines_, list_field(line, "lines"));
  const bool same_lines = lines_ == recorded_lines_ || recorded_lines_ == "null";
  const bool same_state = state.empty() || state == digest_text(state_.digest());
  if (answer_ == recorded_ && same_lines && same_state) return std::nullopt;
  return difference(line, same_state && same_lines);
}

std::string IpamReplayer::difference(JsonValue line, bool same_state) const {
  auto text =
      fmt::format("operation {} {}\nrecorded {}{} {}\ncidrplan {}{} {}", number_, text_field(line, "op"),
                  shortened(recorded_), shortened(recorded_lines_), text_field(line, "state"),
                  shortened(answer_), shortened(lines_), digest_text(state_.digest()));
  if (same_state) return text;
  text += "\nwhat the operation touched, as cidrplan has it:";
  for (const auto& each : state_.changed_lines()) text += "\n  " + shortened(each);
  return text;
}

std::string IpamReplayer::answer(std::string_view text) {
  run(json_.parse(text));
  const auto lines = lines_.empty() ? std::string{} : R"(,"lines":)" + lines_;
  return fmt::format(R"({{"i":{},"answer":{}{},"state":"{}"}})", number_, answer_, lines,
                     digest_text(state_.digest()));
}

std::unique_ptr<Replayer> make(std::string_view text) {
  JsonLine json;
  const auto header = json.parse(text);
  if (text_field(header, "format") != format)
    throw ReplayInputError(fmt::format("the format is not {}", format));
  if (const auto version = int_field(header, "version", INT64_MIN, INT64_MAX); version != 1)
    throw ReplayInputError(fmt::format("version {} is not known; 1 is", version));
  return std::make_unique<IpamReplayer>(profile_of(text_field(header, "profile")));
}

}  // namespace

ReplayerSpec ipam_replayer() { return {format, make}; }

}  // namespace cidrplan::calico
