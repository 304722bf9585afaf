// Whatever a recording of node IPAM holds, it is replayed or refused with a ReplayInputError.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "models/overlay/node_cidr_replay.h"

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
        replayer = overlay::node_cidr_replayer().make(line);
    }
  } catch (const ReplayInputError&) {
    // the answer to a line that is no operation
  }
  return 0;
}
