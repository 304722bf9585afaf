#include "planner/simulation/node_lifecycle.h"

#include <algorithm>

namespace cidrplan {
namespace {

using Phase = NodeState::Phase;

/// Nodes an "auto" group may have at most.
std::int64_t ceiling(const NodeGroup& spec) { return spec.max_nodes.value_or(std::int64_t{1} << 32); }

}  // namespace

// --- counts
// ----------------------------------------------------------------------------------------------------

void NodeLifecycle::add_first_nodes() {
  std::vector<std::int64_t> load(world_.groups.size(), 0), own(world_.groups.size(), 0);
  const auto fits = [&](std::size_t g, bool own_interface) -> std::int64_t {
    const auto& spec = world_.scenario.groups[g];
    const auto& group = world_.groups[g];
    const auto nodes = spec.nodes ? group.wanted : ceiling(spec);
    if (!group.present) return 0;
    return own_interface ? nodes * group.own_per_node - own[g] : nodes * group.slots_per_node - load[g];
  };
  for (const auto& owner : world_.owners) {
    if (owner.kind == Owner::Kind::daemonset || owner.need == PodNeed::no_node) continue;
    const bool own_interface = owner.need == PodNeed::own_interface;
    auto& counted = own_interface ? own : load;
    std::int64_t pods = owner.wanted;
    if (owner.kind == Owner::Kind::batch) {
      const auto& batch = world_.scenario.batches[owner.index];
      const double jobs = batch.jobs_per_hour.rate_at(world_.scenario.calendar, {});
      pods = static_cast<std::int64_t>(jobs * batch.duration.mean_ms() / 3.6e6) * batch.pods_per_job;
    }
    for (const auto group : world_.sets[owner.group_set].groups) {
      const auto part = std::clamp<std::int64_t>(fits(index_of(group), own_interface), 0, pods);
      counted[index_of(group)] += part;
      pods -= part;
    }
  }
  for (std::size_t g = 0; g < world_.groups.size(); ++g) {
    const auto& spec = world_.scenario.groups[g];
    const auto& group = world_.groups[g];
    if (!group.present) continue;
    auto wanted = group.wanted;
    if (!spec.nodes) {
      wanted = std::min(std::max(group.nodes_for(load[g], own[g]), spec.min_nodes), ceiling(spec));
    }
    for (std::int64_t i = 0; i < wanted; ++i)
      if (!add(GroupId{static_cast<std::uint16_t>(g)})) break;
  }
}

void NodeLifecycle::look_at_counts() {
  for (std::size_t g = 0; g < world_.groups.size(); ++g) {
    const auto id = GroupId{static_cast<std::uint16_t>(g)};
    auto& group = world_.groups[g];
    if (!group.present || group.closed > 0) continue;
    const auto wanted = world_.scenario.groups[g].nodes ? group.wanted : world_.scenario.groups[g].min_nodes;
    while (group.count() - group.joining < wanted)
      if (!add(id)) break;
  }
  for (auto& set : world_.sets) {
    std::int64_t need = set.unbound_count;
    for (const auto id : set.groups) {
      const auto& spec = world_.group_spec(id);
      auto& group = world_.group(id);
      const auto per_node = set.own_interface ? group.own_per_node : group.slots_per_node;
      need -= static_cast<std::int64_t>(group.pending.size()) * per_node;
      if (spec.nodes || !group.present || group.closed > 0 || per_node <= 0) continue;
      while (need > 0 && group.count() < ceiling(spec)) {
        if (!add(id)) break;
        need -= per_node;
      }
    }
  }
}

void NodeLifecycle::new_day() {
  for (std::size_t g = 0; g < world_.groups.size(); ++g) {
    const auto& spec = world_.scenario.groups[g];
    auto& group = world_.groups[g];
    if (!group.present) continue;
    const auto joined = static_cast<std::int64_t>(group.nodes.size());
    if (spec.nodes) {
      group.wanted = spec.nodes->at(world_.scenario.calendar, world_.curve_time());
      if (!group.replacing && group.count() > group.wanted) shrink(group, group.count() - group.wanted);
      continue;
    }
    if (group.replacing || group.slots_per_node <= 0) continue;
    const auto needed =
        std::max(spec.min_nodes, group.nodes_for(pods_on(group, false), pods_on(group, true)));
    const auto surplus = std::max<std::int64_t>(0, joined - needed);
    const auto spare_for_a_day = std::min(surplus, group.surplus_yesterday);
    group.surplus_yesterday = surplus - spare_for_a_day;
    if (spare_for_a_day > 0) shrink(group, spare_for_a_day);
  }
  world_.nodes_due = true;
}

/// Pods of workloads and batches, with an interface of their own or without; those in their grace period
/// left out.
std::int64_t NodeLifecycle::pods_on(const GroupState& group, bool own_interface) const {
  std::int64_t pods = 0;
  for (const auto id : group.nodes) {
    for (auto slot = world_.nodes[index_of(id)].pods.first; slot != no_pod;) {
      const auto& pod = world_.pods[PodId{slot}];
      const auto& owner = world_.owners[pod.owner];
      const bool counts =
          owner.kind != Owner::Kind::daemonset && (owner.need == PodNeed::own_interface) == own_interface;
      pods += pod.state != PodState::terminating && counts;
      slot = world_.pods.links(PodId{slot}).next_on_node;
    }
  }
  return pods;
}

/// The fewest pods first, of equals the youngest.
std::vector<NodeId> NodeLifecycle::emptiest(const GroupState& group) const {
  auto order = group.nodes;
  std::sort(order.begin(), order.end(), [&](NodeId a, NodeId b) {
    const auto& first = world_.nodes[index_of(a)];
    const auto& second = world_.nodes[index_of(b)];
    return first.bound != second.bound ? first.bound < second.bound : a > b;
  });
  return order;
}

void NodeLifecycle::shrink(GroupState& group, std::int64_t nodes) {
  for (; nodes > 0 && !group.pending.empty(); --nodes) drop_pending(group, group.pending.back());
  const auto order = emptiest(group);
  for (std::int64_t i = 0; i < nodes && i < static_cast<std::int64_t>(order.size()); ++i)
    leave(order[static_cast<std::size_t>(i)]);
}

// --- joining
// ---------------------------------------------------------------------------------------------------

std::optional<std::size_t> NodeLifecycle::zone_for(GroupId id) const {
  const auto& spec = world_.scenario.groups[index_of(id)];
  const auto& group = world_.groups[index_of(id)];
  std::optional<std::size_t> best;
  for (std::size_t z = 0; z < spec.zones.size(); ++z) {
    if (world_.zone_outages[index_of(spec.zones[z])] > 0) continue;
    if (!best || group.per_zone[z] < group.per_zone[*best]) best = z;
  }
  return best;
}

std::optional<SubnetId> NodeLifecycle::subnet_for(const NodeGroup& spec, ZoneId zone) const {
  std::optional<SubnetId> best;
  for (const auto id : spec.subnets) {
    if (world_.scenario.subnets[index_of(id)].zone != zone || !world_.space.is_open(id)) continue;
    if (!best || world_.space.free_singles(id) > world_.space.free_singles(*best)) best = id;
  }
  return best;
}

bool NodeLifecycle::add(GroupId id, bool replacement) {
  const auto zone = zone_for(id);
  if (!zone) return false;
  const auto& spec = world_.group_spec(id);
  auto& group = world_.group(id);
  NodeState node;
  node.node.id = NodeId{static_cast<std::uint32_t>(world_.nodes.size())};
  node.node.name = spec.node_name(group.next_number++);
  node.node.group = id;
  node.node.zone = spec.zones[*zone];
  node.node.limits = spec.limits;
  node.node.max_pods = group.density.max_pods;
  node.own_interfaces = static_cast<std::uint32_t>(group.density.own_interfaces);
  node.node.os = spec.os;
  node.node.labels = &group.labels[*zone];
  node.replacement = replacement;
  node.first_attempt = world_.now;
  ++group.per_zone[*zone];
  group.pending.push_back(node.node.id);
  ++world_.pending_nodes;
  const NodeId node_id = node.node.id;
  world_.nodes.push_back(std::move(node));
  if (!try_join(node_id))
    world_.schedule(std::max(world_.now + world_.scenario.policy.max_wait, SimTime{}), Rank::judgement,
                    {EventKind::node_judged, node_id});
  return true;
}

bool NodeLifecycle::take_place(NodeState& node) {
  const auto& spec = world_.group_spec(node.node.group);
  if (spec.subnets.empty()) return true;
  auto subnet = subnet_for(spec, node.node.zone);
  const auto somewhere = subnet.value_or(spec.subnets.front());
  const PlaceRef place{PlaceKind::subnet, static_cast<std::uint32_t>(somewhere)};
  const auto address = subnet ? world_.space.take(*subnet, Hold::in_use) : std::nullopt;
  if (!address) return refused(node, Cause::subnet_exhausted, place), false;
  if (!world_.space.attach_interface()) {
    world_.space.release(*subnet, *address, Hold::in_use);
    return refused(node, Cause::quota_enis, {PlaceKind::vpc, 0}), false;
  }
  node.node.subnet = subnet;
  node.node.address = Address::v4(*address);
  return true;
}

bool NodeLifecycle::try_join(NodeId id) {
  auto& node = world_.node(id);
  if (!take_place(node)) return false;
  const auto admission = world_.model->add_node(node.node, world_.now);
  world_.fingerprint.add(static_cast<std::uint64_t>(world_.now.ms) << 1 | (admission.granted ? 1 : 0));
  if (!admission.granted) {
    if (node.node.address) {
      world_.space.release(*node.node.subnet, static_cast<SubnetSpace::Ipv4>(node.node.address->value()),
                           Hold::in_use);
      world_.space.detach_interface();
      node.node.address.reset();
    }
    return refused(node, admission.cause, admission.place), false;
  }
  joined(node);
  return true;
}

void NodeLifecycle::refused(NodeState& node, Cause cause, PlaceRef place) {
  node.cause = cause;
  node.place = place;
}

void NodeLifecycle::joined(NodeState& node) {
  const NodeId id = node.node.id;
  const GroupId group_id = node.node.group;
  auto& group = world_.group(group_id);
  world_.pending_nodes -= std::erase(group.pending, id);
  node.phase = Phase::joined;
  group.nodes.push_back(id);
  ++world_.joined_nodes;
  for (const auto set : group.sets) world_.sets[set].nodes.add(id, node.load(world_.sets[set]));
  world_.fresh_nodes.push_back(id);
  world_.starts_due = true;
  if (world_.measuring() && node.first_attempt < world_.now && !node.counted) recorder_.served_late();
  if (const auto& age = world_.group_spec(group_id).replace_every)
    world_.schedule(world_.now + *age, Rank::node_addition, {EventKind::node_aged, id});
  if (node.replacement) drain(group_id);
}

void NodeLifecycle::retry_refused() {
  for (auto& group : world_.groups) {
    if (group.closed > 0) continue;
    const auto waiting = group.pending;
    for (const auto id : waiting)
      if (!try_join(id)) break;
  }
}

void NodeLifecycle::judge(NodeId id) {
  auto& node = world_.node(id);
  if (node.phase != Phase::pending || node.counted) return;
  node.counted = true;
  recorder_.refuse_node(node);
}

// --- leaving
// ---------------------------------------------------------------------------------------------------

void NodeLifecycle::drop_pending(GroupState& group, NodeId id) {
  auto& node = world_.node(id);
  node.phase = Phase::gone;
  world_.pending_nodes -= std::erase(group.pending, id);
  if (node.replacement) --group.joining;
  const auto& zones = world_.group_spec(node.node.group).zones;
  --group.per_zone[static_cast<std::size_t>(std::find(zones.begin(), zones.end(), node.node.zone) -
                                            zones.begin())];
}

void NodeLifecycle::leave(NodeId id) {
  auto& node = world_.node(id);
  if (node.phase != Phase::joined) return;
  auto& group = world_.group(node.node.group);
  node.phase = Phase::leaving;
  std::erase(group.nodes, id);
  --world_.joined_nodes;
  const auto& zones = world_.group_spec(node.node.group).zones;
  --group.per_zone[static_cast<std::size_t>(std::find(zones.begin(), zones.end(), node.node.zone) -
                                            zones.begin())];
  for (const auto set : group.sets) world_.sets[set].nodes.remove(id, node.load(world_.sets[set]));

  Duration longest{};
  for (auto slot = node.pods.first; slot != no_pod;) {
    const PodId pod_id{slot};
    const auto& pod = world_.pods[pod_id];
    slot = world_.pods.links(pod_id).next_on_node;
    auto& owner = world_.owners[pod.owner];
    longest = std::max(longest, owner.grace);
    if (owner.kind == Owner::Kind::daemonset || pod.state == PodState::terminating) continue;
    if (owner.kind == Owner::Kind::batch) ++owner.wanted;  // the job controller starts it anew
    world_.touch(owner);
    pods_.remove(pod_id);
  }
  world_.nodes_due = true;
  world_.schedule(world_.now + longest, Rank::node_removal, {EventKind::node_gone, id});
}

void NodeLifecycle::finish(NodeId id) {
  auto& node = world_.node(id);
  while (node.pods.first != no_pod) {
    const PodId pod{node.pods.first};
    if (world_.pods[pod].state == PodState::terminating)
      pods_.finish(pod);
    else
      pods_.remove(pod);  // a daemonset's pod, without grace
  }
  world_.model->remove_node(id, world_.now);
  node.phase = Phase::gone;
  world_.nodes_due = true;
  if (!node.node.address) return;
  world_.space.release(*node.node.subnet, static_cast<SubnetSpace::Ipv4>(node.node.address->value()),
                       Hold::in_use);
  world_.space.detach_interface();
}

void NodeLifecycle::zone_outage(ZoneId zone) {
  for (auto& group : world_.groups) {
    const auto pending = group.pending;
    for (const auto id : pending)
      if (world_.node(id).node.zone == zone) drop_pending(group, id);
    const auto nodes = group.nodes;
    for (const auto id : nodes)
      if (world_.node(id).node.zone == zone) leave(id);
  }
  world_.nodes_due = true;
}

void NodeLifecycle::node_outage(GroupId id, std::int64_t count) {
  const auto nodes = world_.group(id).nodes;
  for (std::int64_t i = 0; i < count && i < static_cast<std::int64_t>(nodes.size()); ++i)
    leave(nodes[static_cast<std::size_t>(i)]);
}

void NodeLifecycle::remove_group(GroupId id) {
  auto& group = world_.group(id);
  group.present = false;
  group.to_replace.clear();
  const auto pending = group.pending;
  for (const auto node : pending) drop_pending(group, node);
  const auto nodes = group.nodes;
  for (const auto node : nodes) leave(node);
}

// --- replacement
// -----------------------------------------------------------------------------------------------

void NodeLifecycle::replace(GroupId id, std::vector<NodeId> nodes, std::int64_t surge) {
  auto& group = world_.group(id);
  for (const auto node : nodes)
    if (std::find(group.to_replace.begin(), group.to_replace.end(), node) == group.to_replace.end())
      group.to_replace.push_back(node);
  group.surge = surge;
  if (!group.replacing) next_batch(id);
}

void NodeLifecycle::next_batch(GroupId id) {
  const auto surge = world_.group(id).surge;
  std::int64_t batch = 0;
  auto& queue = world_.group(id).to_replace;
  while (batch < surge && !queue.empty()) {
    const NodeId old = queue.front();
    queue.pop_front();
    if (world_.node(old).phase != Phase::joined) continue;
    world_.group(id).to_drain.push_back(old);
    ++batch;
  }
  world_.group(id).replacing = batch > 0;
  if (batch == 0) return;
  auto& number = world_.group(id).batch;
  number = (number + 1) & Event::most_more;
  world_.group(id).joining = batch;
  world_.group(id).unsettled = 0;
  for (std::int64_t i = 0; i < batch; ++i)
    if (!add(id, true)) --world_.group(id).joining;  // every zone is out: the old node stays
  if (world_.group(id).joining == 0 && world_.group(id).unsettled == 0) world_.settled.push_back(id);
}

/// A new node has joined: one old node goes, and its pods are recreated elsewhere.
void NodeLifecycle::drain(GroupId id) {
  auto& group = world_.group(id);
  --group.joining;
  if (!group.to_drain.empty()) {
    const NodeId old = group.to_drain.front();
    group.to_drain.pop_front();
    const auto mark = static_cast<std::uint16_t>(index_of(id) + 1);
    for (auto slot = world_.node(old).pods.first; slot != no_pod;) {
      const auto& pod = world_.pods[PodId{slot}];
      slot = world_.pods.links(PodId{slot}).next_on_node;
      auto& owner = world_.owners[pod.owner];
      if (owner.kind == Owner::Kind::daemonset || pod.state == PodState::terminating) continue;
      auto& credit = owner.replacement_credit;
      if (credit.empty() || credit.back().first != mark) credit.emplace_back(mark, 0);
      ++credit.back().second;
      ++group.unsettled;
    }
    leave(old);
  }
  world_.schedule(world_.now + world_.scenario.policy.max_wait, Rank::node_addition,
                  {EventKind::replacement_timeout, static_cast<std::uint32_t>(id), group.batch});
  if (group.unsettled == 0 && group.joining == 0) world_.settled.push_back(id);
}

void NodeLifecycle::batch_done(GroupId id) {
  auto& group = world_.group(id);
  if (!group.replacing || group.joining > 0) return;
  group.to_drain.clear();
  next_batch(id);
}

}  // namespace cidrplan
