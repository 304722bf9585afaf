#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/allocator.h"
#include "planner/net/contract.h"

namespace cidrplan::calico {

/// What the blocks of one pool come to.
struct BlockSums {
  std::uint64_t blocks = 0;
  std::uint64_t owned = 0;           ///< with an owner, living or not
  std::uint64_t owned_by_gone = 0;   ///< whose node is gone
  std::uint64_t empty = 0;           ///< nothing in use
  std::uint64_t single = 0;          ///< one address in use
  std::uint64_t idle = 0;            ///< free addresses in blocks of living owners
  std::uint64_t stray = 0;           ///< free addresses in other blocks
  std::uint64_t reclaimable = 0;     ///< of the stray ones: in empty blocks that somebody may take over
  std::uint64_t reserved_taken = 0;  ///< reserved addresses that are not free all the same
};

/// Sums over all blocks, kept up to date block by block, so that a report costs nothing. Free addresses are
/// those that no reservation covers.
class BlockLedger {
 public:
  /// What became of a block.
  struct Change {
    PoolId pool = no_pool;
    HostId owner = no_host;
    std::uint32_t size = 0;
    std::int32_t freed = 0;  ///< free addresses more, or fewer, of a block that was there and is
    bool gone = false;
    bool emptied = false;  ///< had something in use, and has not
    bool cools = false;    ///< more addresses in their cooldown
  };

  explicit BlockLedger(const Allocator& allocator);

  /// To be told of every change.
  Change update(const BlockChange& change);
  /// In its place, for what most changes come to.
  /// @pre the block stays in use, and there are no reservations
  void update_in_use(const Block& block, const BlockState& before) { count_free(block, before.free); }
  /// @pre every change of the host's blocks was told
  void set_living(HostId host, bool living);

  PoolId pool_of(BlockId block) const { return allocator_.store()[block].pool(); }

  const BlockSums& of(PoolId pool) const {
    return slot_of(pool) < sums_.size() ? sums_[slot_of(pool)] : none_;
  }
  /// Addresses that blocks hold: in use, cooling, kept by Windows, or free for a living owner.
  std::uint64_t held() const { return held_; }

 private:
  /// Addresses of a block that are reserved, and how many of these are not free.
  struct Reserved {
    std::uint16_t all = 0;
    std::uint16_t taken = 0;
  };

  bool is_living(HostId host) const { return slot_of(host) < living_.size() && living_[slot_of(host)]; }
  Reserved reserved_in(BlockId block) const;
  Reserved look_for_reserved(BlockId block);
  BlockSums& sums_of(const Block& block) {
    CIDRPLAN_EXPECTS(block.pool() != no_pool);  // every block of a plan is cut from a pool of it
    if (sums_.size() <= slot_of(block.pool())) sums_.resize(slot_of(block.pool()) + 1);
    return sums_[slot_of(block.pool())];
  }
  void count_free(const Block& block, std::uint16_t free_before) {
    auto& sums = sums_of(block);
    const auto freed = std::uint64_t{block.free()} - free_before;  // modulo 2^64
    if (is_living(block.owner())) {
      sums.idle += freed;
    } else {
      sums.stray += freed;
      held_ -= freed;
    }
  }
  void count_again(const Block& block, const BlockState& before, const BlockState& now);
  void count_few(const Block& block, const BlockState& state, std::uint64_t free, BlockSums& sums,
                 std::uint64_t one) const;
  void count(const Block& block, const BlockState& state, Reserved reserved, std::uint64_t one);

  const Allocator& allocator_;
  std::vector<BlockSums> sums_;
  std::vector<bool> living_;        // by HostId
  std::vector<Reserved> reserved_;  // by BlockId; empty without reservations
  BlockSums none_;
  std::uint64_t held_ = 0;
};

}  // namespace cidrplan::calico
