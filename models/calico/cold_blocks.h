#pragma once

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "models/calico/ids.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

class Allocator;

/// Blocks that hold released addresses in their cooldown (P33). A block that nobody writes would keep them
/// for ever, so the collector writes it once the oldest has cooled.
/// @source projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go (garbageCollectColdIPs)
class ColdBlocks {
 public:
  explicit ColdBlocks(Allocator& allocator) : allocator_(allocator) {}

  /// The block was written.
  void changed(BlockId block, SimTime now);
  /// One pass.
  void collect(SimTime now);
  /// A pass after this moment writes something.
  std::optional<SimTime> next_due() const;

 private:
  void expect(BlockId block, SimTime released);
  void forget(BlockId block);
  SimTime oldest_release(BlockId block, SimTime now) const;

  Allocator& allocator_;
  std::unordered_map<BlockId, SimTime> released_;  // no later than the block's oldest release
  std::set<std::pair<SimTime, BlockId>> by_release_;
};

}  // namespace cidrplan::calico
