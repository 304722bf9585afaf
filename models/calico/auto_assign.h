#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "models/calico/block_search.h"
#include "models/calico/pool_selection.h"
#include "models/calico/requests.h"

namespace cidrplan::calico {

/// AutoAssign: the host's own blocks in the order of their names, then new ones up to the cap, then, without
/// strict affinity, what other blocks have left.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (autoAssign, EnsureBlock)
class AutoAssign {
 public:
  AutoAssign(Datastore& data, Affinities& affinities)
      : data_(data), affinities_(affinities), search_(data, affinities) {}

  void assign(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer);
  Error ensure_windows_block(HostId host, std::span<const Prefix> pools, SimTime now,
                             std::optional<Prefix>& block);

 private:
  /// False: no pool may serve the request, or its node is missing.
  bool prepare(const PoolRequest& request, SimTime now, Error& error);
  void release_unselected(const PoolRequest& request, SimTime now);
  std::int32_t cap(std::int32_t requested) const;
  bool is_usable(BlockId block) const;

  /// @return  how many usable blocks the host has, where addresses are still missing
  std::int32_t take_from_own(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer);
  void take_from_new(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer,
                     std::int32_t owned);
  void borrow(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer);
  /// Takes what the block has; the handle counts all that was missing.
  bool take(BlockId block, const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer);

  Datastore& data_;
  Affinities& affinities_;
  BlockSearch search_;
  PoolSelection pools_;
  std::vector<BlockId> to_release_;
};

}  // namespace cidrplan::calico
