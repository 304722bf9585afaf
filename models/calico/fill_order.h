#pragma once

#include <span>
#include <vector>

#include "models/calico/ip_pool.h"

namespace cidrplan::calico {

/// An order in which a node fills its blocks, and how many nodes have it.
struct FillOrder {
  std::vector<int> claim;  ///< [place in the order of filling] which claim the block is, from 0
  double share = 1;        ///< of nodes
};

/// The orders of the first `blocks` blocks of nodes whose walks start at these blocks, the most frequent
/// first. Blocks are claimed as the walk goes, one after the other upwards, and filled as their names sort:
/// 10.0.0.64 comes after 10.0.0.128.
/// @pre the pool has so many blocks
std::vector<FillOrder> fill_orders(const IpPool& pool, std::span<const std::uint64_t> starts, int blocks);

/// Where a walk starts is as good as random, so each block of the pool counts alike; of a large pool 4,096,
/// evenly spaced.
std::vector<FillOrder> fill_orders(const IpPool& pool, int blocks);

}  // namespace cidrplan::calico
