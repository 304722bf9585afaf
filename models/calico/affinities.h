#pragma once

#include <vector>

#include "models/calico/datastore.h"
#include "models/calico/error.h"

namespace cidrplan::calico {

/// Which host owns a block: how blocks are claimed and given up. Claiming takes the original three writes
/// (affinity pending, block, affinity confirmed); here it is one step, so an affinity is there exactly as
/// long as its block has that owner, and it is always confirmed.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_block_reader_writer.go, ipam.go
class Affinities {
 public:
  /// Slicing a CIDR is refused beyond so many blocks; the original would go on for ever.
  static constexpr std::uint32_t most_slices = 1u << 16;

  explicit Affinities(Datastore& data) : data_(data) {}

  /// Makes the block. @pre there is none
  Error claim(const Prefix& cidr, HostId host, bool windows, SimTime now, BlockId& block);
  /// The block goes if it is empty, else it stays without owner. @pre it has one
  Error release(BlockId block, bool must_be_empty, SimTime now);

  /// Goes on after a block that is not empty and returns the last such error.
  Error release_all_of(HostId host, bool must_be_empty, SimTime now);
  void release_all_in(const Prefix& cidr, SimTime now);
  /// Every block-sized slice of a CIDR that begins in an enabled pool; ends at the first block that is not
  /// empty.
  Error release_slices(const Prefix& cidr, HostId host, bool must_be_empty, SimTime now);
  Error claim_slices(const Prefix& cidr, HostId host, SimTime now, std::vector<Prefix>& claimed,
                     std::vector<Prefix>& failed);

  /// After a release: an empty block whose pool selects its owner's node no longer goes.
  void ensure_consistent(BlockId block, SimTime now) {
    if (!data_.pools.serve_every_node()) release_unselected(block, now);
  }

 private:
  void release_unselected(BlockId block, SimTime now);
  Error check_cidr(const Prefix& cidr, int& block_size) const;
  void list(HostId host, BlockId block);
  void unlist(HostId host, BlockId block);

  Datastore& data_;
  std::vector<BlockId> blocks_;
};

}  // namespace cidrplan::calico
