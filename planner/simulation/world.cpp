#include "planner/simulation/world.h"

#include <algorithm>
#include <limits>
#include <map>

namespace cidrplan {
namespace {

std::uint64_t seed_of(const Scenario& scenario, std::int64_t life, std::string_view what) {
  return RandomStream(scenario.seed, static_cast<std::uint64_t>(life), what).bits(0);
}

SubnetSpace space_of(const Scenario& scenario, std::int64_t life) {
  const auto vpc = scenario.vpc.value_or(Vpc{});
  return {scenario.subnets, vpc.quota, vpc.address_choice, seed_of(scenario, life, "address-choice")};
}

/// Pod slots of one node beside its daemonsets' pods.
std::int64_t slots_left(const GroupState& group) {
  return group.density.max_pods - static_cast<std::int64_t>(group.daemonsets.size());
}

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

std::int64_t GroupState::nodes_for(std::int64_t shared, std::int64_t own) const {
  std::int64_t needed = 0;
  if (slots_per_node > 0) needed = divide_up(shared, slots_per_node);
  if (own_per_node > 0) needed = std::max(needed, divide_up(own, own_per_node));
  const auto slots = slots_left(*this);
  if (slots > 0) needed = std::max(needed, divide_up(shared + own, slots));
  return needed;
}

/// So that pods without a node are found where others are.
NodeId World::add_no_node() {
  NodeState state;
  state.node.id = NodeId{static_cast<std::uint32_t>(nodes.size())};
  state.node.name = "no node";
  state.node.max_pods = std::numeric_limits<int>::max();
  state.phase = NodeState::Phase::joined;
  nodes.push_back(std::move(state));
  return nodes.back().node.id;
}

World::World(const Scenario& the_scenario, const Design& the_design, std::int64_t the_life)
    : scenario(the_scenario),
      design(the_design),
      life(the_life),
      now(SimTime{} - the_scenario.warm_up),
      space(space_of(the_scenario, the_life)),
      model(the_design.factory->make(space, seed_of(the_scenario, the_life, "model"))),
      queue(now),
      zone_outages(std::max<std::size_t>(1, the_scenario.zones.size()), 0) {
  groups.resize(scenario.groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto& spec = scenario.groups[g];
    groups[g].density = design.factory->density(
        {spec.limits, spec.max_pods, spec.os, GroupId{static_cast<std::uint16_t>(g)}});
    const auto region = scenario.vpc ? std::string_view(scenario.vpc->region) : std::string_view();
    for (const auto zone : spec.zones) {
      const bool named = index_of(zone) < scenario.zones.size();
      groups[g].labels.push_back(node_labels(
          spec, named ? std::string_view(scenario.zones[index_of(zone)]) : std::string_view(), region));
    }
    groups[g].per_zone.assign(spec.zones.size(), 0);
    groups[g].present =
        std::none_of(scenario.events.begin(), scenario.events.end(), [&](const ClusterEvent& event) {
          const auto* const added = std::get_if<GroupAdded>(&event.what);
          return added != nullptr && index_of(added->group) == g;
        });
  }

  std::map<std::pair<std::vector<GroupId>, bool>, std::size_t> known;
  const auto join_set = [&](Owner& owner, const std::vector<GroupId>& members) {
    owner.need = design.factory->need_of(owner.in_namespace);
    const bool own_interface = owner.need == PodNeed::own_interface;
    const auto [at, fresh] = known.emplace(std::pair(members, own_interface), sets.size());
    owner.group_set = at->second;
    if (owner.need == PodNeed::no_node && !no_node) no_node = add_no_node();
    if (!fresh) return;
    for (const auto id : members) group(id).sets.push_back(sets.size());
    sets.push_back({members, own_interface, {}, {}, 0});
  };
  const auto stream = [&](std::string_view kind, const std::string& name, std::string_view what) {
    return RandomStream(scenario.seed, static_cast<std::uint64_t>(life),
                        std::string(kind) + '/' + name + '/' + std::string(what));
  };
  for (std::size_t i = 0; i < scenario.workloads.size(); ++i) {
    const auto& spec = scenario.workloads[i];
    Owner owner;
    owner.index = i;
    owner.name = spec.name;
    owner.placement = spec.placement;
    owner.families = spec.families;
    owner.in_namespace = spec.in_namespace;
    join_set(owner, spec.groups);
    owner.grace = spec.grace;
    if (spec.lifetime.kind != Distribution::Kind::forever)
      owner.lifetimes.emplace(spec.lifetime, stream("workload", spec.name, "lifetime"));
    owner.placement_draws = stream("workload", spec.name, "placement");
    owner.wanted = spec.pods.at(scenario.calendar, {});
    owners.push_back(std::move(owner));
  }
  for (std::size_t i = 0; i < scenario.batches.size(); ++i) {
    const auto& spec = scenario.batches[i];
    Owner owner;
    owner.kind = Owner::Kind::batch;
    owner.index = i;
    owner.name = spec.name;
    owner.placement = spec.placement;
    owner.families = spec.families;
    owner.in_namespace = spec.in_namespace;
    join_set(owner, spec.groups);
    owner.grace = spec.grace;
    if (spec.duration.kind != Distribution::Kind::forever)
      owner.lifetimes.emplace(spec.duration, stream("batch", spec.name, "duration"));
    owner.placement_draws = stream("batch", spec.name, "placement");
    owners.push_back(std::move(owner));
  }
  for (std::size_t i = 0; i < scenario.daemonsets.size(); ++i) {
    const auto& spec = scenario.daemonsets[i];
    Owner owner;
    owner.kind = Owner::Kind::daemonset;
    owner.index = i;
    owner.name = spec.name;
    owner.families = spec.families;
    owner.in_namespace = spec.in_namespace;
    owner.host_network = spec.host_network;
    const auto need = design.factory->need_of(spec.in_namespace);
    if (need == PodNeed::own_interface && !spec.host_network) owner.need = need;
    for (const auto id : spec.groups) group(id).daemonsets.push_back(owners.size());
    owners.push_back(std::move(owner));
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    auto& group_state = groups[g];
    std::int64_t addressed = 0, own = 0;
    for (const auto owner : group_state.daemonsets) {
      const bool has_own =
          owners[owner].need == PodNeed::own_interface && group_state.density.own_interfaces > 0;
      own += has_own ? 1 : 0;
      addressed += owners[owner].host_network || has_own ? 0 : 1;
    }
    group_state.slots_per_node = std::max<std::int64_t>(
        0, std::min(slots_left(group_state), group_state.density.pod_addresses - addressed));
    group_state.own_per_node = std::max<std::int64_t>(
        0, std::min(slots_left(group_state), group_state.density.own_interfaces - own));
    const auto& count = scenario.groups[g].nodes;
    group_state.wanted = count ? count->at(scenario.calendar, {}) : 0;
  }
}

}  // namespace cidrplan
