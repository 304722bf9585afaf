#pragma once

#include <cstdint>

#include "models/calico/ids.h"
#include "planner/events/sim_time.h"

namespace cidrplan::calico {

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

/// An entry of a block's `attributes`: what one or more of its ordinals point to.
struct Allocation {
  BlockId block = no_block;
  HandleId handle = no_handle;
  HostId node = no_host;
  std::uint32_t subject = 0;  ///< of a cooling entry: the second of its release, as 32 bits
  std::uint32_t next = 0;     ///< further entries of the same handle; of a free slot: the next one
  std::uint32_t order = 0;    ///< entries of one block stand in ascending order of it
  std::uint16_t ordinal = 0;  ///< the one that points here, where there is one only; else one that did
  std::uint16_t references : 12 = 0;  ///< ordinals that point here, less one
  std::uint16_t kind_bits : 4 = 0;

  OwnerKind kind() const { return static_cast<OwnerKind>(kind_bits); }
  Owner owner() const { return {node, kind(), subject}; }
  std::uint32_t ordinals() const { return references + 1u; }
  /// Of a cooling entry; whole seconds.
  SimTime released() const { return SimTime{static_cast<std::int32_t>(subject) * std::int64_t{1000}}; }
};

}  // namespace cidrplan::calico
