#include "planner/simulation/pod_lifecycle.h"

#include <algorithm>

namespace cidrplan {
namespace {

constexpr std::int64_t back_off_ms =
    10'000;  ///< kubelet retries a failed sandbox at multiples of this of the pod's age

}  // namespace

void PodLifecycle::create(Owner& owner) {
  const PodId id = world_.pods.create();
  auto& pod = world_.pods[id];
  pod.created = world_.now;
  pod.set_serial(owner.next_serial++);
  pod.owner = static_cast<std::uint16_t>(&owner - world_.owners.data());
  world_.pods.append_to_owner(owner.current, id);
  take_credit(owner, pod);
  ++world_.pods_started;
  ++world_.without_address;
  ++owner.without_address;
  place(id);
}

void PodLifecycle::create_on(Owner& owner, NodeId node) {
  const PodId id = world_.pods.create();
  auto& pod = world_.pods[id];
  pod.created = world_.now;
  pod.set_serial(owner.next_serial++);
  pod.owner = static_cast<std::uint16_t>(&owner - world_.owners.data());
  world_.pods.append_to_owner(owner.current, id);
  bind(id, node);
  if (owner.host_network) {
    pod.state = PodState::running;
    return;
  }
  ++world_.pods_started;
  ++world_.without_address;
  ++owner.without_address;
  ask(id);
}

void PodLifecycle::take_credit(Owner& owner, Pod& pod) {
  if (owner.replacement_credit.empty()) return;
  auto& [group, pods] = owner.replacement_credit.front();
  pod.replaces_for = group;
  if (--pods == 0) owner.replacement_credit.pop_front();
}

void PodLifecycle::place(PodId id) {
  auto& pod = world_.pods[id];
  auto& owner = world_.owners[pod.owner];
  auto& set = world_.sets[owner.group_set];
  const bool alone = owner.need == PodNeed::no_node;
  if (alone || !set.nodes.full()) {
    bind(id, alone ? *world_.no_node : choose_node(owner, pod.serial()));
    ask(id);
    return;
  }
  pod.state = PodState::unbound;
  set.unbound.push_back(world_.pods.ref(id));
  ++set.unbound_count;
  world_.nodes_due = true;
  schedule_judgement(id);
}

NodeId PodLifecycle::choose_node(const Owner& owner, std::uint64_t serial) {
  const auto& nodes = world_.sets[owner.group_set].nodes;
  switch (owner.placement) {
    case Placement::spread:
      break;
    case Placement::pack:
      return nodes.fullest();
    case Placement::random:
      return nodes.any(owner.placement_draws.bits(serial));
  }
  return nodes.fewest_pods();
}

void PodLifecycle::bind_waiting(GroupSet& set) {
  while (set.unbound_count > 0 && !set.nodes.full()) {
    const PodRef ref = set.unbound.front();
    set.unbound.pop_front();
    if (!world_.pods.alive(ref)) continue;
    auto& pod = world_.pods[ref.pod];
    const auto node = choose_node(world_.owners[pod.owner], pod.serial());
    --set.unbound_count;
    bind(ref.pod, node);
    ask(ref.pod);
  }
  if (set.unbound_count == 0) set.unbound.clear();
}

void PodLifecycle::bind(PodId id, NodeId node_id) {
  auto& node = world_.node(node_id);
  world_.pods[id].node = node_id;
  world_.pods.append_to_node(node.pods, id);
  change_bound(node, world_.owners[world_.pods[id].owner].need, 1, true);
}

/// A pod comes to the node, or goes. @param open  the node takes further pods
void PodLifecycle::change_bound(NodeState& node, PodNeed need, int by, bool open) {
  const NodeId id = node.node.id;
  const auto bound = node.bound, own_bound = node.own_bound;
  node.bound += static_cast<std::uint32_t>(by);
  if (need == PodNeed::own_interface) node.own_bound += static_cast<std::uint32_t>(by);
  if (!open || id == world_.no_node) return;
  for (const auto number : world_.group(node.node.group).sets) {
    auto& set = world_.sets[number];
    set.nodes.change(id, node.load(set, bound, own_bound), node.load(set));
  }
}

void PodLifecycle::unbind(PodId id) {
  const NodeId node_id = world_.pods[id].node;
  auto& node = world_.node(node_id);
  world_.pods.remove_from_node(node.pods, id);
  change_bound(node, world_.owners[world_.pods[id].owner].need, -1, node.phase == NodeState::Phase::joined);
  if (node_id == world_.no_node) return;
  for (const auto set : world_.group(node.node.group).sets)
    if (world_.sets[set].unbound_count > 0) world_.starts_due = true;
}

void PodLifecycle::ask(PodId id) {
  auto& pod = world_.pods[id];
  const auto& owner = world_.owners[pod.owner];
  const auto answer = world_.model->assign({id, pod.node, owner.families, owner.in_namespace}, world_.now);
  world_.pods[id].asked = true;
  auto& print = world_.fingerprint;
  print.add(static_cast<std::uint64_t>(world_.now.ms));
  print.add(pod.serial() << 16 | pod.owner);
  print.add(static_cast<std::uint64_t>(pod.node) << 8 | static_cast<std::uint64_t>(answer.outcome));
  if (answer.outcome != Assignment::Outcome::granted) return kept_waiting(id, answer);
  print.add(static_cast<std::uint64_t>(answer.ipv4.value()) ^
            static_cast<std::uint64_t>(answer.ipv6.value()));
  granted(id);
}

void PodLifecycle::granted(PodId id) {
  auto& pod = world_.pods[id];
  auto& owner = world_.owners[pod.owner];
  if (pod.state == PodState::waiting) --world_.node(pod.node).waiting;
  pod.state = PodState::running;
  --world_.without_address;
  --owner.without_address;
  ++world_.with_address;
  if (pod.created < world_.now && !pod.counted && world_.measuring()) recorder_.served_late();
  settle(pod);
  if (owner.lifetimes)
    world_.schedule(world_.now + (*owner.lifetimes)[pod.serial()], Rank::ends,
                    {EventKind::pod_ends, world_.pods.ref(id)});
  if (!owner.rolling) return;
  if (pod.old) {
    ++owner.old_running;
  } else {
    const auto& rollout = world_.scenario.workloads[owner.index].rollout;
    world_.schedule(world_.now + rollout->ready_after, Rank::rollout,
                    {EventKind::pod_ready, world_.pods.ref(id)});
  }
}

void PodLifecycle::kept_waiting(PodId id, const Assignment& answer) {
  auto& pod = world_.pods[id];
  if (pod.state != PodState::waiting) {
    pod.state = PodState::waiting;
    ++world_.node(pod.node).waiting;
    if (pod.created == world_.now) schedule_judgement(id);
  }
  pod.cause = answer.cause;
  pod.place_kind = answer.place.kind;
  pod.place = answer.place.index;
  if (answer.outcome == Assignment::Outcome::refused && world_.measuring()) judge(id);
}

void PodLifecycle::schedule_judgement(PodId id) {
  const auto& pod = world_.pods[id];
  const SimTime due =
      std::max(pod.created + world_.scenario.policy.max_wait, SimTime{});  // nobody is judged in warm-up
  world_.schedule(due, Rank::judgement, {EventKind::pod_judged, world_.pods.ref(id)});
}

void PodLifecycle::node_gained(NodeId id) {
  const auto& node = world_.node(id);
  if (node.waiting == 0) return;
  // Mostly the youngest ones wait: from the first of them on.
  auto first = node.pods.last;
  for (auto more = node.waiting; first != no_pod; first = world_.pods.links(PodId{first}).previous_on_node)
    if (world_.pods[PodId{first}].state == PodState::waiting && --more == 0) break;
  for (auto slot = first; slot != no_pod;) {
    auto& pod = world_.pods[PodId{slot}];
    if (pod.state == PodState::waiting && !pod.ask_scheduled) {
      pod.ask_scheduled = true;
      const std::int64_t age = (world_.now - pod.created).ms;
      const Duration next{(age + back_off_ms - 1) / back_off_ms * back_off_ms};
      world_.schedule(pod.created + next, Rank::pod_start,
                      {EventKind::pod_asks, world_.pods.ref(PodId{slot})});
    }
    slot = world_.pods.links(PodId{slot}).next_on_node;
  }
}

PodId PodLifecycle::victim(const Owner& owner, const PodList& list, bool oldest) const {
  // Counted, not looked for: during a rollout the pods without address are mostly in the other list.
  const auto waiting_old = owner.old.size - owner.old_running;
  const auto waiting = &list == &owner.old ? waiting_old : owner.without_address - waiting_old;
  if (waiting > 0)
    for (auto slot = list.last; slot != no_pod; slot = world_.pods.links(PodId{slot}).previous_of_owner)
      if (world_.pods[PodId{slot}].state != PodState::running) return PodId{slot};
  return PodId{oldest ? list.first : list.last};
}

void PodLifecycle::remove(PodId id) {
  auto& pod = world_.pods[id];
  auto& owner = world_.owners[pod.owner];
  world_.pods.remove_from_owner(pod.old ? owner.old : owner.current, id);
  settle(pod);
  if (pod.state != PodState::running) {
    --world_.without_address;
    --owner.without_address;
    if (pod.state == PodState::unbound) {
      --world_.sets[owner.group_set].unbound_count;
      world_.pods.free(id);
    } else {
      finish(id);
    }
    return;
  }
  if (pod.old) --owner.old_running;
  if (pod.ready) --owner.new_ready;
  pod.state = PodState::terminating;
  if (owner.grace.ms == 0) return finish(id);
  world_.schedule(world_.now + owner.grace, Rank::ends, {EventKind::pod_gone, world_.pods.ref(id)});
}

void PodLifecycle::finish(PodId id) {
  auto& pod = world_.pods[id];
  if (pod.state == PodState::waiting) --world_.node(pod.node).waiting;
  if (pod.asked) {
    world_.model->release(id, world_.now);
    if (pod.state != PodState::waiting) --world_.with_address;
  }
  unbind(id);
  world_.pods.free(id);
}

void PodLifecycle::settle(Pod& pod) {
  if (pod.replaces_for == 0) return;
  const GroupId group{static_cast<std::uint16_t>(pod.replaces_for - 1)};
  pod.replaces_for = 0;
  auto& unsettled = world_.group(group).unsettled;
  if (unsettled > 0 && --unsettled == 0) world_.settled.push_back(group);
}

void PodLifecycle::judge(PodId id) {
  auto& pod = world_.pods[id];
  if (pod.counted || (pod.state != PodState::waiting && pod.state != PodState::unbound)) return;
  pod.counted = true;
  if (pod.state == PodState::waiting) return recorder_.refuse_pod(pod, pod.cause, pod.last_place());
  const auto why = why_unbound(world_.owners[pod.owner]);
  recorder_.refuse_pod(pod, why.first, why.second);
}

std::pair<Cause, PlaceRef> PodLifecycle::why_unbound(const Owner& owner) const {
  const auto& groups = world_.sets[owner.group_set].groups;
  for (const auto id : groups) {
    const auto& group = world_.groups[index_of(id)];
    if (group.pending.empty()) continue;  // a node that would take the pod could not join
    const auto& node = world_.nodes[index_of(group.pending.front())];
    return {node.cause, node.place};
  }
  for (const auto id : groups) {
    const auto& spec = world_.group_spec(id);
    if (!spec.nodes && spec.max_nodes && world_.groups[index_of(id)].count() >= *spec.max_nodes)
      return {Cause::max_nodes, {PlaceKind::node_group, static_cast<std::uint32_t>(id)}};
  }
  const PlaceRef place{PlaceKind::node_group, static_cast<std::uint32_t>(groups.front())};
  return {lacks_interfaces(owner) ? Cause::eni_slots : Cause::max_pods, place};
}

/// Whether a pod slot is free, and no interface for the pod beside it.
bool PodLifecycle::lacks_interfaces(const Owner& owner) const {
  if (owner.need != PodNeed::own_interface) return false;
  const auto& groups = world_.sets[owner.group_set].groups;
  return std::any_of(groups.begin(), groups.end(), [&](GroupId id) {
    const auto& nodes = world_.groups[index_of(id)].nodes;
    return std::any_of(nodes.begin(), nodes.end(), [&](NodeId node) {
      return world_.nodes[index_of(node)].bound < world_.nodes[index_of(node)].slots();
    });
  });
}

}  // namespace cidrplan
