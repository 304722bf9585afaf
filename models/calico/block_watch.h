#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/allocator.h"
#include "models/calico/change_log.h"
#include "models/calico/suspects.h"
#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// One thing that the datastore's watch tells about a block.
struct BlockNews {
  enum class Kind : std::uint8_t {
    content,  ///< it is there, with this owner; empty or not
    deleted,
    added,    ///< an allocation
    removed,  ///< an allocation
    /// An allocation, in the write that deleted its block: `deleted` follows.
    removed_with_block,
  };
  Kind kind = Kind::content;
  bool empty = false;  ///< no allocated ordinal at all
  BlockId block = no_block;
  HostId owner = no_host;         ///< a node; none: nobody, or a virtual host
  HostId owner_before = no_host;  ///< content: likewise
  Prefix cidr;
  AllocationKey key;
  Owner allocation;
  std::uint64_t sequence = 0;

  bool is_claim() const { return owner != no_host && owner != owner_before; }
};

/// Turns the allocator's change log into news, in the order in which its writes are heard. Of a block whose
/// owner and emptiness stay as they were, only its allocations are news.
class BlockWatch {
 public:
  explicit BlockWatch(const Allocator& allocator) : allocator_(allocator) {}

  /// @param log    what one operation changed
  /// @param news   appended to
  /// @param skips  (const AllocationChange&) -> bool: an allocation that is no news to the listener
  template <typename Skips>
  void tell(const ChangeLog& log, std::vector<BlockNews>& news, Skips skips) {
    for (const auto& change : log.allocations)
      if (!change.added && !is_ignored(change) && !skips(change)) tell_removed(change, log, news);
    for (const auto& change : log.blocks)
      if (!allocator_.store()[change.block].stays_in_use(change.before)) tell_block(change, news);
    for (const auto& change : log.allocations)
      if (change.added && !is_ignored(change) && !skips(change)) tell_added(change, news);
  }

  /// Without handle it cannot be released, and what Windows keeps goes with its block.
  static bool is_ignored(const AllocationChange& change) {
    return change.handle == no_handle || change.handle == windows_handle;
  }

 private:
  /// What is told of a block.
  struct Told {
    HostId owner = no_host;
    bool exists = false;
    bool empty = false;
    bool nobodys = false;     // no owner, not even a virtual one
    bool releasable = false;  // nothing in use but what Windows keeps for itself

    friend bool operator==(const Told&, const Told&) = default;
  };

  Told told(const Block& block, const BlockState& state) const;
  void tell_removed(const AllocationChange& change, const ChangeLog& log, std::vector<BlockNews>& news) const;
  void tell_block(const BlockChange& change, std::vector<BlockNews>& news) const;
  void tell_added(const AllocationChange& change, std::vector<BlockNews>& news) const;
  void tell_content(BlockId block, const Told& state, HostId before, std::vector<BlockNews>& news) const;

  const Allocator& allocator_;
};

}  // namespace cidrplan::calico
