#include "models/calico/block_store.h"

#include "models/calico/affinity_name.h"
#include "models/calico/config.h"
#include "planner/net/contract.h"

namespace cidrplan::calico {

BlockId BlockStore::find(const Prefix& cidr) const {
  const auto* found = index(cidr.family(), cidr.length());
  return found != nullptr ? found->find(cidr.first().value() >> cidr.host_bits()) : no_block;
}

const BlockIndex* BlockStore::index(Family family, int length) const {
  const auto at = indexes_.find({family, length});
  return at != indexes_.end() ? &at->second : nullptr;
}

BlockId BlockStore::block_around(const Address& address) const {
  auto found = no_block;
  for (const auto& [kind, index] : indexes_) {
    if (kind.first != address.family()) continue;
    const auto block = index.find(address.value() >> (address.width() - kind.second));
    if (block == no_block) continue;
    if (found == no_block || dashed((*this)[block].cidr()) < dashed((*this)[found].cidr())) found = block;
  }
  return found;
}

void BlockStore::ordinals_of(HandleId handle, BlockId id, std::vector<Ordinal>& ordinals) const {
  ordinals.clear();
  const auto& block = (*this)[id];
  const auto first = handles_.first_entry(handle);
  if (first == HandleTable::none) return;
  if (const auto& entry = allocation(first); entry.block == id && entry.ordinals() == 1 &&
                                             handles_.next_entry(first) == HandleTable::none &&
                                             block.allocation(entry.ordinal) == first)
    return ordinals.push_back(entry.ordinal);
  std::uint32_t expected = 0;
  for (auto at = first; at != HandleTable::none; at = handles_.next_entry(at)) {
    const auto& entry = allocation(at);
    if (entry.block != id) continue;
    if (expected == 0 && entry.ordinals() == 1 && block.allocation(entry.ordinal) == at)
      ordinals.push_back(entry.ordinal);
    expected += entry.ordinals();
  }
  if (ordinals.size() == expected) return;
  ordinals.clear();
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto at = block.allocation(static_cast<Ordinal>(i));
    if (at != Block::no_allocation && allocation(at).handle == handle)
      ordinals.push_back(static_cast<Ordinal>(i));
  }
}

// --- handles

void BlockStore::raise_count(HandleId handle, BlockId block, std::uint32_t addresses) {
  if (handles_.add(handle, block, addresses)) ++blocks_[number(block)].counted_by_;
  note(handle);
}

void BlockStore::lower_count(HandleId handle, BlockId id, std::uint32_t addresses) {
  const auto removal = handles_.remove(handle, id, addresses);
  if (removal == HandleTable::Removal::refused) return;
  note(handle);
  if (removal != HandleTable::Removal::block_gone) return;
  auto& block = blocks_[number(id)];
  if (--block.counted_by_ > 0 || block.exists()) return;
  counted_only_.erase(block.cidr());
  give_number_back(id);
}

// --- blocks

BlockId BlockStore::take_number(const Prefix& cidr) {
  if (const auto at = counted_only_.find(cidr); at != counted_only_.end()) {
    const auto id = at->second;
    counted_only_.erase(at);
    return id;
  }
  if (free_blocks_.empty()) return static_cast<BlockId>(blocks_.append());
  const auto id = free_blocks_.back();
  free_blocks_.pop_back();
  return id;
}

void BlockStore::give_number_back(BlockId id) {
  (log_ != nullptr ? parked_blocks_ : free_blocks_).push_back(id);
}

BlockId BlockStore::create(const NewBlock& wanted) {
  const auto id = take_number(wanted.cidr);
  note(id);
  auto& block = blocks_[number(id)];
  const auto size = std::uint32_t{1} << wanted.cidr.host_bits();
  block.base_ = wanted.cidr.first().value();
  block.family_ = wanted.cidr.family();
  block.length_ = static_cast<std::uint8_t>(wanted.cidr.length());
  block.owner_ = wanted.owner;
  block.has_claim_time_ = wanted.claimed.has_value();
  if (wanted.claimed) block.claimed_ = *wanted.claimed;
  // Past every number that a block of this CIDR can have had before.
  block.sequence_base_ = static_cast<std::uint64_t>(wanted.now.ms) * 1'000'000u + writes_;
  block.writes_ = 0;
  block.slots_.reset(new std::uint32_t[size]);
  for (std::uint32_t i = 0; i < size; ++i) block.slots_[i] = i + 1 < size ? i + 1 : no_ordinal;
  if (keep_sequence_numbers_) block.recorded_writes_ = std::make_unique<std::uint32_t[]>(size);
  block.head_ = 0;
  block.tail_ = static_cast<Ordinal>(size - 1);
  block.free_ = static_cast<std::uint16_t>(size);
  block.pool_ = wanted.pool;
  block.listed_as_free_ = block.listed_as_empty_ = true;
  indexes_[{block.family_, block.length_}].insert(index_number(block), id);
  ++existing_;
  auto& counts = counts_of(block);
  ++counts.blocks;
  counts.blocks_without_owner += block.has_owner() ? 0 : 1;
  counts.free += size;
  if (wanted.windows) keep_for_windows(id);
  return id;
}

void BlockStore::keep_for_windows(BlockId id) {
  auto& block = blocks_[number(id)];
  const auto size = block.size();
  CIDRPLAN_EXPECTS(size >= windows_reserved_at_start + windows_reserved_at_end);
  const Taker windows{windows_handle, {no_host, OwnerKind::windows_reserved, 0}};
  const auto keep = [&](std::uint32_t ordinal) {
    block.take(static_cast<Ordinal>(ordinal), block.before(static_cast<Ordinal>(ordinal)),
               entry_for(id, static_cast<Ordinal>(ordinal), windows));
    ++block.kept_by_windows_;
  };
  for (std::uint32_t i = 0; i < windows_reserved_at_start; ++i) keep(i);
  for (std::uint32_t i = size - windows_reserved_at_end; i < size; ++i) keep(i);
  auto& counts = counts_of(block);
  counts.free -= block.kept_by_windows_;
  counts.kept_by_windows += block.kept_by_windows_;
}

void BlockStore::remove(BlockId id) {
  auto& block = blocks_[number(id)];
  CIDRPLAN_EXPECTS(block.exists() && block.empty());
  note(id);
  auto& counts = counts_of(block);
  --counts.blocks;
  counts.blocks_without_owner -= block.has_owner() ? 0 : 1;
  counts.free -= block.free();
  counts.kept_by_windows -= block.kept_by_windows_;
  for (std::uint32_t i = 0; block.kept_by_windows_ > 0 && i < block.size(); ++i) {
    if (block.is_free(static_cast<Ordinal>(i))) continue;
    drop_reference(block.allocation(static_cast<Ordinal>(i)));
    --block.kept_by_windows_;
  }
  indexes_[{block.family_, block.length_}].erase(index_number(block));
  --existing_;
  block.slots_.reset();
  block.recorded_writes_.reset();
  block.owner_ = no_host;
  block.has_claim_time_ = false;
  ++writes_;
  if (block.counted_by_ > 0) {
    counted_only_.emplace(block.cidr(), id);
  } else {
    give_number_back(id);
  }
}

void BlockStore::clear_owner(BlockId id) {
  note(id);
  auto& block = blocks_[number(id)];
  auto& counts = counts_of(block);
  for (std::uint32_t i = 0; i < block.size(); ++i)
    if (const auto* allocation = allocation_of(id, static_cast<Ordinal>(i)))
      count_owner(counts, block, *allocation, minus_one);
  block.owner_ = no_host;
  block.has_claim_time_ = false;
  for (std::uint32_t i = 0; i < block.size(); ++i)
    if (const auto* allocation = allocation_of(id, static_cast<Ordinal>(i)))
      count_owner(counts, block, *allocation, 1);
  ++counts.blocks_without_owner;
}

// --- changes

void BlockStore::unpark_blocks() {
  free_blocks_.insert(free_blocks_.end(), parked_blocks_.begin(), parked_blocks_.end());
  parked_blocks_.clear();
}

// --- sums by pool

const PoolCounts& BlockStore::counts(PoolId pool) const {
  static const PoolCounts none;
  const auto slot = pool == no_pool ? 0 : slot_of(pool) + 1;
  return slot < counts_.size() ? counts_[slot] : none;
}

void BlockStore::count_whole(BlockId id, PoolId pool) {
  auto& block = blocks_[number(id)];
  block.pool_ = pool;
  auto& counts = counts_of(block);
  ++counts.blocks;
  counts.blocks_without_owner += block.has_owner() ? 0 : 1;
  counts.free += block.free();
  for (std::uint32_t i = 0; i < block.size(); ++i)
    if (const auto* allocation = allocation_of(id, static_cast<Ordinal>(i)))
      count_owner(counts, block, *allocation, 1);
}

}  // namespace cidrplan::calico
