#pragma once

#include <span>

#include "planner/net/prefix_set.h"

namespace cidrplan::calico {

/// Addresses that are never assigned by themselves (all IPReservations together).
/// @source projectcalico/calico libcalico-go/lib/ipam/reserved.go, addr_filter.go
class Reservations {
 public:
  Reservations() = default;
  explicit Reservations(std::span<const Prefix> cidrs) : set_(cidrs) {}

  bool empty() const { return set_.empty(); }
  bool covers(const Address& address) const { return set_.contains(address); }
  bool covers(const Prefix& prefix) const { return set_.contains(prefix); }
  bool touches(const Prefix& prefix) const { return set_.overlaps(prefix); }
  /// How many addresses of the prefix are reserved.
  uint128 count_in(const Prefix& prefix) const;
  /// The last block of `bits` host bits, by number, of the run of reserved blocks that `block` lies in; none
  /// where it is not wholly reserved.
  std::optional<uint128> last_reserved_block(Family family, int bits, uint128 block) const;

 private:
  PrefixSet set_;
};

}  // namespace cidrplan::calico
