// What the collector is told, and when it hears of it.

#include "models/calico/allocator.h"
#include "models/calico/collector.h"

namespace cidrplan::calico {

void Collector::event(EventQueueKind kind, bool matters, SimTime now) {
  if (matters || clock_.window_end(kind) == SimTime::never()) wakeup_known_ = false;
  clock_.event(kind, now);
  if (matters) matters_[static_cast<std::size_t>(kind)] = true;
}

// --- told ---

void Collector::set_node(HostId host, bool kubernetes, bool migrating, SimTime now) {
  run_until(now, false);
  wakeup_known_ = false;
  auto& set = node(host);
  set.real = kubernetes ? Known::kubernetes : Known::foreign;
  if (kubernetes) {
    set.kubernetes = true;
    set.migrating = migrating;
  }
  blocks_.ask_again(host);
  node_news_.push_back({host, set.real});
  event(EventQueueKind::datastore, false, now);
}

void Collector::remove_calico_node(HostId host, SimTime now) {
  run_until(now, false);
  auto& removed = node(host);
  removed.real = Known::missing;
  removed.untried = true;
  of_interest_.insert(host);
  node_news_.push_back({host, Known::missing});
  event(EventQueueKind::datastore, true, now);
}

void Collector::remove_kubernetes_node(HostId host, SimTime now) {
  run_until(now, false);
  wakeup_known_ = false;
  auto& removed = node(host);
  removed.kubernetes = removed.migrating = false;
  removed.untried = true;
  of_interest_.insert(host);
  if (options_.drive == Drive::steps)
    scan_all_next();
  else
    event(EventQueueKind::nodes, true, now);
}

void Collector::pod_gone(HostId host, SimTime now) {
  run_until(now, false);
  gone_pods_.push_back(host);
  event(EventQueueKind::pods, host != no_host && (node(host).watched_pods > 0 || !is_living(node(host))),
        now);
}

void Collector::pod_lost(HandleId handle, SimTime now) {
  run_until(now, false);
  wakeup_known_ = false;
  hear_blocks();
  const auto& store = allocator_.store();
  auto host = no_host;
  for (auto at = store.handles().first_entry(handle); at != HandleTable::none;
       at = store.handles().next_entry(at)) {
    const auto& entry = store.allocation(at);
    const auto& block = store[entry.block];
    host = entry.node;
    for (std::uint32_t i = 0; i < block.size(); ++i) {
      if (block.allocation(static_cast<Ordinal>(i)) != at) continue;
      const AllocationKey key{block.address(static_cast<Ordinal>(i)), handle};
      if (suspects_.find(key) != nullptr) continue;
      if (host != no_host) --node(host).unwatched;
      watch(key, entry.owner(), entry.block, 0);
    }
  }
  pod_gone(host, now);
}

void Collector::pool_changed(SimTime now) {
  run_until(now, false);
  event(EventQueueKind::datastore, false, now);
}

void Collector::set_datastore_ready(bool ready, SimTime now) {
  run_until(now, false);
  ready_news_ = ready;
  event(EventQueueKind::datastore, true, now);
}

void Collector::take_changes(SimTime now) {
  // Passes that are still to be made up for come before these changes, and must not take them for their own.
  const bool changed = read_changes(told_, now);
  if (told_.empty()) {
    run_until(now, false);
    if (changed) event(EventQueueKind::datastore, false, now);
    return;
  }
  std::vector<BlockNews> news;
  news.swap(told_);
  run_until(now, false);
  note_all(news, now);
  news.swap(told_);
}

void Collector::take_own_changes(SimTime now) {
  std::vector<BlockNews> news;
  news.swap(told_);
  if (read_changes(news, now)) note_all(news, now);
  news.swap(told_);
}

/// False: no block has changed.
bool Collector::read_changes(std::vector<BlockNews>& news, SimTime now) {
  const auto& log = changes_ ? changes_() : log_;
  news.clear();
  const bool changed = !log.blocks.empty();
  if (changed) {
    watch_.tell(log, news, [this](const AllocationChange& change) { return count_unwatched(change); });
    if (allocator_.data().is_p33()) {
      wakeup_known_ = false;
      for (const auto& change : log.blocks) cold_.changed(change.block, now);
    }
  }
  allocator_.clear_changes();
  return changed;
}

void Collector::note_all(const std::vector<BlockNews>& news, SimTime now) {
  bool matters = false;
  if (!news.empty()) wakeup_known_ = false;
  for (const auto& each : news) matters |= note(each);
  event(EventQueueKind::datastore, matters, now);
}

/// Lines the news up for the end of the window. True where the pass then may release something.
bool Collector::note(const BlockNews& news) {
  const bool of_block = news.kind == BlockNews::Kind::content || news.kind == BlockNews::Kind::deleted;
  block_news_.push_back(news);
  if (!of_block) {
    const auto host = news.allocation.node;
    return host != no_host && (!is_living(node(host)) || node(host).watched_pods > 0);
  }
  // A deleted node whose blocks changed may be cleaned up now.
  bool matters = false;
  for (const auto host : {news.owner, news.owner_before}) {
    if (host == no_host || is_living(node(host))) continue;
    node(host).untried = true;
    matters = true;
  }
  if (news.owner == no_host || news.kind == BlockNews::Kind::deleted) return matters;
  const auto& owner = allocator_.data().hosts[news.owner];
  if ((news.empty || news.is_claim()) && owner.of(Family::ipv4).size() + owner.of(Family::ipv6).size() > 1)
    timers_may_start_ = true;
  return matters || (news.is_claim() && blocks_.waits_for_other_block(news.owner));
}

bool Collector::is_kept(const Owner& owner) const {
  return options_.keeps_every_allocation || owner.kind != OwnerKind::pod;
}

/// Most of a simulation's changes end here: nothing that a pass does depends on a pod whose node is well and
/// has no leaks, apart from the emptiness of its block. False: it is news.
bool Collector::count_unwatched(const AllocationChange& change) {
  if (is_kept(change.owner)) return false;
  if (change.owner.node == no_host) return true;
  auto& host = node(change.owner.node);
  if (host.watched_pods > 0 || !is_living(host)) return false;
  host.unwatched += change.added ? 1 : -1;
  return true;
}

// --- heard ---

void Collector::hear(bool blocks) {
  wakeup_known_ = false;
  hear_datastore();
  hear_pods();
  if (blocks) hear_blocks();
}

void Collector::hear_datastore() {
  for (const auto& news : node_news_) {
    node(news.node).heard = news.known;
    blocks_.ask_again(news.node);
  }
  node_news_.clear();
  if (ready_news_) ready_ = *ready_news_;
  ready_news_.reset();
}

void Collector::hear_pods() {
  for (const auto host : gone_pods_)
    if (host != no_host) mark_dirty(host);
  gone_pods_.clear();
}

void Collector::hear_blocks() {
  if (block_news_.empty()) return;
  ++revision_;
  for (const auto& news : block_news_) {
    switch (news.kind) {
      case BlockNews::Kind::content:
        blocks_.hear(news.block, news.cidr, news.owner, news.empty);
        if (news.owner != no_host && !is_living(node(news.owner))) of_interest_.insert(news.owner);
        break;
      case BlockNews::Kind::deleted:
        hear_deleted(news.block);
        break;
      case BlockNews::Kind::added:
        hear_added(news);
        break;
      case BlockNews::Kind::removed:
      case BlockNews::Kind::removed_with_block:
        hear_removed(news);
        break;
    }
  }
  block_news_.clear();
  timers_may_start_ = false;
}

void Collector::watch(const AllocationKey& key, const Owner& owner, BlockId block, std::uint64_t sequence) {
  suspects_.add(key, owner, block, sequence);
  if (owner.node == no_host) return;
  auto& host = node(owner.node);
  if (!is_tunnel(owner.kind)) ++host.watched_pods;
  if (!is_tunnel(owner.kind) || !is_living(host)) of_interest_.insert(owner.node);
}

void Collector::hear_added(const BlockNews& news) {
  if (suspects_.find(news.key) != nullptr) return;
  if (is_kept(news.allocation))
    watch(news.key, news.allocation, news.block, news.sequence);
  else if (news.allocation.node != no_host)
    ++node(news.allocation.node).unwatched;
  if (news.allocation.node == no_host) return;
  mark_dirty(news.allocation.node);
  if (!is_living(node(news.allocation.node))) of_interest_.insert(news.allocation.node);
}

void Collector::hear_removed(const BlockNews& news) {
  const auto* found = suspects_.find(news.key);
  if (found == nullptr) {
    if (is_kept(news.allocation) || news.allocation.node == no_host) return;
    --node(news.allocation.node).unwatched;
    mark_dirty(news.allocation.node);
    return;
  }
  if (news.kind == BlockNews::Kind::removed_with_block) return;  // with `deleted`
  const auto id = *found;
  forget_of_node(id);
  unwatch(suspects_[id]);
  suspects_.remove(id);
}

void Collector::hear_deleted(BlockId block) {
  for (const auto id : suspects_.of_block(block)) {
    forget_of_node(id);
    unwatch(suspects_[id]);
    suspects_.remove_with_block(id);
  }
  blocks_.hear_deleted(block);
}

/// An address of this node is released. The original marks the node only if it lists any address of it, this
/// one or another.
void Collector::forget_of_node(SuspectId id) {
  const auto& owner = suspects_[id].owner;
  if (owner.node == no_host || !has_allocations(owner.node)) return;
  mark_dirty(owner.node);
  suspects_.forget_node(id);
}

void Collector::unwatch(const Suspect& suspect) {
  if (suspect.owner.node != no_host && !is_tunnel(suspect.owner.kind))
    --node(suspect.owner.node).watched_pods;
}

}  // namespace cidrplan::calico
