#pragma once

#include <cstddef>
#include <cstdint>

namespace cidrplan::calico {

/// A name that may own blocks: a node, or the service load balancer's virtual host. Given out by the
/// allocator, from 0, and never used again for another name.
enum class HostId : std::uint32_t {};
/// A pool object, from its creation to its deletion.
enum class PoolId : std::uint32_t {};
/// A block's CIDR, for as long as the block exists or a handle still counts addresses in it.
enum class BlockId : std::uint32_t {};
/// An allocation's handle. Made and forgotten by the caller (Allocator::make_handle).
enum class HandleId : std::uint32_t {};
/// A set of labels, of a node or a namespace; equal sets have the same id.
enum class LabelsId : std::uint32_t {};

inline constexpr HostId no_host{0xffff'ffff};
inline constexpr PoolId no_pool{0xffff'ffff};
inline constexpr BlockId no_block{0xffff'ffff};
inline constexpr HandleId no_handle{0xffff'ffff};
/// What the addresses that Windows keeps for itself carry; there is no handle object of it.
inline constexpr HandleId windows_handle{0xffff'fffe};
/// The empty set; also what a namespace counts as when none is known.
inline constexpr LabelsId no_labels{0};

template <typename Id>
constexpr std::size_t slot_of(Id id) {
  return static_cast<std::size_t>(id);
}

}  // namespace cidrplan::calico
