#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/calico/block_window.h"
#include "models/calico/fill_order.h"
#include "models/calico/node_population.h"

namespace cidrplan::calico {

struct ChainLimits {
  std::uint64_t states = 30'000;  ///< of the widest window
  int phases = 8;                 ///< of the collection timer
  double tail = 1e-9;             ///< share of time that may lie beyond the blocks considered
  double rest = 1e-3;             ///< share of time that may lie beyond the window
};

/// How full the blocks of one node are in the long run. Blocks are numbered in the order in which they are
/// filled.
struct NodeOccupancy {
  std::vector<double> blocks_held;  ///< [k] share of time with k blocks held; sums to 1. Over a lump: as if
                                    ///< a block were held only together with all that are held more often
  std::vector<BlockOccupancy> blocks;  ///< in the order of filling

  double held = 0;     ///< blocks, on average
  double waiting = 0;  ///< of them empty, waiting for collection
  double single = 0;   ///< of them pinned by one address
  double in_use = 0;   ///< addresses, permanent ones included
  double idle = 0;     ///< addresses of held blocks that nobody uses

  /// Probability that a held block is pinned by a single address.
  double pinned() const { return held > 0 ? single / held : 0; }

  struct Accuracy {
    bool exact = false;        ///< no lump below the window, none above
    int below = 0, width = 0;  ///< blocks in the lump and in the window
    std::uint64_t states = 0;  ///< of the largest chain solved
    double beyond = 0;  ///< share of time in which the node has more pods than the blocks considered take
    double lump_not_held = 0;  ///< share of time in which a block of the lump would not be held; taken as 0
    double above = 0;          ///< blocks held above the window, on average: each by a chain of its own
    double residual = 0;       ///< the largest of any chain, see Stationary
  } accuracy;
};

/// Solves the chain of one node under random placement and exponential lives.
///
/// A pod takes an address of the first block, in the order of filling, that has one; the next block is
/// claimed when all are full; an empty block is given back after its timer unless it is the last. All blocks
/// are followed together where that takes at most `limits.states` states. Else a window of the last blocks
/// that matter is followed, over a lump of the first ones; what lies outside the window comes from chains of
/// one block over a lump of all before it.
NodeOccupancy stationary_occupancy(const NodeLoad& load, const ChainLimits& limits = {});

/// How many blocks the window ends with: more are needed in at most `limits.rest` of the time.
int blocks_followed(const NodeLoad& load, const ChainLimits& limits = {});

/// The average over nodes that fill in different orders; orders that the chain cannot tell apart are solved
/// once. `load.claim` is not looked at. @pre not empty
NodeOccupancy stationary_occupancy(const NodeLoad& load, std::span<const FillOrder> orders,
                                   const ChainLimits& limits = {});

}  // namespace cidrplan::calico
