#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/overlay/offset_set.h"
#include "planner/net/prefix.h"

namespace cidrplan::overlay {

enum class HostLocalError : std::uint8_t {
  // of a configuration
  no_ranges,
  empty_set,
  too_small,
  host_bits,
  range_start,
  range_end,
  mixed_families,
  overlap,
  // of a request
  gateway,
  not_available,
  duplicate,
  exhausted,
  request_outside,
};

/// One range of a network configuration, as a user writes it.
struct HostRangeInput {
  Address subnet_address;
  int subnet_length = 0;
  std::optional<Address> start;
  std::optional<Address> end;
  std::optional<Address> gateway;
};

/// A range with its defaults filled in: from the network address plus one to the one before broadcast (IPv4)
/// or to the last address (IPv6). The gateway, the network address plus one unless given, may lie outside; it
/// is never handed out.
struct HostRange {
  Prefix subnet;
  Address start;
  Address end;
  Address gateway;

  bool contains(const Address& address) const { return start <= address && address <= end; }
};

struct CompletedSet {
  std::vector<HostRange> ranges;
  std::optional<HostLocalError> error;
};

/// Checks one range set and fills in what was left out.
CompletedSet complete(std::span<const HostRangeInput> ranges);
/// Does any range of one set share an address with one of the other?
bool overlap(std::span<const HostRange> a, std::span<const HostRange> b);

/// The addresses one node gives to its pods: the next free one after the one given last, round and round.
/// @source containernetworking/plugins plugins/ipam/host-local/backend/allocator/allocator.go
class HostLocal {
 public:
  /// @pre from `complete`, without error
  explicit HostLocal(std::vector<HostRange> ranges);
  /// One range with all its defaults, as Flannel gives it to the bridge plugin. @pre at least two host bits
  explicit HostLocal(const Prefix& node_range);

  std::span<const HostRange> ranges() const { return ranges_; }
  /// None where the address is in none of the ranges.
  const HostRange* range_for(const Address& address) const;
  /// Addresses that can be handed out at once.
  uint128 usable() const;

  /// None: exhausted.
  std::optional<Address> allocate();
  /// A particular address; moves the marker as well. `request_outside`, `gateway` or `not_available` where it
  /// fails.
  std::optional<HostLocalError> allocate(const Address& address);
  /// The marker stays: the address rests until the search comes round.
  void release(const Address& address);

  /// Records of an earlier configuration: marks an address as used; ignored outside the ranges.
  void restore_used(const Address& address);
  /// Makes the search begin behind that address; at the first range where it lies outside.
  void restore_marker(const Address& address);

 private:
  std::optional<uint128> offset_of(const Address& address) const;
  Address address_at(uint128 offset) const;
  /// The first free offset in [from, to) that is no gateway.
  std::optional<uint128> next_free(uint128 from, uint128 to) const;

  std::vector<HostRange> ranges_;
  std::vector<uint128> first_offsets_;  // of each range; addresses of all ranges are numbered in a row
  std::vector<uint128> gateways_;       // offsets, ascending
  OffsetSet used_;
  std::optional<uint128> last_;  // offset handed out last
};

}  // namespace cidrplan::overlay
