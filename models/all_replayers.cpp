#include <array>

#include "models/aws/replay.h"
#include "models/overlay/host_local_replay.h"
#include "models/overlay/node_cidr_replay.h"
#include "models/replayer.h"

namespace cidrplan {

std::span<const ReplayerSpec> all_replayers() {
  static const std::array replayers{
      overlay::host_local_replayer(),
      aws::ipamd_replayer(),
      overlay::node_cidr_replayer(),
  };
  return replayers;
}

}  // namespace cidrplan
