#pragma once

#include <cstdint>

#include "models/calico/allocation.h"
#include "models/calico/ids.h"
#include "models/calico/slab.h"
#include "planner/ipam/fetch.h"

namespace cidrplan::calico {

/// The IPAMHandle objects: how many addresses each handle counts in which block. The count of a block is
/// raised by what was asked of it, not by what it gave, so it may outlive the addresses and the block.
///
/// And the entries of all blocks, most of which lie in the records of their handles: a handle's first count
/// and its first entry, where both are of the same block. Others have records of their own.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_handle.go
class HandleTable {
 public:
  static constexpr std::uint32_t none = Allocation::none;

  struct Count {
    BlockId block = no_block;
    std::uint32_t addresses = 0;  ///< stops at 2^32 - 1
  };

  HandleId make();
  /// @pre it counts nothing, and no entry has it
  void forget(HandleId handle);
  /// Of records: every handle's number is below it.
  std::size_t size() const { return records_.size(); }

  bool exists(HandleId handle) const {
    const auto& own = records_[number(handle)];
    return own.counted > 0 || own.more != none;
  }
  /// The one block that the handle counts; no_block: it counts none, or several.
  BlockId only_block(HandleId handle) const {
    const auto& own = records_[number(handle)];
    return own.counted > 0 && own.more == none ? own.block : no_block;
  }
  /// A block of its addresses, where it has some.
  BlockId a_block(HandleId handle) const { return records_[number(handle)].block; }
  /// Tells the memory that the handle will be looked at soon.
  void fetch(HandleId handle) const { load_ahead(&records_[number(handle)]); }
  /// 0: the handle does not count that block.
  std::uint32_t count(HandleId handle, BlockId block) const;
  /// Calls f(const Count&) for each block, in no particular order.
  template <typename F>
  void for_each_count(HandleId handle, F f) const {
    const auto& own = records_[number(handle)];
    if (own.counted > 0) f(Count{own.block, own.counted});
    for (auto at = own.more; at != none; at = more_[at].next) f(more_[at].count);
  }

  /// True: the handle did not count that block before.
  bool add(HandleId handle, BlockId block, std::uint32_t addresses);
  enum class Removal : std::uint8_t { lowered, block_gone, refused };
  /// refused: it counts fewer there, and nothing changes.
  Removal remove(HandleId handle, BlockId block, std::uint32_t addresses);

  // --- entries
  Allocation& entry(std::uint32_t at) { return records_[at]; }
  const Allocation& entry(std::uint32_t at) const { return records_[at]; }
  /// The handle's entries, latest first; none: no more.
  std::uint32_t first_entry(HandleId handle) const {
    const auto& own = records_[number(handle)];
    return own.next != none || !own.is_entry() ? own.next : number(handle);
  }
  std::uint32_t next_entry(std::uint32_t at) const {
    if (is_own(at)) return none;
    const auto& entry = records_[at];
    if (entry.next != none) return entry.next;
    return records_[number(entry.handle)].is_entry() ? number(entry.handle) : none;
  }
  /// Of a block, for no_handle and windows_handle too.
  std::uint32_t make_entry(BlockId block, Ordinal ordinal, HandleId handle, const Owner& owner);
  void drop_entry(std::uint32_t at);

 private:
  struct More {
    Count count;
    std::uint32_t next = none;
  };

  static std::uint32_t number(HandleId handle) { return static_cast<std::uint32_t>(handle); }
  static bool is_handle(HandleId handle) { return handle != no_handle && handle != windows_handle; }
  /// An entry in its handle's record.
  bool is_own(std::uint32_t at) const { return number(records_[at].handle) == at; }
  std::uint32_t make_record();
  void free_record(std::uint32_t at);
  std::uint32_t make_more();

  Slab<Allocation> records_;
  Slab<More> more_;
  std::uint32_t free_record_ = none;  // through Allocation::next
  std::uint32_t free_more_ = none;    // through More::next
};

}  // namespace cidrplan::calico
