// Whatever a recording of Calico's IPAM library or of its collector holds (the first line says which), it is
// replayed or refused with a ReplayInputError.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "models/calico/replay.h"

namespace {

cidrplan::ReplayerSpec spec_for(std::string_view header) {
  const bool collector = header.find("calico-gc") != std::string_view::npos;
  return collector ? cidrplan::calico::collector_replayer() : cidrplan::calico::ipam_replayer();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cidrplan;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::unique_ptr<Replayer> replayer;
  try {
    while (!text.empty()) {
      const auto line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() < text.size() ? line.size() + 1 : text.size());
      if (replayer)
        replayer->check(line);
      else
        replayer = spec_for(line).make(line);
    }
  } catch (const ReplayInputError&) {
    // the answer to a line that is no operation
  }
  return 0;
}
