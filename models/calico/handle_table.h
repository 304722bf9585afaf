#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/ids.h"
#include "models/calico/slab.h"

namespace cidrplan::calico {

/// The IPAMHandle objects: how many addresses each handle counts in which block. The count of a block is
/// raised by what was asked of it, not by what it gave, so it may outlive the addresses and the block.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_handle.go
class HandleTable {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  struct Count {
    BlockId block = no_block;
    std::uint32_t addresses = 0;  ///< stops at 2^32 - 1
  };

  HandleId make();
  void forget(HandleId handle);
  std::size_t size() const { return handles_.size(); }

  bool exists(HandleId handle) const { return handles_[number(handle)].first.block != no_block; }
  /// One of the blocks it counts; no_block: there is no object.
  BlockId a_block(HandleId handle) const { return handles_[number(handle)].first.block; }
  /// Tells the memory that the handle will be looked at soon.
  void fetch(HandleId handle) const { __builtin_prefetch(&handles_[number(handle)]); }
  /// 0: the handle does not count that block.
  std::uint32_t count(HandleId handle, BlockId block) const;
  /// Calls f(const Count&) for each block, in no particular order.
  template <typename F>
  void for_each_count(HandleId handle, F f) const {
    const auto& record = handles_[number(handle)];
    if (record.first.block == no_block) return;
    f(record.first);
    for (auto at = record.more; at != none; at = more_[at].next) f(more_[at].count);
  }

  /// True: the handle did not count that block before.
  bool add(HandleId handle, BlockId block, std::uint32_t addresses);
  enum class Removal : std::uint8_t { lowered, block_gone, refused };
  /// refused: it counts fewer there, and nothing changes.
  Removal remove(HandleId handle, BlockId block, std::uint32_t addresses);

  /// The first of the handle's allocations; they are linked through Allocation::next.
  std::uint32_t& allocations(HandleId handle) { return handles_[number(handle)].allocations; }
  std::uint32_t allocations(HandleId handle) const { return handles_[number(handle)].allocations; }

 private:
  struct Record {
    Count first;  // no block: there is no object
    std::uint32_t more = none;
    std::uint32_t allocations = none;
  };
  struct More {
    Count count;
    std::uint32_t next = none;
  };

  static std::uint32_t number(HandleId handle) { return static_cast<std::uint32_t>(handle); }
  std::uint32_t make_more();

  Slab<Record> handles_;
  Slab<More> more_;
  std::uint32_t free_handle_ = none;  // through Record::allocations
  std::uint32_t free_more_ = none;
};

}  // namespace cidrplan::calico
