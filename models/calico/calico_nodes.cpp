#include <algorithm>

#include "models/calico/calico_model.h"
#include "planner/net/contract.h"

/// What the node agent does when a node comes and goes, and when pools change.
/// @source projectcalico/calico node/pkg/allocateip/allocateip.go,
/// node/pkg/lifecycle/startup/startup_windows.go
namespace cidrplan::calico {
namespace {

OwnerKind kind_of(Tunnel tunnel) {
  switch (tunnel) {
    case Tunnel::ipip:
      return OwnerKind::ipip_tunnel;
    case Tunnel::vxlan:
      return OwnerKind::vxlan_tunnel;
    case Tunnel::vxlan_v6:
      return OwnerKind::vxlan_v6_tunnel;
    case Tunnel::wireguard:
      return OwnerKind::wireguard_tunnel;
    case Tunnel::wireguard_v6:
      return OwnerKind::wireguard_v6_tunnel;
  }
  contract_failed("a tunnel without a kind", __FILE__, __LINE__);
}

}  // namespace

Labels CalicoModel::labels_of(const Node& node) const {
  auto labels = node.labels != nullptr ? *node.labels : cidrplan::Labels();
  // Only where somebody asks: every node would have a set of labels of its own.
  if (selectors_name_hosts_) labels.emplace("kubernetes.io/hostname", node.name);
  return Labels(std::move(labels));
}

Admission CalicoModel::add_node(const Node& node, SimTime now) {
  catch_up(now);
  if (nodes_.size() <= index_of(node.id)) nodes_.resize(index_of(node.id) + 1);
  auto& state = nodes_[index_of(node.id)];
  state.host = allocator_.host(node.name);
  state.group = node.group;
  state.windows = node.os == Os::windows;
  allocator_.set_node(state.host, labels_of(node));
  if (const auto refusal = start_agent(node.id, now)) {
    give_up(node.id, now);
    node_refused_ = true;
    return *refusal;
  }
  node_refused_ = false;
  state.present = true;
  ++nodes_present_;
  if (node_of_host_.size() <= slot_of(state.host)) node_of_host_.resize(slot_of(state.host) + 1, no_node);
  node_of_host_[slot_of(state.host)] = node.id;
  collector_->set_node(state.host, true, false, now);
  settle(now);
  ledger_.set_living(state.host, true);
  return Admission::grant();
}

/// Tunnel addresses come before the first pod; a node that gets none does not start.
std::optional<Admission> CalicoModel::start_agent(NodeId id, SimTime now) {
  auto& node = nodes_[index_of(id)];
  if (node.windows) {
    std::optional<Prefix> block;
    const auto error = allocator_.ensure_windows_block(node.host, {}, now, block);
    if (!error) return std::nullopt;
    answer_.clear();
    answer_.error = error;
    const auto why = explain({id, Family::ipv4, Use::workload, {}, no_labels});
    return Admission::refuse(why.cause, why.place);
  }
  for (const auto tunnel : all_tunnels)
    if (const auto why = take_tunnel(tunnel, id, now)) return Admission::refuse(why->cause, why->place);
  return std::nullopt;
}

std::optional<CalicoModel::Shortfall> CalicoModel::take_tunnel(Tunnel tunnel, NodeId id, SimTime now) {
  auto& node = nodes_[index_of(id)];
  const auto number = static_cast<std::size_t>(tunnel);
  if ((node.tunnels_held >> number & 1) != 0) return std::nullopt;
  const auto family = family_of(tunnel);
  const auto& data = allocator_.data();
  std::vector<Prefix> pools;
  for (const auto pool : data.pools.enabled(family)) {
    const auto& plan = options_.pools[pool_place(pool).index];
    if (serves(plan, tunnel, options_.wireguard) &&
        data.pool(pool).selects_node(data.hosts[node.host].labels, data.labels))
      pools.push_back(plan.pool.cidr);
  }
  if (pools.empty()) return std::nullopt;
  auto& handle = node.tunnels[number];
  if (handle == no_handle) handle = allocator_.make_handle();
  AutoAssignRequest request;
  request.family = family;
  request.host = node.host;
  request.use = Use::tunnel;
  request.handle = handle;
  request.owner = {node.host, kind_of(tunnel), 0};
  request.pools = pools;
  allocator_.auto_assign(request, now, answer_);
  if (answer_.addresses.empty()) return explain({id, family, Use::tunnel, pools, no_labels});
  node.tunnels_held = static_cast<std::uint8_t>(node.tunnels_held | 1u << number);
  ++handles_in_use_;
  return std::nullopt;
}

/// A further pool may bring a further kind of tunnel. A node that gets no address for it goes on without.
void CalicoModel::reconcile_tunnels(SimTime now) {
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const NodeId id{static_cast<std::uint32_t>(i)};
    if (nodes_[i].windows || !nodes_[i].present) continue;
    for (const auto tunnel : all_tunnels) take_tunnel(tunnel, id, now);
    settle(now);
  }
}

/// The node does not join: its agent's addresses and blocks go back.
void CalicoModel::give_up(NodeId id, SimTime now) {
  auto& node = nodes_[index_of(id)];
  for (std::size_t i = 0; i < node.tunnels.size(); ++i) {
    if ((node.tunnels_held >> i & 1) == 0) continue;
    allocator_.release_by_handle(node.tunnels[i], now);
    --handles_in_use_;
  }
  node.tunnels_held = 0;
  allocator_.release_host_affinities(node.host, true, now);
  allocator_.delete_node(node.host);
  settle(now);
}

void CalicoModel::remove_node(NodeId id, SimTime now) {
  catch_up(now);
  auto& node = nodes_[index_of(id)];
  for (std::size_t i = 0; i < node.tunnels.size(); ++i)
    if ((node.tunnels_held >> i & 1) != 0) orphans_.insert(node.tunnels[i]);
  node_of_host_[slot_of(node.host)] = no_node;
  --nodes_present_;
  ledger_.set_living(node.host, false);
  allocator_.delete_node(node.host);
  collector_->remove_calico_node(node.host, now);
  collector_->remove_kubernetes_node(node.host, now);
  settle(now);
  node = {};
}

}  // namespace cidrplan::calico
