#include <algorithm>
#include <utility>

#include "models/calico/calico_model.h"
#include "planner/ipam/fetch.h"
#include "planner/net/contract.h"

/// What the CNI plugin does for a pod.
/// @source projectcalico/calico cni-plugin/pkg/ipamplugin/ipam_plugin.go
namespace cidrplan::calico {

Assignment CalicoModel::assign(const PodRequest& request, SimTime now) {
  begin(now);
  while (pods_.size() <= index_of(request.pod)) pods_.append();
  auto& pod = pods_[static_cast<std::uint32_t>(request.pod)];
  const bool waited = pod.kind() == PodState::Kind::waiting;
  const auto line = waited ? pod.line() : WaitingPods::Line{};
  if (waited) waiting_.leave(line, request.node, WaitingPods::Leaves::asks);
  const auto handle = allocator_.make_handle();

  Address ipv4, ipv6;
  std::optional<Shortfall> missing;
  if (request.families.ipv4) missing = ask(request, Family::ipv4, handle, now, ipv4);
  // An error of IPv4 ends the call, a mere shortfall does not.
  if (request.families.ipv6 && !(missing && missing->by_error)) {
    auto more = ask(request, Family::ipv6, handle, now, ipv6);
    if (!missing) missing = more;
  }
  if (missing) return keep_waiting(request, handle, *missing, now);
  pod = PodState::served(handle, allocator_.store().handles().a_block(handle));
  ++handles_in_use_;
  settle(now);
  if (waited) waiting_.served(line);
  return Assignment::grant(ipv4, ipv6);
}

/// What was got of the other family goes back.
Assignment CalicoModel::keep_waiting(const PodRequest& request, HandleId handle, const Shortfall& missing,
                                     SimTime now) {
  if (allocator_.store().handles().exists(handle)) allocator_.release_by_handle(handle, now);
  settle(now);
  allocator_.forget(handle);
  pods_[static_cast<std::uint32_t>(request.pod)] = PodState::waiting(request.node, missing.line);
  waiting_.join(missing.line, request.node);
  if (missing.retries) to_retry_.emplace_back(now + Duration{1}, request.node);
  return missing.impossible ? Assignment::refuse(missing.cause, missing.place)
                            : Assignment::wait(missing.cause, missing.place);
}

std::optional<CalicoModel::Shortfall> CalicoModel::ask(const PodRequest& request, Family family,
                                                       HandleId handle, SimTime now, Address& got) {
  const auto& node = nodes_[index_of(request.node)];
  AutoAssignRequest wanted;
  wanted.family = family;
  wanted.host = node.host;
  wanted.handle = handle;
  wanted.owner = {node.host, OwnerKind::pod, static_cast<std::uint32_t>(request.pod)};
  if (index_of(request.in_namespace) < namespace_labels_.size())
    wanted.namespace_labels = namespace_labels_[index_of(request.in_namespace)];
  wanted.windows = node.windows;
  if (node.windows && options_.windows_single_network) wanted.max_blocks = 1;
  auto& last = refused_[index_of(request.node) % refused_.size()];
  if (still_refused(last, request, wanted, now)) return last.why;
  allocator_.auto_assign(wanted, now, answer_);
  if (!answer_.addresses.empty()) {
    got = answer_.addresses.front();
    return std::nullopt;
  }
  const auto why = explain({request.node, family, Use::workload, {}, wanted.namespace_labels});
  last = {request.node,
          family,
          wanted.namespace_labels,
          allocator_.store().writes(),
          allocator_.data().pools.revision(),
          now,
          why};
  return why;
}

/// Where pods wait by the hundred, most of them ask in vain, and the whole search comes to nothing each time.
bool CalicoModel::still_refused(const Refused& last, const PodRequest& request,
                                const AutoAssignRequest& wanted, SimTime now) const {
  if (last.node != request.node || last.writes != allocator_.store().writes() || last.why.retries)
    return false;
  // Without a write cooled addresses come free, and empty blocks can be taken over, after some time. Without
  // strict affinity the addresses of these could be had before.
  const bool time_tells = options_.config.cooldown.ms > 0 || options_.config.strict_affinity;
  if (time_tells && last.at != now) return false;
  return last.family == wanted.family && last.namespace_labels == wanted.namespace_labels &&
         last.pools_revision == allocator_.data().pools.revision();
}

/// Why `answer_` holds no address, and what could change that.
CalicoModel::Shortfall CalicoModel::explain(const Wish& wish) {
  const auto& node = nodes_[index_of(wish.node)];
  const auto& data = allocator_.data();
  Shortfall why;
  why.by_error = static_cast<bool>(answer_.error);
  Error none;
  const PoolRequest request{wish.family,           node.host,   wish.use, wish.pools,
                            wish.namespace_labels, node.windows};
  if (!selection_.choose(data, request, none)) {
    why.cause = Cause::no_matching_pool;
    why.place = {PlaceKind::node_group, static_cast<std::uint32_t>(node.group)};
    why.line = WaitingPods::no_pool_yet;
    why.impossible = true;
    return why;
  }
  const auto pools = selection_.selected();
  why.place = pool_place(pools.back());  // earlier ones were full before
  const bool strict = options_.config.strict_affinity;
  bool cools = own_blocks_cool(node.host, wish.family, pools);
  switch (answer_.error.code) {
    case ErrorCode::block_limit:
      why.cause = Cause::block_cap;
      why.place = {PlaceKind::node, static_cast<std::uint32_t>(wish.node)};
      why.line = WaitingPods::own_blocks;
      break;
    case ErrorCode::auto_allocation_off:
      why.cause = Cause::auto_allocate_off;
      why.line = WaitingPods::own_blocks;
      break;
    case ErrorCode::nothing_free_in_new_block:
      // The block stays claimed, and kubelet's next attempt claims another one, up to the cap.
      why.cause = Cause::no_free_block;
      why.line = WaitingPods::own_blocks;
      why.retries = true;
      break;
    default:
      why.cause = strict ? Cause::no_free_block : Cause::pool_exhausted;
      why.line = waiting_.line_of(pools);
      if (strict) break;
      for (const auto pool : pools) cools = cools || allocator_.counts(pool).cooling > 0;
      break;
  }
  if (cools) why.cause = Cause::cooling;
  return why;
}

bool CalicoModel::own_blocks_cool(HostId host, Family family, std::span<const PoolId> pools) const {
  if (options_.config.cooldown.ms == 0) return false;
  const auto& data = allocator_.data();
  const auto& blocks = data.hosts[host].of(family);
  return std::any_of(blocks.begin(), blocks.end(), [&](BlockId id) {
    const auto& block = data.store[id];
    return block.cooling() > 0 && PoolSelection::holds(data, pools, block.address(0));
  });
}

void CalicoModel::release(PodId id, SimTime now) {
  begin(now);
  if (index_of(id) >= pods_.size()) return;
  const PodState pod = std::exchange(pods_[static_cast<std::uint32_t>(id)], {});
  switch (pod.kind()) {
    case PodState::Kind::unknown:
      return;
    case PodState::Kind::waiting:
      waiting_.leave(pod.line(), pod.node(), WaitingPods::Leaves::gone);
      return;
    case PodState::Kind::served:
      break;
  }
  if (options_.leaks > 0 && leak_draws_.uniform(releases_++) < options_.leaks) {
    catch_up(now);
    orphans_.insert(pod.handle());
    collector_->pod_lost(pod.handle(), now);
    settle(now);
    return;
  }
  allocator_.release_by_handle(pod.handle(), now);
  allocator_.forget(pod.handle());
  --handles_in_use_;
  settle(now);
}

void CalicoModel::expect_release(PodId id, Ahead ahead) const {
  if (index_of(id) >= pods_.size()) return;
  const auto& pod = pods_[static_cast<std::uint32_t>(id)];
  if (ahead == Ahead::some) return fetch(&pod);
  if (pod.kind() != PodState::Kind::served) return;
  const auto& store = allocator_.store();
  if (ahead == Ahead::few) return store.fetch(pod.handle(), pod.block());
  store.fetch_contents(pod.handle(), pod.block());
  const auto owner = store[pod.block()].owner();
  if (owner == no_host) return;
  // Whoever comes in its place is likely to come to the same node.
  fetch(&allocator_.data().hosts[owner]);
  collector_->fetch(owner);
  if (slot_of(owner) >= node_of_host_.size()) return;
  if (const auto node = node_of_host_[slot_of(owner)]; node != no_node) fetch(&nodes_[index_of(node)]);
}

}  // namespace cidrplan::calico
