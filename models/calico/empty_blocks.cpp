#include "models/calico/empty_blocks.h"

#include <algorithm>
#include <string>

#include "models/calico/affinity_name.h"

namespace cidrplan::calico {
EmptyBlocks::Node& EmptyBlocks::node(HostId host) {
  if (slot_of(host) >= nodes_.size()) nodes_.resize(slot_of(host) + 1);
  return nodes_[slot_of(host)];
}

void EmptyBlocks::own(BlockId block, HostId owner) {
  if (slot_of(block) >= owners_.size()) owners_.resize(slot_of(block) + 1, no_host);
  if (owners_[slot_of(block)] == owner) return;
  disown(block);
  owners_[slot_of(block)] = owner;
  auto& of_node = node(owner);
  if (++of_node.blocks != 2) return;
  for (const auto each : of_node.empty) wake_up(each, empty_.at(each));
}

void EmptyBlocks::disown(BlockId block) {
  const auto before = owner(block);
  if (before == no_host) return;
  --node(before).blocks;
  owners_[slot_of(block)] = no_host;
}

/// Its node has another block now.
void EmptyBlocks::wake_up(BlockId block, Empty& empty) {
  if (empty.wait == Wait::for_other_block) {
    empty.wait = Wait::for_pass;
    untimed_.push_back(block);
  } else if (empty.wait == Wait::when_due) {
    empty.wait = Wait::for_timer;
    timers_.emplace(empty.since, block);
  }
}

void EmptyBlocks::forget(BlockId block) {
  const auto at = empty_.find(block);
  if (at == empty_.end()) return;
  if (at->second.wait == Wait::for_timer) timers_.erase({at->second.since, block});
  auto& list = node(at->second.node).empty;
  list.erase(std::find(list.begin(), list.end(), block));
  empty_.erase(at);
}

void EmptyBlocks::hear(BlockId block, const Prefix& cidr, HostId owner, bool empty) {
  if (owner == no_host) {
    forget(block);
    disown(block);
    return;
  }
  if (!empty) {
    forget(block);
    own(block, owner);
    return;
  }
  own(block, owner);
  const auto [at, added] = empty_.try_emplace(block, Empty{cidr, owner});
  if (!added) return;
  node(owner).empty.push_back(block);
  if (node(owner).blocks > 1) wake_up(block, at->second);
}

void EmptyBlocks::hear_deleted(BlockId block) {
  forget(block);
  disown(block);
}

bool EmptyBlocks::waits_for_other_block(HostId host) const {
  if (slot_of(host) >= nodes_.size()) return false;
  const auto& list = nodes_[slot_of(host)].empty;
  return std::any_of(list.begin(), list.end(),
                     [&](BlockId block) { return empty_.at(block).wait == Wait::when_due; });
}

void EmptyBlocks::ask_again(HostId host) {
  if (slot_of(host) < nodes_.size() && !nodes_[slot_of(host)].empty.empty()) ask_again_.push_back(host);
}

/// Blocks whose timers run on nodes that may be exempt by now.
void EmptyBlocks::add_unasked(std::vector<BlockId>& blocks) {
  for (const auto host : ask_again_)
    for (const auto block : nodes_[slot_of(host)].empty)
      if (empty_.at(block).wait == Wait::for_timer) blocks.push_back(block);
  ask_again_.clear();
}

void EmptyBlocks::collect(SimTime now, const Actions& actions) {
  if (grace_.ms <= 0) return;
  std::vector<BlockId> blocks;
  blocks.swap(untimed_);
  std::erase_if(blocks, [&](BlockId block) {
    const auto at = empty_.find(block);
    return at == empty_.end() || at->second.wait != Wait::for_pass;
  });
  for (const auto& [since, block] : timers_) {
    if (now - since <= grace_) break;
    blocks.push_back(block);
  }
  add_unasked(blocks);
  sort_for_visit(blocks);
  for (const auto block : blocks) visit(block, now, actions);
}

void EmptyBlocks::sort_for_visit(std::vector<BlockId>& blocks) const {
  if (blocks.size() < 2) {
    return;
  }
  std::vector<std::pair<std::string, BlockId>> named;
  named.reserve(blocks.size());
  for (const auto block : blocks) {
    const auto& cidr = empty_.at(block).cidr;
    named.emplace_back((cidr.family() == Family::ipv6 ? '6' : '4') + dashed(cidr), block);
  }
  std::sort(named.begin(), named.end(), std::greater<>{});
  named.erase(std::unique(named.begin(), named.end()), named.end());
  blocks.clear();
  for (const auto& [name, block] : named) blocks.push_back(block);
}

void EmptyBlocks::visit(BlockId block, SimTime now, const Actions& actions) {
  auto& empty = empty_.at(block);
  const auto stop_timer = [&] {
    if (empty.wait == Wait::for_timer) timers_.erase({empty.since, block});
  };
  if (node(empty.node).blocks <= 1) {
    stop_timer();
    empty.wait = empty.since == SimTime::never() ? Wait::for_other_block : Wait::when_due;
    return;
  }
  if (actions.exempt(empty.node)) {
    stop_timer();
    empty.since = SimTime::never();
    empty.wait = Wait::for_pass;
    untimed_.push_back(block);
    return;
  }
  if (empty.since == SimTime::never()) {
    empty.since = now;
    empty.wait = Wait::for_timer;
    timers_.emplace(now, block);
    return;
  }
  if (now - empty.since <= grace_) return;
  const auto cidr = empty.cidr;  // outlives the entry
  const auto owner = empty.node;
  if (actions.release(cidr, owner)) hear_deleted(block);
}

}  // namespace cidrplan::calico
