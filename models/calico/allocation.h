#pragma once

#include <cstdint>

#include "models/calico/ids.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// Ordinal i of a block is its address number i; every one of them can be assigned.
using Ordinal = std::uint16_t;
inline constexpr Ordinal no_ordinal = 0xffff;

/// Whom an address serves, as its attributes tell.
enum class OwnerKind : std::uint8_t {
  none,  ///< neither pod nor tunnel: never collected
  pod,   ///< attributes namespace and pod
  ipip_tunnel,
  vxlan_tunnel,
  vxlan_v6_tunnel,
  wireguard_tunnel,
  wireguard_v6_tunnel,
  windows_reserved,  ///< kept by Windows for itself
  cooling,           ///< released, and not free yet (P33)
};
constexpr bool is_tunnel(OwnerKind kind) {
  return kind >= OwnerKind::ipip_tunnel && kind <= OwnerKind::wireguard_v6_tunnel;
}

/// The attributes of an allocation, apart from its handle.
struct Owner {
  HostId node = no_host;  ///< attribute `node`: who asked; none: there is no such attribute
  OwnerKind kind = OwnerKind::none;
  std::uint32_t subject = 0;  ///< the caller's own number: which pod; equal numbers are equal attributes

  friend bool operator==(const Owner&, const Owner&) = default;
};

/// An entry of a block's `attributes`: what one or more of its ordinals point to. The entry whose number is
/// that of its handle is part of the handle's record, as both mostly come and go together. Aligned, so that
/// none lies in two lines of the cache.
struct alignas(32) Allocation {
  static constexpr std::uint32_t none = 0xffff'ffff;
  static constexpr unsigned no_entry = 0xf;  ///< as kind_bits: nothing points here

  BlockId block = no_block;  ///< of a handle's record: of its entry and its count, whichever there is
  HandleId handle = no_handle;
  HostId node = no_host;
  std::uint32_t subject = 0;  ///< of a cooling entry: the second of its release, as 32 bits
  std::uint32_t next = none;  ///< further entries of the same handle; of a free record: the next one
  Ordinal ordinal = 0;        ///< the one that points here, where there is one only; else one that did
  std::uint16_t references : 12 = 0;  ///< ordinals that point here, less one
  std::uint16_t kind_bits : 4 = no_entry;
  std::uint32_t counted = 0;  ///< of a handle's record: addresses that the handle counts in `block`
  std::uint32_t more = none;  ///< of a handle's record: counts in other blocks

  bool is_entry() const { return kind_bits != no_entry; }
  OwnerKind kind() const { return static_cast<OwnerKind>(kind_bits); }
  Owner owner() const { return {node, kind(), subject}; }
  std::uint32_t ordinals() const { return references + 1u; }
  /// Of a cooling entry; whole seconds.
  SimTime released() const { return SimTime{static_cast<std::int32_t>(subject) * std::int64_t{1000}}; }
};

}  // namespace cidrplan::calico
