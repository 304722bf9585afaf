#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace cidrplan {

/// What pods drew from the pools of single nodes over a life, where a design keeps such pools and was asked
/// to look. Only what could be had counts as drawn: a pool grows interface by interface.
struct PoolDemand {
  std::int64_t waited = 0;    ///< pods without an address, or longer so, that a larger pool had spared it
  std::int64_t beyond = 0;    ///< pods that waited because no pool can be that large, or not that soon
  std::int64_t no_room = 0;   ///< pods that waited because subnets, or a quota, gave the pool nothing
  std::int64_t at_start = 0;  ///< the most addresses drawn from one node's pool soon after it joined
  /// By addresses of a node in use or cooling: the most of them that came since its daemon's last check.
  std::vector<std::int64_t> since_check;

  void note(std::int64_t used, std::int64_t more) {
    const auto at = static_cast<std::size_t>(used);
    if (since_check.size() <= at) since_check.resize(at + 1);
    since_check[at] = std::max(since_check[at], more);
  }
  /// Addresses to have free at every check, so that none lacks, where a node has `least` in any case.
  std::int64_t free_needed(std::int64_t least) const {
    std::int64_t most = 0;
    for (auto used = static_cast<std::size_t>(least + 1); used < since_check.size(); ++used)
      most = std::max(most, since_check[used]);
    return most;
  }
};

}  // namespace cidrplan
