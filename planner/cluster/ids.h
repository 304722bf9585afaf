#pragma once

#include <cstddef>
#include <cstdint>

namespace cidrplan {

/// Positions in the scenario's lists.
enum class ZoneId : std::uint16_t {};
enum class SubnetId : std::uint16_t {};
enum class GroupId : std::uint16_t {};
enum class WorkloadId : std::uint16_t {};
enum class NamespaceId : std::uint16_t {};  ///< 0 is "default"

/// Nodes are numbered as they join, from 0, within one life; numbers are not used again.
enum class NodeId : std::uint32_t {};

/// A slot in the engine's pod slab: unique among pods between `assign` and `release`, used again afterwards.
enum class PodId : std::uint32_t {};

template <typename Id>
constexpr std::size_t index_of(Id id) {
  return static_cast<std::size_t>(id);
}

}  // namespace cidrplan
