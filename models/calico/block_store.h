#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "models/calico/allocation.h"
#include "models/calico/block.h"
#include "models/calico/block_index.h"
#include "models/calico/change_log.h"
#include "models/calico/handle_table.h"
#include "models/calico/slab.h"
#include "planner/ipam/fetch.h"

namespace cidrplan::calico {

class Reservations;

/// Sums over the blocks that are cut from one pool.
struct PoolCounts {
  std::uint64_t blocks = 0;
  std::uint64_t blocks_without_owner = 0;
  std::uint64_t free = 0;      ///< free ordinals, reserved ones included
  std::uint64_t assigned = 0;  ///< addresses with an owner, tunnels included
  std::uint64_t tunnels = 0;   ///< of the assigned
  std::uint64_t borrowed = 0;  ///< of the assigned: for another node than the block's owner
  std::uint64_t cooling = 0;
  std::uint64_t kept_by_windows = 0;
};

/// The datastore's blocks, allocations and handles, and the steps that change them. Which step is taken is
/// the Allocator's business; here they stay consistent and noted.
class BlockStore {
 public:
  explicit BlockStore(bool keep_sequence_numbers) : keep_sequence_numbers_(keep_sequence_numbers) {}

  // --- what is there
  /// no_block: no such block exists.
  BlockId find(const Prefix& cidr) const;
  const Block& operator[](BlockId block) const { return blocks_[number(block)]; }
  const Allocation& allocation(std::uint32_t entry) const { return handles_.entry(entry); }
  /// Entries of one block stand in ascending order of it (Options::keep_sequence_numbers).
  std::uint32_t order_of(std::uint32_t entry) const { return orders_[entry]; }
  /// What an ordinal points to; none: it is free.
  const Allocation* allocation_of(BlockId block, Ordinal ordinal) const {
    const auto entry = (*this)[block].allocation(ordinal);
    return entry != Block::no_allocation ? &allocation(entry) : nullptr;
  }
  const HandleTable& handles() const { return handles_; }
  std::size_t blocks() const { return existing_; }
  /// Grows with every write: while it stands still, no address comes free but by the passing of time.
  std::uint64_t writes() const { return writes_; }
  /// Every existing block once, by family, then by length, then ascending. f(BlockId)
  template <typename F>
  void for_each_block(F f) const {
    for (const auto& [kind, index] : indexes_) {
      for (auto at = index.next(0, uint128_max); at; at = index.next(at->number + 1, uint128_max)) {
        f(at->block);
        if (at->number == uint128_max) break;
      }
    }
  }
  /// The blocks of one length; none where there never was one.
  const BlockIndex* index(Family family, int length) const;
  /// The existing block of any length that holds the address and whose object's name sorts first; no_block.
  BlockId block_around(const Address& address) const;
  /// The ordinals of a block that carry the handle, ascending.
  void ordinals_of(HandleId handle, BlockId block, std::vector<Ordinal>& ordinals) const;

  /// Tell the memory what a release will touch: first handle and block, then, once these are there, what they
  /// point to.
  void fetch(HandleId handle, BlockId block) const {
    handles_.fetch(handle);
    load_ahead(&blocks_[number(block)]);
  }
  void fetch_contents(HandleId handle, BlockId id) const {
    const auto entry = handles_.first_entry(handle);
    const auto& block = (*this)[id];
    if (entry != HandleTable::none && allocation(entry).ordinal < block.size())
      block.fetch_ordinals(allocation(entry).ordinal);
  }

  // --- handles
  HandleId make_handle() { return handles_.make(); }
  void forget(HandleId handle) { handles_.forget(handle); }
  void raise_count(HandleId handle, BlockId block, std::uint32_t addresses);
  void lower_count(HandleId handle, BlockId block, std::uint32_t addresses);

  // --- blocks
  struct NewBlock {
    Prefix cidr{};
    HostId owner = no_host;
    std::optional<SimTime> claimed{};
    SimTime now{};
    bool windows = false;  ///< keeps addresses back; @pre the block has four at least
    PoolId pool = no_pool;
  };
  BlockId create(const NewBlock& block);
  /// With all it holds. @pre nothing but what Windows keeps
  void remove(BlockId block);
  /// Affinity and claim time go.
  void clear_owner(BlockId block);
  /// Ends a write: the sequence number rises.
  void written(BlockId block) {
    note(block);
    ++blocks_[number(block)].writes_;
    ++writes_;
  }

  // --- ordinals
  struct Taker {
    HandleId handle = no_handle;
    Owner owner{};
  };
  /// Takes up to `count` ordinals from the head of the queue, leaves reserved ones where they are, and
  /// appends the addresses.
  void assign(BlockId block, std::uint32_t count, const Taker& taker, const Reservations& reservations,
              std::vector<Address>& addresses);
  /// @pre the ordinal is free
  void assign_at(BlockId block, Ordinal ordinal, const Taker& taker);

  enum class KeepNumber : bool { no, yes };
  /// To the tail of the queue.
  void free(BlockId block, Ordinal ordinal, KeepNumber keep);
  /// Out of use, but not free before its cooldown has passed.
  void cool(BlockId block, Ordinal ordinal, SimTime now);
  /// How many ordinals were released before the moment; `settle` frees them in ascending order.
  std::uint32_t due(BlockId block, SimTime before) const;
  void settle(BlockId block, SimTime before) {
    if ((*this)[block].cooling_ > 0) settle_cooling(block, before);
  }
  /// A search found the block full, or in use: not to be looked at again before that may have changed.
  void mark_full(BlockId block) {
    set_listed(blocks_[number(block)], BlockIndex::Mark::may_have_free, false);
  }
  void mark_used(BlockId block) { set_listed(blocks_[number(block)], BlockIndex::Mark::may_be_empty, false); }

  // --- sums by pool
  /// The blocks of a pool that is gone count under no_pool.
  const PoolCounts& counts(PoolId pool) const;
  /// Counts all anew. pool_of(const Block&) -> PoolId
  template <typename F>
  void recount(F pool_of) {
    counts_.clear();
    for_each_block([&](BlockId block) { count_whole(block, pool_of((*this)[block])); });
  }

  /// Blocks that go keep their numbers until the changes are cleared.
  void follow(ChangeLog* log) { log_ = log; }
  void clear_changes() {
    if (log_ == nullptr) return;
    for (const auto& change : log_->blocks) blocks_[number(change.block)].noted_ = false;
    log_->blocks.clear();
    log_->handles.clear();
    log_->allocations.clear();
    if (!parked_blocks_.empty()) unpark_blocks();
  }

 private:
  using Kind = std::pair<Family, int>;
  static constexpr std::uint64_t minus_one = ~std::uint64_t{0};  // modulo 2^64

  static std::uint32_t number(BlockId block) { return static_cast<std::uint32_t>(block); }
  static uint128 index_number(const Block& block) {
    return block.base_ >> (width_of(block.family_) - block.length_);
  }
  BlockId take_number(const Prefix& cidr);
  void give_number_back(BlockId block);
  void keep_for_windows(BlockId id);
  std::uint32_t entry_for(BlockId block, Ordinal ordinal, const Taker& taker);
  std::uint32_t find_entry(BlockId block, const Taker& taker) const;
  std::uint32_t make_entry(BlockId block, Ordinal ordinal, const Taker& taker);
  void drop_reference(std::uint32_t entry);
  void start_using(BlockId block, Ordinal ordinal, std::uint32_t entry);
  void stop_using(BlockId block, Ordinal ordinal, KeepNumber keep);
  void settle_cooling(BlockId block, SimTime before);
  void relist(Block& block);
  void set_listed(Block& block, BlockIndex::Mark mark, bool value);
  /// Before the block's first change.
  void note(BlockId id) {
    auto& block = blocks_[number(id)];
    if (log_ == nullptr || block.noted_) return;
    block.noted_ = true;
    log_->blocks.push_back({id, block.state()});
  }
  void note(BlockId block, Ordinal ordinal, const Allocation& allocation, bool added) {
    if (log_ == nullptr || !log_->wants_allocations) return;
    log_->allocations.push_back(
        {block, ordinal, added, allocation.handle, allocation.owner(), (*this)[block].sequence_of(ordinal)});
  }
  void note(HandleId handle) {
    if (log_ != nullptr) log_->handles.push_back(handle);
  }

  PoolCounts& counts_of(const Block& block) {
    const auto slot = block.pool_ == no_pool ? 0 : slot_of(block.pool_) + 1;
    if (slot >= counts_.size()) counts_.resize(slot + 1);
    return counts_[slot];
  }
  /// @param one  1, or minus_one
  static void count_owner(PoolCounts& counts, const Block& block, const Allocation& allocation,
                          std::uint64_t one) {
    const auto kind = allocation.kind();
    if (kind == OwnerKind::cooling) {
      counts.cooling += one;
    } else if (kind == OwnerKind::windows_reserved) {
      counts.kept_by_windows += one;
    } else {
      counts.assigned += one;
      if (is_tunnel(kind)) counts.tunnels += one;
      if (allocation.node != block.owner_ && allocation.node != no_host) counts.borrowed += one;
    }
  }
  void count_whole(BlockId block, PoolId pool);
  void unpark_blocks();

  bool keep_sequence_numbers_ = false;
  Slab<Block> blocks_;
  HandleTable handles_;
  std::map<Kind, BlockIndex> indexes_;
  std::map<Prefix, BlockId> counted_only_;  // CIDRs without a block that handles still count
  std::vector<BlockId> free_blocks_;
  std::vector<BlockId> parked_blocks_;  // free once the changes are cleared
  std::vector<PoolCounts> counts_;      // by PoolId, one further on; first: no_pool
  std::vector<std::uint32_t> orders_;   // by entry; empty where sequence numbers are not kept
  std::uint32_t entries_made_ = 0;
  std::uint64_t writes_ = 0;
  std::size_t existing_ = 0;
  ChangeLog* log_ = nullptr;
};

}  // namespace cidrplan::calico
