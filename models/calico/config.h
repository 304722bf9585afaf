#pragma once

#include <cstdint>
#include <optional>

#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// Which releases are meant; the differences are told where they matter.
enum class Profile : std::uint8_t {
  p31,  ///< v3.28 to v3.31
  p32,  ///< v3.32: empty blocks are taken over from other nodes
  p33,  ///< v3.33 (master): P32, release cooldown, AssignIP looks at the allowed uses
};

/// IPAMConfig, the cluster's one object of that kind, as stored.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (GetIPAMConfig)
struct Config {
  bool strict_affinity = false;
  bool auto_allocate_blocks = true;
  std::int32_t max_blocks_per_host = 0;  ///< 0: default_block_cap
  Duration cooldown{};                   ///< P33; whole seconds

  friend bool operator==(const Config&, const Config&) = default;
};

/// Blocks a host may hold where neither the request nor the configuration says so. There is no "unlimited".
inline constexpr std::int32_t default_block_cap = 20;

/// An empty block younger than this is not taken over (P32 on). Counted from the claim.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_block_reader_writer.go (EmptyBlockMinReclaimAge)
inline constexpr Duration least_reclaim_age = Duration::seconds(60);

/// What Windows keeps of a block: three addresses at its start, one at its end.
/// @source projectcalico/calico cni-plugin/pkg/ipamplugin/ipam_plugin.go (cmdAdd)
inline constexpr std::uint32_t windows_reserved_at_start = 3;
inline constexpr std::uint32_t windows_reserved_at_end = 1;

/// How a simulated allocator is set up, apart from the cluster's own configuration.
struct Options {
  Profile profile = Profile::p32;
  /// Walks over /32 and /128 blocks begin where the original's clock happens to say. Here the k-th such walk
  /// takes this seed plus k; none: the hash of the host's name, as for larger blocks.
  std::optional<std::uint64_t> single_address_seed;
  /// Remember the number of each allocation's block write, so that a release can be refused as outdated, and
  /// in which order allocations were made.
  bool keep_sequence_numbers = false;
};

}  // namespace cidrplan::calico
