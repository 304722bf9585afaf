#pragma once

#include <span>
#include <vector>

#include "models/calico/affinities.h"
#include "models/calico/requests.h"

namespace cidrplan::calico {

/// How addresses come back. An empty block that has an owner stays; one without goes.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (ReleaseByHandle, ReleaseIPs)
class Releases {
 public:
  Releases(Datastore& data, Affinities& affinities) : data_(data), affinities_(affinities) {}

  Error by_handle(HandleId handle, SimTime now);
  void by_address(std::span<const ReleaseItem> items, SimTime now, ReleaseAnswer& answer);
  /// False: nothing in the block is due.
  bool collect_cooled(BlockId block, SimTime now);
  /// The block that a release of the address would look into; none: outside every pool and every block.
  std::optional<Prefix> block_cidr_of(const Address& address) const;

 private:
  /// One address to release, with its block.
  struct Part {
    Prefix cidr;
    std::size_t item = 0;
  };

  /// What a handle gave back of one block.
  struct GivenBack {
    HandleId handle = no_handle;
    Ordinal first{};
    std::uint32_t addresses = 0;
  };

  void from_block(HandleId handle, BlockId block, SimTime now);
  void group(std::span<const Part> parts, std::span<const ReleaseItem> items, SimTime now,
             ReleaseAnswer& answer);
  Error examine(BlockId block, std::span<const ReleaseItem> items);
  void write_group(BlockId block, SimTime now);
  void count_handles();
  void release(BlockId block, Ordinal ordinal, SimTime now, BlockStore::KeepNumber keep);
  void finish(BlockId block);

  Datastore& data_;
  Affinities& affinities_;
  std::vector<Part> parts_;
  std::vector<std::size_t> last_requests_;  // of a group, by ordinal
  std::vector<Ordinal> ordinals_;
  std::vector<Address> unallocated_;
  std::vector<BlockId> blocks_;
  std::vector<GivenBack> by_handle_;
};

}  // namespace cidrplan::calico
