#pragma once

#include <cstdint>

#include "models/calico/ids.h"
#include "planner/net/address.h"

namespace cidrplan::calico {

/// What the collector learns about the pod that an address was given to.
struct PodFacts {
  bool exists = false;
  HostId node = no_host;           ///< where it runs; none: not bound yet
  bool reports_addresses = false;  ///< its status names addresses
  bool reports_this_one = false;
  bool finished = false;  ///< phase Succeeded or Failed, so evicted too
};

/// Who answers: the controller's own cache of pods, or the API itself.
enum class PodSource : std::uint8_t { cache, api };

/// The pods of the cluster, by Owner::subject.
class PodView {
 public:
  virtual ~PodView() = default;
  virtual PodFacts pod(std::uint32_t subject, const Address& address, PodSource source) const = 0;
};

}  // namespace cidrplan::calico
