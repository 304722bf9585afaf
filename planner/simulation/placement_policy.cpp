#include "planner/simulation/placement_policy.h"

#include "planner/net/uint128.h"

namespace cidrplan {

NodeId PlacementIndex::fullest() const {
  CIDRPLAN_EXPECTS(open_ > 0);
  std::size_t bound = by_bound_.size() - 1;
  while (by_bound_[bound].empty()) --bound;
  return NodeId{by_bound_[bound].first()};
}

NodeId PlacementIndex::any(std::uint64_t draw) const {
  CIDRPLAN_EXPECTS(open_ > 0);
  auto rank = static_cast<std::uint32_t>(static_cast<uint128>(draw) * open_ >> 64);
  std::size_t bound = 0;
  for (; rank >= by_bound_[bound].size(); ++bound) rank -= by_bound_[bound].size();
  return NodeId{by_bound_[bound].nth(rank)};
}

}  // namespace cidrplan
