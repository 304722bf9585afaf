#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/allocator.h"

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

  /// To be told of every block that changed, and of all blocks of an owner that came or went.
  Change update(BlockId block);
  void set_living(HostId host, bool living);
  bool is_living(HostId host) const { return slot_of(host) < living_.size() && living_[slot_of(host)]; }

  PoolId pool_of(BlockId block) const { return seen_[slot_of(block)].pool; }

  const BlockSums& of(PoolId pool) const {
    return slot_of(pool) < sums_.size() ? sums_[slot_of(pool)] : none_;
  }
  /// Addresses that blocks hold: in use, cooling, kept by Windows, or free for a living owner.
  std::uint64_t held() const { return held_; }

 private:
  /// What a block was last seen as.
  struct Seen {
    PoolId pool = no_pool;
    HostId owner = no_host;
    std::uint16_t size_minus_one = 0;
    std::uint16_t free = 0;  // and not reserved
    std::uint16_t used = 0;  // apart from what Windows keeps
    std::uint16_t cooling = 0;
    std::uint16_t reserved_taken = 0;
    std::uint8_t kept = 0;  // by Windows
    bool exists : 1 = false;
    bool living : 1 = false;
    bool reserved : 1 = false;  // some of its addresses

    std::int32_t assigned() const { return used - cooling; }
  };

  void look(BlockId block, Seen& seen) const;
  void count_again(const Seen& before, const Seen& now);
  void count_anew(const Seen& before, const Seen& now);
  void count(const Seen& seen, std::uint64_t one);
  static void count_few(const Seen& seen, BlockSums& sums, std::uint64_t one);

  const Allocator& allocator_;
  std::vector<Seen> seen_;  // by BlockId
  std::vector<BlockSums> sums_;
  std::vector<bool> living_;  // by HostId
  BlockSums none_;
  std::uint64_t held_ = 0;
};

}  // namespace cidrplan::calico
