#include <array>

#include "models/aws/replay.h"
#include "models/calico/replay.h"
#include "models/overlay/host_local_replay.h"
#include "models/overlay/node_cidr_replay.h"
#include "models/replayer.h"

namespace cidrplan {

std::span<const ReplayerSpec> all_replayers() {
  static const std::array replayers{
      calico::collector_replayer(), calico::ipam_replayer(),       overlay::host_local_replayer(),
      aws::ipamd_replayer(),        overlay::node_cidr_replayer(),
  };
  return replayers;
}

}  // namespace cidrplan
