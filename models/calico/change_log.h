#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/allocation.h"
#include "models/calico/block.h"

namespace cidrplan::calico {

/// An address that got or lost its owner. A released address that begins to cool is `removed`; one that
/// comes free after its cooldown is not told again.
struct AllocationChange {
  BlockId block = no_block;
  Ordinal ordinal = 0;
  bool added = false;
  HandleId handle = no_handle;
  Owner owner;
  std::uint64_t sequence = 0;  ///< of the allocation, where numbers are kept
};

/// A block that was written, made or removed, and what it was before.
struct BlockChange {
  BlockId block = no_block;
  BlockState before;
};

/// What operations changed, for whoever mirrors the state. Read and cleared by its owner.
struct ChangeLog {
  std::vector<BlockChange> blocks;            ///< in order of their first change; each once until cleared
  std::vector<HandleId> handles;              ///< counts or existence; may repeat
  std::vector<AllocationChange> allocations;  ///< in order; filled where `wants_allocations`
  bool wants_allocations = false;
};

}  // namespace cidrplan::calico
