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
  seen = look(block, before);
  if (before.exists) count(before, -1);
  if (seen.exists) count(seen, 1);

  const Seen& known = seen.exists ? seen : before;
  Change change;
  change.pool = known.pool;
  change.owner = known.owner;
  change.size = known.size_minus_one + 1u;
  if (before.exists && seen.exists) change.freed = seen.free - before.free;
  change.gone = before.exists && !seen.exists;
  change.emptied = seen.exists && seen.used == 0 && before.used > 0;
  change.cools = seen.cooling > before.cooling;
  return change;
}

BlockLedger::Seen BlockLedger::look(BlockId id, const Seen& before) const {
  const auto& block = allocator_.store()[id];
  Seen seen;
  if (!block.exists()) return seen;
  const auto& data = allocator_.data();
  seen.pool = before.exists ? before.pool : data.pools.pool_of(block.address(0));
  seen.owner = block.owner();
  seen.size_minus_one = static_cast<std::uint16_t>(block.size() - 1);
  seen.free = static_cast<std::uint16_t>(block.free());
  seen.kept = static_cast<std::uint16_t>(block.kept_by_windows());
  seen.used = static_cast<std::uint16_t>(block.used() - block.kept_by_windows());
  seen.cooling = static_cast<std::uint16_t>(block.cooling());
  seen.exists = true;
  seen.living = is_living(seen.owner);
  if (!data.reservations.empty() && data.reservations.touches(block.cidr())) {
    std::uint32_t reserved = 0, free = 0;
    for (Ordinal i = 0; i < block.size(); ++i) {
      if (!data.reservations.covers(block.address(i))) continue;
      ++reserved;
      free += block.is_free(i) ? 1 : 0;
    }
    seen.free = static_cast<std::uint16_t>(seen.free - free);
    seen.reserved_taken = static_cast<std::uint16_t>(reserved - free);
  }
  return seen;
}

void BlockLedger::count(const Seen& seen, std::int64_t sign) {
  CIDRPLAN_EXPECTS(seen.pool != no_pool);  // every block of a plan is cut from a pool of it
  if (sums_.size() <= slot_of(seen.pool)) sums_.resize(slot_of(seen.pool) + 1);
  auto& sums = sums_[slot_of(seen.pool)];
  const auto add = [sign](std::uint64_t& sum, std::uint64_t value) {
    sum += static_cast<std::uint64_t>(sign) * value;  // modulo 2^64
  };
  const bool owned = seen.owner != no_host;
  const auto assigned = seen.used - seen.cooling;
  add(sums.blocks, 1);
  add(sums.owned, owned ? 1 : 0);
  add(sums.owned_by_gone, owned && !seen.living ? 1 : 0);
  add(sums.empty, seen.used == 0 ? 1 : 0);
  add(sums.single, assigned == 1 ? 1 : 0);
  add(seen.living ? sums.idle : sums.stray, seen.free);
  add(sums.reclaimable, owned && !seen.living && seen.used == 0 ? seen.free : 0);
  add(sums.reserved_taken, seen.reserved_taken);
  add(held_, static_cast<std::uint64_t>(seen.used + seen.kept + (seen.living ? seen.free : 0)));
}

}  // namespace cidrplan::calico
