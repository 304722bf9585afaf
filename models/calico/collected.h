#pragma once

#include <cstddef>
#include <cstdint>

#include "models/calico/error.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// Something that a pass of the collector did.
struct Collected {
  enum class Kind : std::uint8_t {
    address,       ///< a leaked one, or what a deleted node left, was released
    already_free,  ///< an address that was to be released and was free
    block,         ///< the affinity of an empty block was released
    node,          ///< all affinities of a deleted node were released
    kept_node,     ///< some were not: others use addresses of its blocks
    failure,       ///< the release call failed; nothing else of that pass happened
  };
  SimTime at{};
  Kind kind = Kind::address;
  Address address;
  Prefix block;
  HostId node = no_host;
  ErrorCode error = ErrorCode::none;
};

/// How a pass of the collector ended.
struct PassResult {
  ErrorCode error = ErrorCode::none;  ///< of a release; the pass ended there
  std::uint32_t nodes_left = 0;       ///< deleted nodes that still own blocks
  std::size_t leaks_left = 0;         ///< confirmed leaks not released

  bool failed() const { return error != ErrorCode::none || nodes_left > 0 || leaks_left > 0; }
};

}  // namespace cidrplan::calico
