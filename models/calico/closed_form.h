#pragma once

#include <span>

#include "models/calico/node_class.h"

namespace cidrplan::calico {

/// Between which counts of addresses the blocks of one family lie. An interval, because what a node holds
/// depends on its past: it claims a block when those it has are full, and gives one back only when it is
/// wholly empty.
struct HeldInBlocks {
  Interval addresses;
  bool may_lack = false;  ///< some node may have to do without
};
HeldInBlocks held_in_blocks(const CalicoOptions& options, std::span<const NodeClass> classes,
                            const DemandAt& today, const DemandAt& running_peak, Family family);

}  // namespace cidrplan::calico
