#include "models/calico/block_ledger.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint64_t minus_one = ~std::uint64_t{0};  // modulo 2^64

/// Apart from what Windows keeps.
std::uint32_t in_use_of(const Block& block, const BlockState& state) {
  return block.size() - state.free - state.kept_by_windows;
}

}  // namespace

BlockLedger::BlockLedger(const Allocator& allocator) : allocator_(allocator) {}

BlockLedger::Change BlockLedger::update(const BlockChange& told) {
  const auto& block = allocator_.store()[told.block];
  const auto& before = told.before;
  const auto now = block.state();
  Change change;
  change.pool = block.pool();
  change.owner = now.exists ? now.owner : before.owner;
  change.size = block.size();
  change.gone = before.exists && !now.exists;
  change.cools = now.exists && now.cooling > before.cooling;
  const auto in_use = in_use_of(block, now);
  if (before.exists && now.exists) {
    change.freed = now.free - before.free;
    change.emptied = in_use == 0 && in_use_of(block, before) > 0;
    const bool same_owner = before.owner == now.owner;
    if (same_owner && allocator_.data().reservations.empty()) return count_again(block, before, now), change;
  }
  const auto reserved_before = reserved_in(told.block);
  const auto reserved = look_for_reserved(told.block);
  if (before.exists && now.exists) change.freed += reserved.taken - reserved_before.taken;
  if (before.exists) count(block, before, reserved_before, minus_one);
  if (now.exists) count(block, now, reserved, 1);
  return change;
}

/// The block was there and is, with the same owner: only its addresses changed.
void BlockLedger::count_again(const Block& block, const BlockState& before, const BlockState& now) {
  count_free(block, before.free);
  const auto assigned = in_use_of(block, before) - before.cooling;
  if (assigned > 1 && in_use_of(block, now) - now.cooling > 1) return;
  auto& sums = sums_of(block);
  count_few(block, before, before.free, sums, minus_one);
  count_few(block, now, now.free, sums, 1);
}

/// @param one  1, or minus_one
void BlockLedger::count(const Block& block, const BlockState& state, Reserved reserved, std::uint64_t one) {
  auto& sums = sums_of(block);
  const bool owned = state.owner != no_host;
  const bool living = is_living(state.owner);
  const auto taken = block.size() - state.free;
  const std::uint64_t free = state.free - (std::uint64_t{reserved.all} - reserved.taken);
  sums.blocks += one;
  sums.owned += owned ? one : 0;
  sums.owned_by_gone += owned && !living ? one : 0;
  (living ? sums.idle : sums.stray) += one * free;
  sums.reserved_taken += one * reserved.taken;
  count_few(block, state, free, sums, one);
  held_ += one * (taken + (living ? free : 0));
}

/// What only blocks with few addresses in use count in.
void BlockLedger::count_few(const Block& block, const BlockState& state, std::uint64_t free, BlockSums& sums,
                            std::uint64_t one) const {
  const auto in_use = in_use_of(block, state);
  sums.empty += in_use == 0 ? one : 0;
  sums.single += in_use - state.cooling == 1 ? one : 0;
  const bool of_gone = state.owner != no_host && !is_living(state.owner);
  sums.reclaimable += of_gone && in_use == 0 ? one * free : 0;
}

void BlockLedger::set_living(HostId host, bool living) {
  if (living_.size() <= slot_of(host)) living_.resize(slot_of(host) + 1);
  const auto count_all = [&](std::uint64_t one) {
    for (const auto family : {Family::ipv4, Family::ipv6})
      for (const auto block : allocator_.data().hosts[host].of(family))
        count(allocator_.store()[block], allocator_.store()[block].state(), reserved_in(block), one);
  };
  count_all(minus_one);
  living_[slot_of(host)] = living;
  count_all(1);
}

// --- reservations

BlockLedger::Reserved BlockLedger::reserved_in(BlockId block) const {
  return slot_of(block) < reserved_.size() ? reserved_[slot_of(block)] : Reserved{};
}

BlockLedger::Reserved BlockLedger::look_for_reserved(BlockId id) {
  const auto& block = allocator_.store()[id];
  const auto& reservations = allocator_.data().reservations;
  if (reservations.empty()) return {};
  Reserved reserved;
  const bool touched = block.exists() && reservations.touches(block.cidr());
  for (std::uint32_t i = 0; touched && i < block.size(); ++i) {
    const auto ordinal = static_cast<Ordinal>(i);
    if (!reservations.covers(block.address(ordinal))) continue;
    ++reserved.all;
    if (!block.is_free(ordinal)) ++reserved.taken;
  }
  if (reserved_.size() <= slot_of(id)) reserved_.resize(slot_of(id) + 1);
  return reserved_[slot_of(id)] = reserved;
}

}  // namespace cidrplan::calico
