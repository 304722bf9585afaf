// One pass of the collector: what is leaked, and what of it goes.

#include <algorithm>

#include "models/calico/allocator.h"
#include "models/calico/collector.h"

namespace cidrplan::calico {
namespace {

/// Addresses that one pass releases at most.
constexpr std::size_t most_released = 10'000;

bool contains(const std::vector<Address>& sorted, const Address& address) {
  return std::binary_search(sorted.begin(), sorted.end(), address);
}

}  // namespace

PassResult Collector::pass(SimTime now) {
  wakeup_known_ = false;
  if (!ready_) return {};
  ++revision_;
  to_release_.clear();
  for (const auto host : nodes_to_scan()) scan(host, now);
  drop_clean();
  PassResult result;
  result.error = release_leaks(now);
  if (result.error != ErrorCode::none) return result;
  if (allocator_.data().is_p33()) cold_.collect(now);
  release_empty_blocks(now);
  result.nodes_left = release_nodes(now);
  result.leaks_left = suspects_.leaks().size();
  return result;
}

std::vector<HostId> Collector::nodes_to_scan() {
  if (!scan_all_) return dirty_;
  scan_all_ = false;
  // Nodes that are dirty and hold nothing stay dirty. Those of no interest would be found well.
  std::vector<HostId> nodes(of_interest_.begin(), of_interest_.end());
  for (const auto host : dirty_)
    if (of_interest_.find(host) == of_interest_.end()) nodes.push_back(host);
  std::erase_if(nodes, [&](HostId host) {
    const bool holds_nothing = blocks_.blocks_of(host) == 0 && !has_allocations(host);
    if (holds_nothing) of_interest_.erase(host);
    return holds_nothing;
  });
  return nodes;
}

void Collector::scan(HostId host, SimTime now) {
  auto& scanned = node(host);
  const auto state = known(scanned);
  if (state == Known::foreign) return mark_clean(host);
  const bool exists = is_living(scanned);
  bool all_leaked = scanned.unwatched <= 0;
  for (const auto id : suspects_.of_node(host)) {
    suspects_[id].node_known = state == Known::kubernetes;
    if (!is_tunnel(suspects_[id].owner.kind) && !judge(id, exists, now)) all_leaked = false;
  }
  if (exists || !all_leaked) mark_clean(host);
  if (exists && scanned.watched_pods == 0) of_interest_.erase(host);
  if (exists || !all_leaked) return;
  for (const auto id : suspects_.of_node(host)) {
    if (!is_tunnel(suspects_[id].owner.kind)) continue;
    suspects_[id].confirmed = true;
    suspects_.list_as_leak(id);
  }
  to_release_.push_back(host);
}

/// False: it keeps a deleted node from being cleaned up.
bool Collector::judge(SuspectId id, bool node_exists, SimTime now) {
  auto& suspect = suspects_[id];
  if (suspect.owner.kind != OwnerKind::pod) return false;
  if (is_valid(suspect, PodSource::cache)) {
    suspect.candidate_since = SimTime::never();
    suspect.confirmed = false;
    return false;
  }
  if (!node_exists) {
    suspect.confirmed = true;
  } else if (options_.grace) {
    if (suspect.candidate_since == SimTime::never()) suspect.candidate_since = now;
    if (options_.grace->ms > 0 && now - suspect.candidate_since > *options_.grace) suspect.confirmed = true;
  }
  if (suspect.confirmed)
    suspects_.list_as_leak(id);
  else
    suspects_.forget_leak(suspect.key);
  return true;
}

bool Collector::is_valid(const Suspect& suspect, PodSource source) const {
  if (is_tunnel(suspect.owner.kind)) return suspect.node_known;
  if (suspect.owner.kind != OwnerKind::pod) return true;
  if (pods_ == nullptr) return false;
  const auto pod = pods_->pod(suspect.owner.subject, suspect.key.address, source);
  if (!pod.exists) return false;
  if (pod.node != no_host && suspect.node_known && pod.node != suspect.owner.node) return false;
  if (!pod.reports_addresses) return true;
  return !pod.finished && pod.reports_this_one;
}

std::vector<SuspectId> Collector::leaks_to_release() {
  std::vector<SuspectId> listed;
  for (const auto& [key, id] : suspects_.leaks()) listed.push_back(id);
  std::vector<SuspectId> leaks;
  for (const auto id : listed) {
    auto& suspect = suspects_[id];
    // The API is asked once more, unless the node is gone.
    if (is_valid(suspect, suspect.node_known ? PodSource::api : PodSource::cache)) {
      suspect.candidate_since = SimTime::never();
      suspect.confirmed = false;
      suspects_.forget_leak(suspect.key);
    } else if (suspects_.whole_handle_leaked(suspect.key.handle)) {
      leaks.push_back(id);
      if (leaks.size() == most_released) break;
    }
  }
  return leaks;
}

ErrorCode Collector::release_leaks(SimTime now) {
  if (suspects_.leaks().empty()) return ErrorCode::none;
  const auto leaks = leaks_to_release();
  if (leaks.empty()) return ErrorCode::none;
  items_.clear();
  for (const auto id : leaks) {
    const auto& suspect = suspects_[id];
    ReleaseItem item{suspect.key.address, suspect.key.handle, {}};
    if (options_.keeps_every_allocation) item.sequence = suspect.sequence;
    items_.push_back(item);
  }
  allocator_.release_ips(items_, now, released_);
  std::sort(released_.released.begin(), released_.released.end());
  std::sort(released_.unallocated.begin(), released_.unallocated.end());
  for (std::size_t i = 0; i < leaks.size(); ++i) {
    const auto id = leaks[i];
    const auto key = suspects_[id].key;
    // Twice where an older entry was lost sight of with its block; the last one counts.
    if (i + 1 < leaks.size() && suspects_[leaks[i + 1]].key.address == key.address) continue;
    if (!contains(released_.released, key.address)) continue;
    const bool was_free = contains(released_.unallocated, key.address);
    collect(was_free ? Collected::Kind::already_free : Collected::Kind::address, now).address = key.address;
    const auto lender = blocks_.owner(suspects_[id].block);
    if (lender != no_host) node(lender).untried = true;
    forget_of_node(id);
    suspects_.forget_leak(key);
  }
  const auto error = released_.error.code;
  if (error == ErrorCode::none || error == ErrorCode::handle_missing) return ErrorCode::none;
  collect(Collected::Kind::failure, now).error = error;
  return error;
}

void Collector::release_empty_blocks(SimTime now) {
  const auto stays = [this](HostId host) {
    const auto& owner = node(host);
    return known(owner) == Known::foreign || (is_living(owner) && owner.migrating);
  };
  const auto release = [this, now](const Prefix& cidr, HostId owner) {
    return release_block(cidr, owner, now);
  };
  blocks_.collect(now, {stays, release});
}

/// A block that is gone, or is another node's by now, counts as released.
bool Collector::release_block(const Prefix& cidr, HostId owner, SimTime now) {
  const auto block = allocator_.store().find(cidr);
  if (block != no_block && allocator_.store()[block].owner() == owner &&
      allocator_.release_block_affinity(block, true, now))
    return false;
  collect(Collected::Kind::block, now).block = cidr;
  return true;
}

std::uint32_t Collector::release_nodes(SimTime now) {
  std::sort(to_release_.begin(), to_release_.end());
  std::uint32_t left = 0;
  for (const auto host : to_release_) {
    auto& gone = node(host);
    // Cooling addresses (P33) come free without any event.
    const bool tries = gone.untried || allocator_.data().is_p33();
    gone.untried = false;
    const bool kept = !tries || allocator_.release_host_affinities(host, true, now);
    collect(kept ? Collected::Kind::kept_node : Collected::Kind::node, now).node = host;
    if (kept) {
      ++left;
      continue;
    }
    mark_clean(host);
    gone.untried = true;
    if (suspects_.of_node(host).empty()) of_interest_.erase(host);
  }
  drop_clean();
  return left;
}

Collected& Collector::collect(Collected::Kind kind, SimTime now) {
  auto& what = collected_.emplace_back();
  what.at = now;
  what.kind = kind;
  return what;
}

}  // namespace cidrplan::calico
