#include "planner/simulation/placement_policy.h"

#include <algorithm>

#include "planner/net/contract.h"
#include "planner/net/uint128.h"

namespace cidrplan {

void PlacementIndex::add(NodeId node, std::uint32_t bound, std::uint32_t slots) {
  if (bound >= slots) return;
  if (by_bound_.size() <= bound) by_bound_.resize(bound + 1);
  by_bound_[bound].insert(static_cast<std::uint32_t>(node));
  lowest_ = std::min(lowest_, bound);
  ++open_;
}

void PlacementIndex::remove(NodeId node, std::uint32_t bound, std::uint32_t slots) {
  if (bound >= slots) return;
  by_bound_[bound].erase(static_cast<std::uint32_t>(node));
  --open_;
}

void PlacementIndex::change(NodeId node, std::uint32_t bound_before, std::uint32_t bound_after,
                            std::uint32_t slots) {
  remove(node, bound_before, slots);
  add(node, bound_after, slots);
}

NodeId PlacementIndex::fewest_pods() const {
  CIDRPLAN_EXPECTS(open_ > 0);
  while (by_bound_[lowest_].empty()) ++lowest_;
  return NodeId{by_bound_[lowest_].first()};
}

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
