#include "models/calico/replay.h"

#include <fmt/format.h>

#include "models/calico/line_replayer.h"

namespace cidrplan::calico {
namespace {

constexpr std::string_view format = "calico-ipam-recording";

Profile profile_of(std::string_view name) {
  if (name == "P31") return Profile::p31;
  if (name == "P32") return Profile::p32;
  if (name == "P33") return Profile::p33;
  throw ReplayInputError(fmt::format("profile \"{:.60}\" is not known; P31, P32 and P33 are", name));
}

/// A recording of the IPAM library.
class IpamReplayer final : public LineReplayer {
 public:
  explicit IpamReplayer(Profile profile)
      : LineReplayer(profile, RecordedCalls::Detail::all, RecordedState::Detail::blocks) {}

 protected:
  void perform(std::string_view op, JsonValue line, std::int64_t seconds, std::string& answer) override {
    if (op == "advance") {
      int_field(line, "seconds", 0, latest_second);
      answer += "{}";
    } else if (!calls().perform(op, line, recorded_time(seconds), answer)) {
      throw ReplayInputError(fmt::format("unknown operation \"{:.60}\"", op));
    }
  }
};

std::unique_ptr<Replayer> make(std::string_view text) {
  JsonLine json;
  const auto header = json.parse(text);
  check_header(header, format);
  return std::make_unique<IpamReplayer>(profile_of(text_field(header, "profile")));
}

}  // namespace

ReplayerSpec ipam_replayer() { return {format, make}; }

}  // namespace cidrplan::calico
