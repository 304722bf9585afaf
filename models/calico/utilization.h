#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/calico/datastore.h"

namespace cidrplan::calico {

/// The blocks that no pool holds are reported under this name.
inline constexpr const char* orphans_name = "orphaned allocation blocks";

struct BlockUse {
  BlockId block = no_block;
  std::int64_t capacity = 0;
  std::int64_t in_use = 0;     ///< whatever is not on the stored free list
  std::int64_t reserved = 0;   ///< P33: covered by reservations, used or not
  std::int64_t available = 0;  ///< free; P33: and not reserved
};

struct PoolUse {
  std::string name;
  PoolId pool = no_pool;  ///< none: of the orphans
  Prefix cidr{};
  std::vector<BlockUse> blocks;  ///< in the order of their objects' names
  // Before P33 the sums are the caller's work. In P33 they are 64-bit numbers that wrap round.
  std::int64_t capacity = 0;
  std::int64_t in_use = 0;
  std::int64_t reserved = 0;
  std::int64_t available = 0;
};

/// The existing blocks in the order in which the datastore lists them: of their objects' names.
std::vector<BlockId> listed_blocks(const Datastore& data);

/// GetUtilization: every pool, disabled or not, in the order of names, then the orphans (IPv4 only).
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (GetUtilization), accounting/
std::vector<PoolUse> utilization(const Datastore& data);

}  // namespace cidrplan::calico
