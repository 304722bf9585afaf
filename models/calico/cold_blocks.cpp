#include "models/calico/cold_blocks.h"

#include <algorithm>
#include <vector>

#include "models/calico/allocator.h"

namespace cidrplan::calico {
namespace {

/// What a release at that moment is stamped with.
SimTime stamp(SimTime now) { return SimTime{now.ms / 1000 * 1000}; }

}  // namespace

void ColdBlocks::expect(BlockId block, SimTime released) {
  released_[block] = released;
  by_release_.emplace(released, block);
}

void ColdBlocks::forget(BlockId block) {
  const auto at = released_.find(block);
  if (at == released_.end()) return;
  by_release_.erase({at->second, block});
  released_.erase(at);
}

void ColdBlocks::changed(BlockId id, SimTime now) {
  const auto& block = allocator_.store()[id];
  const bool cold = block.exists() && block.cooling() > 0;
  if (!cold)
    forget(id);
  else if (released_.find(id) == released_.end())
    expect(id, stamp(now));
}

SimTime ColdBlocks::oldest_release(BlockId id, SimTime now) const {
  const auto& block = allocator_.store()[id];
  auto oldest = now;
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto* allocation = allocator_.store().allocation_of(id, static_cast<Ordinal>(i));
    if (allocation != nullptr && allocation->kind() == OwnerKind::cooling)
      oldest = std::min(oldest, allocation->released());
  }
  return oldest;
}

std::optional<SimTime> ColdBlocks::next_due() const {
  if (by_release_.empty()) return std::nullopt;
  return by_release_.begin()->first + allocator_.data().config.cooldown;
}

void ColdBlocks::collect(SimTime now) {
  std::vector<BlockId> due;
  for (const auto& [released, block] : by_release_) {
    if (now - released <= allocator_.data().config.cooldown) break;
    due.push_back(block);
  }
  for (const auto block : due) {
    allocator_.collect_cooled(block, now);
    forget(block);
    const auto& stored = allocator_.store()[block];
    if (stored.exists() && stored.cooling() > 0) expect(block, oldest_release(block, now));
  }
}

}  // namespace cidrplan::calico
