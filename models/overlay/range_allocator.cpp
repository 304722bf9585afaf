#include "models/overlay/range_allocator.h"

#include <utility>

#include "planner/net/contract.h"

namespace cidrplan::overlay {

std::optional<RangeAllocator::Failure> RangeAllocator::start(std::span<const ClusterRange> clusters,
                                                             std::span<const Prefix> services,
                                                             std::span<const NodeKey> names) {
  std::vector<CidrSet> sets;
  for (const auto& cluster : clusters) {
    auto set = CidrSet::make(cluster.cidr, cluster.node_mask);
    if (!set) return Failure{CidrError::node_cidr_too_big, std::nullopt};
    sets.push_back(std::move(*set));
  }
  for (const auto& service : services) {
    for (auto& set : sets) set.occupy(service);
  }
  for (const auto name : names) {
    if (auto failure = occupy(sets, cidrs_of(name))) return failure;
  }
  sets_ = std::move(sets);
  return std::nullopt;
}

RangeAllocator::Answer RangeAllocator::add_node(NodeKey node, std::vector<Prefix> cidrs, Write write) {
  const bool added = nodes_.emplace(node, std::move(cidrs)).second;
  CIDRPLAN_EXPECTS(added);
  return sync_node(node, write);
}

RangeAllocator::Answer RangeAllocator::sync_node(NodeKey node, Write write) {
  auto& known = nodes_.at(node);
  if (!known.empty()) return {{}, occupy(sets_, known)};

  Answer answer;
  for (std::size_t family = 0; family < sets_.size(); ++family) {
    const auto cidr = sets_[family].allocate();
    if (!cidr) {
      answer.failure = Failure{CidrError::exhausted, family};
      return answer;
    }
    answer.cidrs.push_back(*cidr);
  }
  if (write != Write::refused && write != Write::timeout) known = answer.cidrs;
  if (write == Write::works || write == Write::third) return answer;

  answer.failure = Failure{write == Write::refused ? CidrError::refused : CidrError::timeout, std::nullopt};
  release(answer.cidrs);
  return answer;
}

std::optional<RangeAllocator::Failure> RangeAllocator::delete_node(NodeKey node) {
  const auto found = nodes_.find(node);
  CIDRPLAN_EXPECTS(found != nodes_.end());
  const auto cidrs = std::move(found->second);
  nodes_.erase(found);
  return release(cidrs);
}

std::optional<RangeAllocator::Failure> RangeAllocator::occupy(std::vector<CidrSet>& sets,
                                                              std::span<const Prefix> cidrs) {
  for (std::size_t family = 0; family < cidrs.size(); ++family) {
    if (family >= sets.size()) return Failure{CidrError::no_such_family, std::nullopt};
    if (!sets[family].occupy(cidrs[family])) return Failure{CidrError::out_of_range, family};
  }
  return std::nullopt;
}

std::optional<RangeAllocator::Failure> RangeAllocator::release(std::span<const Prefix> cidrs) {
  for (std::size_t family = 0; family < cidrs.size(); ++family) {
    if (family >= sets_.size()) return Failure{CidrError::no_such_family, std::nullopt};
    if (!sets_[family].release(cidrs[family])) return Failure{CidrError::out_of_range, std::nullopt};
  }
  return std::nullopt;
}

}  // namespace cidrplan::overlay
