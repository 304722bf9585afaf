#include "models/calico/calico_model.h"

#include <algorithm>
#include <limits>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr SimTime at_once{std::numeric_limits<std::int64_t>::min()};

std::vector<Prefix> all_reservations(const CalicoOptions& options) {
  std::vector<Prefix> all;
  for (const auto& pool : options.pools)
    all.insert(all.end(), pool.reservations.begin(), pool.reservations.end());
  return all;
}

}  // namespace

CalicoModel::CalicoModel(const CalicoOptions& options, std::uint64_t seed)
    : options_(options),
      allocator_({options.profile, seed, false}),
      waiting_(options.config.strict_affinity),
      leak_draws_(seed, 0, "calico/leaks"),
      pool_ids_(options.pools.size(), no_pool) {
  allocator_.store_config(options.config);
  const auto reservations = all_reservations(options);
  if (!reservations.empty()) allocator_.set_reservations(reservations);
  for (const auto& pool : options_.pools) {
    reserved_.push_back(allocator_.data().reservations.count_in(pool.pool.cidr));
    if (pool.pool.node_selector.text().find("kubernetes.io/hostname") != std::string::npos)
      selectors_name_hosts_ = true;
  }
  for (const auto& space : options_.namespaces)
    namespace_labels_.push_back(allocator_.intern(Labels(space.labels)));
}

/// The controller starts, and what nodes held before is there.
void CalicoModel::begin(SimTime now) {
  last_call_ = now;
  if (collector_) return;
  Collector::Options collection;
  collection.grace = options_.grace;
  collection.start = now;
  log_.wants_allocations = true;
  allocator_.follow(&log_);
  collector_ = std::make_unique<Collector>(allocator_, collection, nullptr, [this]() -> const ChangeLog& {
    read(log_);
    return log_;
  });
  open_due_pools(now);
  for (const auto& plan : options_.pools)
    for (const auto& held : plan.held) hold(held, plan, now - Duration::days(1));
  allocator_.store_config(options_.config);
  settle(now);
}

/// The collector makes up for its passes before this moment: they must not see what is about to happen.
void CalicoModel::catch_up(SimTime now) {
  begin(now);
  collector_->take_changes(now);
}

void CalicoModel::open_due_pools(SimTime now) {
  const SimTime day = std::max(now, SimTime{});  // warm-up, before `start`, has the first day's pools
  bool opened = false;
  for (std::size_t i = 0; i < pool_ids_.size(); ++i) {
    if (pool_ids_[i] != no_pool || options_.pools[i].from > day) continue;
    pool_ids_[i] = allocator_.set_pool(options_.pools[i].pool);
    opened = true;
  }
  next_opening_ = SimTime::never();
  for (std::size_t i = 0; i < pool_ids_.size(); ++i)
    if (pool_ids_[i] == no_pool) next_opening_ = std::min(next_opening_, options_.pools[i].from);
  if (!opened) return;
  ++freed_;
  collector_->pool_changed(now);
  waiting_.call_all();
  reconcile_tunnels(now);
}

/// Takes the blocks that a node would have claimed, whatever cap and affinity say, and of their addresses as
/// many as are in use. These carry no attributes, so nothing ever collects them.
void CalicoModel::hold(const HeldBlocks& held, const PoolPlan& plan, SimTime before) {
  Config generous;
  generous.strict_affinity = true;
  generous.max_blocks_per_host = std::numeric_limits<std::int32_t>::max();
  allocator_.store_config(generous);
  const auto host = allocator_.host(held.node);
  const bool had_node = allocator_.data().hosts[host].has_node;
  if (!had_node) allocator_.set_node(host, {});

  const auto& owned = allocator_.data().hosts[host].of(plan.pool.family());
  const auto blocks_before = owned.size();
  const std::array pools{plan.pool.cidr};
  AutoAssignRequest request;
  request.family = plan.pool.family();
  request.host = host;
  request.pools = pools;
  request.use = plan.pool.allowed_uses.in_order().front();
  request.count = static_cast<std::uint32_t>(held.blocks) << plan.pool.block_bits();
  request.max_blocks = static_cast<std::int32_t>(blocks_before + static_cast<std::size_t>(held.blocks));
  allocator_.auto_assign(request, before, answer_);

  // Evenly: the first blocks, by number, keep one more where it does not divide.
  std::sort(answer_.addresses.begin(), answer_.addresses.end());
  std::vector<ReleaseItem> free;
  const auto bits = plan.pool.block_bits();
  std::int64_t block = -1, kept = 0;
  uint128 number = uint128_max;
  for (const auto& address : answer_.addresses) {
    if (address.value() >> bits != number) {
      number = address.value() >> bits;
      ++block;
      kept = held.in_use / held.blocks + (block < held.in_use % held.blocks ? 1 : 0);
    }
    if (kept-- <= 0) free.push_back({address, no_handle, {}});
  }
  ReleaseAnswer released;
  allocator_.release_ips(free, before, released);
  if (!had_node) allocator_.delete_node(host);
}

// --- time
// ------------------------------------------------------------------------------------------------------

SimTime CalicoModel::next_wakeup() const {
  if (!collector_) return at_once;
  if (waiting_.has_called()) return last_call_;
  auto next = std::min(collector_->next_wakeup(), next_opening_);
  if (!waiting_.empty() || node_refused_) {
    if (!ripening_.empty()) next = std::min(next, ripening_.begin()->at);
    if (!cooling_.empty()) next = std::min(next, cooling_.front().at);
    if (!to_retry_.empty()) next = std::min(next, to_retry_.front().first);
  }
  return next;
}

void CalicoModel::wake(SimTime now, std::vector<NodeId>& gained) {
  catch_up(now);
  open_due_pools(now);
  collector_->wake(now);
  collector_->clear_collected();
  ripen(now);
  settle(now);
  waiting_.take_called(gained);
}

void CalicoModel::ripen(SimTime now) {
  const auto& data = allocator_.data();
  while (!ripening_.empty() && ripening_.begin()->at <= now) {
    const auto block = ripening_.begin()->block;
    ripening_.erase(ripening_.begin());
    if (data.store[block].exists()) emptied(block);
  }
  while (!cooling_.empty() && cooling_.front().at <= now) {
    const auto block = cooling_.front().block;
    cooling_.pop_front();
    if (!data.store[block].exists() || data.store[block].cooling() == 0) continue;
    const auto due = data.store.due(block, data.cold_before(now));
    if (due == 0) continue;
    came_free(ledger_.pool_of(block), data.store[block].owner(), due);
    emptied(block);
  }
  while (!to_retry_.empty() && to_retry_.front().first <= now) {
    waiting_.freed_for(to_retry_.front().second);
    to_retry_.pop_front();
  }
}

// --- what changed
// ----------------------------------------------------------------------------------------------

void CalicoModel::settle(SimTime now) {
  if (!settle_pod(now)) collector_->take_changes(now);
}

/// What most calls come to: a pod that nothing watches got or lost its one address in a block that stays in
/// use. False: it is something else, and nothing was done.
bool CalicoModel::settle_pod(SimTime now) {
  if (log_.blocks.size() != 1 || log_.allocations.size() != 1 || !orphans_.empty()) return false;
  const auto change = log_.blocks.front();
  const auto& block = allocator_.store()[change.block];
  if (!is_steady(block, change.before) || !collector_->counts(log_.allocations.front())) return false;
  read_steady(block, change.before);
  collector_->took_counted(now);
  return true;
}

bool CalicoModel::is_steady(const Block& block, const BlockState& before) const {
  return block.stays_in_use(before) && allocator_.data().reservations.empty();
}

void CalicoModel::read_steady(const Block& block, const BlockState& before) {
  ledger_.update_in_use(block, before);
  if (block.free() > before.free) came_free(block.pool(), block.owner(), block.free() - before.free);
}

/// What has changed since the last time: here first, then by the collector.
void CalicoModel::read(const ChangeLog& log) {
  for (const auto& change : log.blocks) read(change);
  if (orphans_.empty()) return;
  for (const auto handle : log.handles) {
    if (allocator_.store().handles().exists(handle) || orphans_.erase(handle) == 0) continue;
    --handles_in_use_;  // its number is not given out again: the collector may keep it in mind
  }
}

void CalicoModel::read(const BlockChange& told) {
  const auto block = told.block;
  const auto& stored = allocator_.store()[block];
  if (is_steady(stored, told.before)) return read_steady(stored, told.before);
  const auto change = ledger_.update(told);
  const bool strict = options_.config.strict_affinity;
  if (change.gone) {
    ++freed_;
    waiting_.freed(change.pool, strict ? 1 : change.size);
    return;
  }
  if (change.freed > 0) came_free(change.pool, change.owner, static_cast<std::uint32_t>(change.freed));
  if (change.cools) {
    // Stamps are whole seconds, and the age must be exceeded.
    const SimTime stamp{last_call_.ms >= 0 ? last_call_.ms / 1000 * 1000
                                           : -((-last_call_.ms + 999) / 1000 * 1000)};
    cooling_.push_back({stamp + options_.config.cooldown + Duration{1}, block});
    while (cooling_.front().at <= last_call_) cooling_.pop_front();
  }
  if (change.emptied) emptied(block);
}

/// From P32 on an empty block goes to whoever needs one, once its owner has had it for a minute. Without
/// strict affinity its addresses are everybody's already.
void CalicoModel::emptied(BlockId id) {
  const auto& data = allocator_.data();
  const auto& block = data.store[id];
  if (!options_.config.strict_affinity || options_.profile == Profile::p31 || !block.has_owner()) return;
  if (!data.is_empty(id, last_call_)) return;
  const auto claimed = block.claimed();
  const auto ripe = claimed ? *claimed + least_reclaim_age : last_call_;
  if (ripe <= last_call_) {
    ++freed_;
    waiting_.freed(ledger_.pool_of(id), 1);
    return;
  }
  while (!ripening_.empty() && ripening_.begin()->at <= last_call_) ripening_.erase(ripening_.begin());
  ripening_.insert({ripe, id});
}

/// Addresses of a block: for its owner, and without strict affinity for anybody.
void CalicoModel::came_free(PoolId pool, HostId owner, std::uint32_t addresses) {
  if (!options_.config.strict_affinity) {
    ++freed_;
    waiting_.freed(pool, addresses);
  }
  if (waiting_.empty() || owner == no_host || slot_of(owner) >= node_of_host_.size()) return;
  if (const auto node = node_of_host_[slot_of(owner)]; node != no_node) waiting_.freed_for(node);
}

PlaceRef CalicoModel::pool_place(PoolId pool) const {
  const auto at = std::find(pool_ids_.begin(), pool_ids_.end(), pool);
  return {PlaceKind::pool, static_cast<std::uint32_t>(at - pool_ids_.begin())};
}

}  // namespace cidrplan::calico
