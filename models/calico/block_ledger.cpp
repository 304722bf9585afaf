#include "models/calico/block_ledger.h"

#include "planner/net/contract.h"

namespace cidrplan::calico {

BlockLedger::BlockLedger(const Allocator& allocator) : allocator_(allocator) {}

void BlockLedger::set_living(HostId host, bool living) {
  if (living_.size() <= slot_of(host)) living_.resize(slot_of(host) + 1);
  living_[slot_of(host)] = living;
}

BlockLedger::Change BlockLedger::update(BlockId block) {
  if (seen_.size() <= slot_of(block)) seen_.resize(slot_of(block) + 1);
  auto& seen = seen_[slot_of(block)];
  const Seen before = seen;
  look(block, seen);
  if (before.exists && seen.exists && before.owner == seen.owner && before.living == seen.living)
    count_again(before, seen);
  else
    count_anew(before, seen);

  Change change;
  change.pool = seen.exists ? seen.pool : before.pool;
  change.owner = seen.exists ? seen.owner : before.owner;
  change.size = (seen.exists ? seen.size_minus_one : before.size_minus_one) + 1u;
  if (before.exists && seen.exists) change.freed = seen.free - before.free;
  change.gone = before.exists && !seen.exists;
  change.emptied = seen.exists && seen.used == 0 && before.used > 0;
  change.cools = seen.cooling > before.cooling;
  return change;
}

void BlockLedger::look(BlockId id, Seen& seen) const {
  const auto& block = allocator_.store()[id];
  if (!block.exists()) {
    seen = {};
    return;
  }
  const auto& data = allocator_.data();
  if (!seen.exists) {
    seen.pool = data.pools.pool_of(block.address(0));
    CIDRPLAN_EXPECTS(seen.pool != no_pool);  // every block of a plan is cut from a pool of it
    seen.size_minus_one = static_cast<std::uint16_t>(block.size() - 1);
    seen.reserved = !data.reservations.empty() && data.reservations.touches(block.cidr());
    seen.exists = true;
  }
  seen.owner = block.owner();
  seen.living = is_living(seen.owner);
  seen.free = static_cast<std::uint16_t>(block.free());
  seen.kept = static_cast<std::uint8_t>(block.kept_by_windows());
  seen.used = static_cast<std::uint16_t>(block.used() - block.kept_by_windows());
  seen.cooling = static_cast<std::uint16_t>(block.cooling());
  if (!seen.reserved) return;
  std::uint32_t reserved = 0, free = 0;
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto ordinal = static_cast<Ordinal>(i);
    if (!data.reservations.covers(block.address(ordinal))) continue;
    ++reserved;
    free += block.is_free(ordinal) ? 1 : 0;
  }
  seen.free = static_cast<std::uint16_t>(seen.free - free);
  seen.reserved_taken = static_cast<std::uint16_t>(reserved - free);
}

/// The block is the same and whose it was: only its addresses changed.
void BlockLedger::count_again(const Seen& before, const Seen& now) {
  auto& sums = sums_[slot_of(now.pool)];
  const std::int64_t freed = now.free - before.free;
  const std::int64_t taken = (now.used + now.kept) - (before.used + before.kept);
  auto& free = now.living ? sums.idle : sums.stray;
  free += static_cast<std::uint64_t>(freed);  // modulo 2^64
  held_ += static_cast<std::uint64_t>(now.living ? taken + freed : taken);
  sums.reserved_taken += static_cast<std::uint64_t>(now.reserved_taken - before.reserved_taken);
  if (before.assigned() > 1 && now.assigned() > 1) return;
  count_few(before, sums, ~std::uint64_t{0});
  count_few(now, sums, 1);
}

void BlockLedger::count_anew(const Seen& before, const Seen& now) {
  if (before.exists) count(before, ~std::uint64_t{0});
  if (now.exists) count(now, 1);
}

/// @param one  1, or minus 1 modulo 2^64
void BlockLedger::count(const Seen& seen, std::uint64_t one) {
  if (sums_.size() <= slot_of(seen.pool)) sums_.resize(slot_of(seen.pool) + 1);
  auto& sums = sums_[slot_of(seen.pool)];
  const bool owned = seen.owner != no_host;
  sums.blocks += one;
  sums.owned += owned ? one : 0;
  sums.owned_by_gone += owned && !seen.living ? one : 0;
  (seen.living ? sums.idle : sums.stray) += one * seen.free;
  sums.reserved_taken += one * seen.reserved_taken;
  count_few(seen, sums, one);
  held_ += one * (std::uint64_t{seen.used} + seen.kept + (seen.living ? seen.free : 0u));
}

void BlockLedger::count_few(const Seen& seen, BlockSums& sums, std::uint64_t one) {
  sums.empty += seen.used == 0 ? one : 0;
  sums.single += seen.assigned() == 1 ? one : 0;
  sums.reclaimable += seen.owner != no_host && !seen.living && seen.used == 0 ? one * seen.free : 0;
}

}  // namespace cidrplan::calico
