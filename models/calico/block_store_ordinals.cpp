#include <algorithm>

#include "models/calico/block_store.h"
#include "models/calico/reservations.h"
#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

std::int32_t second_of(SimTime now) {
  const auto whole = now.ms / 1000 - (now.ms % 1000 < 0 ? 1 : 0);
  CIDRPLAN_EXPECTS(whole >= INT32_MIN && whole <= INT32_MAX);
  return static_cast<std::int32_t>(whole);
}

}  // namespace

// --- entries

std::uint32_t BlockStore::make_entry(BlockId id, Ordinal ordinal, const Taker& taker) {
  const auto at = handles_.make_entry(id, ordinal, taker.handle, taker.owner);
  if (keep_sequence_numbers_) {
    if (orders_.size() <= at) orders_.resize(at + std::size_t{1});
    orders_[at] = entries_made_++;
  }
  return at;
}

std::uint32_t BlockStore::find_entry(BlockId id, const Taker& taker) const {
  const auto fits = [&](const Allocation& entry) {
    return entry.block == id && entry.handle == taker.handle && entry.owner() == taker.owner;
  };
  if (taker.handle != no_handle && taker.handle != windows_handle) {
    for (auto at = handles_.first_entry(taker.handle); at != HandleTable::none; at = handles_.next_entry(at))
      if (fits(allocation(at))) return at;
    return Block::no_allocation;
  }
  const auto& block = (*this)[id];
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto at = block.allocation(static_cast<Ordinal>(i));
    if (at != Block::no_allocation && fits(allocation(at))) return at;
  }
  return Block::no_allocation;
}

std::uint32_t BlockStore::entry_for(BlockId id, Ordinal ordinal, const Taker& taker) {
  // A pod's first address mostly is its only one.
  const bool is_first = taker.handle != no_handle && taker.handle != windows_handle &&
                        handles_.first_entry(taker.handle) == HandleTable::none;
  const auto at = is_first ? Block::no_allocation : find_entry(id, taker);
  if (at == Block::no_allocation) return make_entry(id, ordinal, taker);
  ++handles_.entry(at).references;
  return at;
}

void BlockStore::drop_reference(std::uint32_t at) {
  auto& entry = handles_.entry(at);
  if (entry.references > 0) {
    --entry.references;
    return;
  }
  handles_.drop_entry(at);
}

// --- taking

void BlockStore::start_using(BlockId id, Ordinal ordinal, std::uint32_t entry) {
  auto& block = blocks_[number(id)];
  const auto& allocation = handles_.entry(entry);
  // The number before this write, which `written` will raise.
  if (block.recorded_writes_) block.recorded_writes_[ordinal] = 1 + block.writes_;
  auto& counts = counts_of(block);
  --counts.free;
  count_owner(counts, block, allocation, 1);
  note(id, ordinal, allocation, true);
}

void BlockStore::assign(BlockId id, std::uint32_t count, const Taker& taker, const Reservations& reservations,
                        std::vector<Address>& addresses) {
  note(id);
  auto& block = blocks_[number(id)];
  const bool look = !reservations.empty() && reservations.touches(block.cidr());
  auto before = no_ordinal;
  auto entry = Block::no_allocation;
  for (auto ordinal = block.head_; ordinal != no_ordinal && count > 0;) {
    const auto next = block.next_free(ordinal);
    const auto address = block.address(ordinal);
    if (look && reservations.covers(address)) {
      before = ordinal;
    } else {
      if (entry == Block::no_allocation) {
        entry = entry_for(id, ordinal, taker);
      } else {
        ++handles_.entry(entry).references;
      }
      block.take(ordinal, before, entry);
      start_using(id, ordinal, entry);
      addresses.push_back(address);
      --count;
    }
    ordinal = next;
  }
}

void BlockStore::assign_at(BlockId id, Ordinal ordinal, const Taker& taker) {
  note(id);
  auto& block = blocks_[number(id)];
  const auto before = block.before(ordinal);
  const auto entry = entry_for(id, ordinal, taker);
  block.take(ordinal, before, entry);
  start_using(id, ordinal, entry);
}

// --- giving back

void BlockStore::stop_using(BlockId id, Ordinal ordinal, KeepNumber keep) {
  note(id);
  auto& block = blocks_[number(id)];
  const auto at = block.allocation(ordinal);
  const auto& allocation = handles_.entry(at);
  const auto kind = allocation.kind();
  if (kind == OwnerKind::cooling) {
    --block.cooling_;
  } else if (kind == OwnerKind::windows_reserved) {
    --block.kept_by_windows_;
  } else {
    note(id, ordinal, allocation, false);
  }
  count_owner(counts_of(block), block, allocation, minus_one);
  drop_reference(at);
  if (keep == KeepNumber::no && block.recorded_writes_) block.recorded_writes_[ordinal] = 0;
}

void BlockStore::free(BlockId id, Ordinal ordinal, KeepNumber keep) {
  stop_using(id, ordinal, keep);
  auto& block = blocks_[number(id)];
  block.give_back(ordinal);
  ++counts_of(block).free;
  relist(block);
}

void BlockStore::cool(BlockId id, Ordinal ordinal, SimTime now) {
  stop_using(id, ordinal, KeepNumber::no);
  auto& block = blocks_[number(id)];
  const auto second = second_of(now);
  const Taker nobody{no_handle, {no_host, OwnerKind::cooling, static_cast<std::uint32_t>(second)}};
  const auto entry = make_entry(id, ordinal, nobody);
  block.point_to(ordinal, entry);
  block.oldest_release_ = block.cooling_ == 0 ? second : std::min(block.oldest_release_, second);
  ++block.cooling_;
  count_owner(counts_of(block), block, allocation(entry), 1);
  relist(block);
}

std::uint32_t BlockStore::due(BlockId id, SimTime before) const {
  const auto& block = (*this)[id];
  if (block.cooling_ == 0 || SimTime{block.oldest_release_ * std::int64_t{1000}} >= before) return 0;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto* entry = allocation_of(id, static_cast<Ordinal>(i));
    if (entry != nullptr && entry->kind() == OwnerKind::cooling && entry->released() < before) ++count;
  }
  return count;
}

void BlockStore::settle_cooling(BlockId id, SimTime before) {
  const auto& block = (*this)[id];
  if (SimTime{block.oldest_release_ * std::int64_t{1000}} >= before) return;
  auto oldest = INT32_MAX;
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto* entry = allocation_of(id, static_cast<Ordinal>(i));
    if (entry == nullptr || entry->kind() != OwnerKind::cooling) continue;
    if (entry->released() < before) {
      free(id, static_cast<Ordinal>(i), KeepNumber::no);
    } else {
      oldest = std::min(oldest, static_cast<std::int32_t>(entry->subject));
    }
  }
  blocks_[number(id)].oldest_release_ = oldest;
}

// --- what searches may skip

void BlockStore::relist(Block& block) {
  if (!block.listed_as_free_ && (block.free_ > 0 || block.cooling_ > 0))
    set_listed(block, BlockIndex::Mark::may_have_free, true);
  if (!block.listed_as_empty_ && block.used() == block.kept_by_windows_ + std::uint32_t{block.cooling_})
    set_listed(block, BlockIndex::Mark::may_be_empty, true);
}

void BlockStore::set_listed(Block& block, BlockIndex::Mark mark, bool value) {
  if (mark == BlockIndex::Mark::may_have_free) {
    block.listed_as_free_ = value;
  } else {
    block.listed_as_empty_ = value;
  }
  indexes_[{block.family_, block.length_}].set_mark(index_number(block), mark, value);
}

}  // namespace cidrplan::calico
