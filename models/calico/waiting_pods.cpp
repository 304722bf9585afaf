#include "models/calico/waiting_pods.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::calico {

WaitingPods::Line WaitingPods::line_of(std::span<const PoolId> pools) {
  std::vector<PoolId> key(pools.begin(), pools.end());
  const auto [at, fresh] = known_.emplace(std::move(key), static_cast<Line>(lines_.size()));
  if (fresh) lines_.push_back({at->first, {}, 0});
  return at->second;
}

void WaitingPods::join(Line line, NodeId id) {
  auto& at = entry(line, id);
  ++at.pods;
  ++node(id).pods;
  ++waiting_;
  lines_[line].credit = 0;
  if (at.queued) return;
  at.queued = true;
  lines_[line].nodes.push_back(id);
}

void WaitingPods::leave(Line line, NodeId id, Leaves how) {
  auto& at = entry(line, id);
  CIDRPLAN_EXPECTS(at.pods > 0);
  --at.pods;
  --node(id).pods;
  --waiting_;
  if (how == Leaves::asks || at.queued) return;
  // It was called, and leaves what it was called for to others.
  lines_[line].credit += 1;
  serve(line);
}

void WaitingPods::served(Line number) {
  auto& line = lines_[number];
  if (line.nodes.empty()) return;
  line.credit += 1;
  serve(number);
}

void WaitingPods::freed(PoolId pool, std::uint64_t credit) {
  if (waiting_ == 0) return;
  for (std::size_t i = no_pool_yet + 1; i < lines_.size(); ++i) {
    auto& line = lines_[i];
    if (line.nodes.empty()) continue;
    if (std::find(line.pools.begin(), line.pools.end(), pool) == line.pools.end()) continue;
    line.credit += credit;
    serve(static_cast<Line>(i));
  }
}

void WaitingPods::freed_for(NodeId id) {
  if (index_of(id) < nodes_.size() && nodes_[index_of(id)].pods > 0) call(id);
}

void WaitingPods::call_all() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    auto nodes = std::move(lines_[i].nodes);
    lines_[i].nodes.clear();
    lines_[i].credit = 0;
    for (const auto id : nodes) {
      auto& at = entry(static_cast<Line>(i), id);
      at.queued = false;
      if (at.pods > 0) call(id);
    }
  }
}

void WaitingPods::take_called(std::vector<NodeId>& nodes) {
  for (const auto id : called_) {
    auto& at = node(id);
    at.called = false;
    if (at.pods > 0) nodes.push_back(id);
  }
  called_.clear();
}

WaitingPods::Node& WaitingPods::node(NodeId id) {
  if (nodes_.size() <= index_of(id)) nodes_.resize(index_of(id) + 1);
  return nodes_[index_of(id)];
}

WaitingPods::Entry& WaitingPods::entry(Line line, NodeId id) {
  auto& entries = node(id).entries;
  const auto at =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& each) { return each.line == line; });
  return at != entries.end() ? *at : entries.emplace_back(Entry{line, false, 0});
}

void WaitingPods::call(NodeId id) {
  auto& at = node(id);
  if (at.called) return;
  at.called = true;
  called_.push_back(id);
}

void WaitingPods::serve(Line number) {
  auto& line = lines_[number];
  while (line.credit > 0 && !line.nodes.empty()) {
    const NodeId id = line.nodes.front();
    line.nodes.pop_front();
    auto& at = entry(number, id);
    at.queued = false;
    if (at.pods == 0) continue;
    line.credit -= whole_blocks_ ? 1 : std::min<std::uint64_t>(line.credit, at.pods);
    call(id);
  }
}

}  // namespace cidrplan::calico
