#pragma once

#include <cstdint>

#include "models/calico/ip_pool.h"
#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// Why a call failed. The texts are in error_text.h; beside each the values that it names.
enum class ErrorCode : std::uint8_t {
  none,
  // which pools may serve
  pool_of_other_family,  ///< prefix: one of the pools asked for
  no_qualified_pool,     ///< E1
  pool_not_enabled,      ///< E2: prefix
  no_pool_for_node,      ///< E3: host
  no_pool_for_use,       ///< E4: use
  node_missing,          ///< host
  // finding a block
  block_limit,                ///< E5
  auto_allocation_off,        ///< E6
  nothing_free_in_new_block,  ///< E8: prefix
  no_free_blocks,
  windows_needs_strict_affinity,
  block_too_small_for_windows,  ///< prefix; the original's program ends here
  // one address
  address_outside_pools,
  use_not_allowed,  ///< address, pool, use
  other_host,
  block_without_affinity,  ///< prefix
  already_assigned,        ///< address
  // releases
  handle_missing,  ///< handle
  bad_handle,
  bad_sequence_number,
  // affinities
  block_not_empty,     ///< prefix
  cidr_outside_pools,  ///< prefix
  cidr_too_small,      ///< prefix
  cidr_too_large,      ///< prefix; more than most_slices blocks; ours, the original would go on
  // configuration
  strict_affinity_and_auto_allocation_off,
  cap_without_strict_affinity,
};

struct Error {
  ErrorCode code = ErrorCode::none;
  Use use = Use::workload;
  PoolId pool = no_pool;
  HostId host = no_host;
  HandleId handle = no_handle;
  Prefix prefix{};
  Address address{};

  explicit operator bool() const { return code != ErrorCode::none; }
};

}  // namespace cidrplan::calico
