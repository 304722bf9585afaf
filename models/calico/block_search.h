#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/calico/affinities.h"
#include "models/calico/block_walk.h"
#include "models/calico/datastore.h"

namespace cidrplan::calico {

/// Looks for blocks in pools, along the walk of a host. The walk is only an order: what exists is searched by
/// number, from the walk's start to the pool's end and then from the pool's beginning.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_block_reader_writer.go (findUsableBlock)
class BlockSearch {
 public:
  BlockSearch(Datastore& data, Affinities& affinities) : data_(data), affinities_(affinities) {}

  /// A block that nobody has, from the first pool that has one; else (P32 on) one taken over from another
  /// host, empty and at least 60 s in its hands, which is free then.
  ///
  /// The original would also return a block that is the host's own and has room. Whoever asks has tried all
  /// of these before, so without a second request at the same time there is none.
  std::optional<Prefix> find(HostId host, std::span<const PoolId> pools, SimTime now);

  /// Calls f(BlockId) for the existing blocks of the pool that may have free ordinals, along the walk, until
  /// it returns false. @return  false: f ended it
  template <typename F>
  bool for_each_with_room(const IpPool& pool, HostId host, F f) {
    return for_each(pool, host, BlockIndex::Mark::may_have_free, f);
  }

 private:
  /// The numbers of a pool's blocks in their index, and where the walk begins.
  struct Stretch {
    uint128 first = 0;
    uint128 start = 0;
    uint128 last = 0;
  };

  /// None: the pool is smaller than a block.
  std::optional<Stretch> stretch(const IpPool& pool, HostId host);
  std::optional<Prefix> unclaimed(const IpPool& pool, HostId host);
  std::optional<uint128> unclaimed_between(const IpPool& pool, uint128 first, uint128 last) const;
  std::optional<Prefix> take_over(const IpPool& pool, HostId host, SimTime now);
  bool may_be_taken_over(BlockId block, SimTime now);

  template <typename F>
  bool for_each(const IpPool& pool, HostId host, BlockIndex::Mark mark, F f) {
    const auto* index = data_.store.index(pool.family(), pool.block_size);
    const auto part = stretch(pool, host);
    if (index == nullptr || !part) return true;
    if (!for_each_between(*index, part->start, part->last, mark, f)) return false;
    return part->start == part->first || for_each_between(*index, part->first, part->start - 1, mark, f);
  }
  template <typename F>
  bool for_each_between(const BlockIndex& index, uint128 first, uint128 last, BlockIndex::Mark mark, F f) {
    auto at = index.next(first, last, mark);
    while (at) {
      const auto number = at->number;
      if (!f(at->block)) return false;
      if (number == last) break;
      at = index.next(number + 1, last, mark);
    }
    return true;
  }

  Datastore& data_;
  Affinities& affinities_;
  std::uint64_t clock_walks_ = 0;
};

}  // namespace cidrplan::calico
