#include "planner/simulation/demand_outline.h"

#include <algorithm>

#include "planner/simulation/owner_load.h"

namespace cidrplan {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t unbounded_nodes = std::int64_t{1} << 32;

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

struct GroupShape {
  NodeShape shape;
  std::int64_t slots = 0;         ///< for pods of workloads and batches, one node
  std::int64_t own_slots = 0;     ///< for those that need an interface of their own
  std::int64_t pod_slots = 0;     ///< for all of them
  std::int64_t daemons = 0;       ///< daemonset pods of one node
  std::int64_t with_address = 0;  ///< those of them that take an address
  std::int64_t with_own_interface = 0;
  std::int64_t with_ipv4 = 0, with_ipv6 = 0;

  /// For so many pods, `own` of them with an interface of their own.
  std::int64_t nodes_for(std::int64_t shared, std::int64_t own) const;
  /// For pods with that need.
  std::int64_t slots_for(PodNeed need) const { return need == PodNeed::own_interface ? own_slots : slots; }
};

std::int64_t GroupShape::nodes_for(std::int64_t shared, std::int64_t own) const {
  std::int64_t nodes = 0;
  if (slots > 0) nodes = divide_up(shared, slots);
  if (own_slots > 0) nodes = std::max(nodes, divide_up(own, own_slots));
  if (pod_slots > 0) nodes = std::max(nodes, divide_up(shared + own, pod_slots));
  return nodes;
}

/// Pods of a group: all, and by the families of which they need an address.
struct PodCount {
  std::int64_t all = 0;
  std::int64_t ipv4 = 0;
  std::int64_t ipv6 = 0;
  std::int64_t with_own_interface = 0;  ///< beside them

  void add(std::int64_t pods, Families families, PodNeed need) {
    if (need == PodNeed::own_interface) {
      with_own_interface += pods;
      return;
    }
    all += pods;
    ipv4 += families.ipv4 ? pods : 0;
    ipv6 += families.ipv6 ? pods : 0;
  }
};

bool reaches(const OwnerLoad& owner, GroupId id) {
  return owner.need != PodNeed::no_node &&
         std::find(owner.groups->begin(), owner.groups->end(), id) != owner.groups->end();
}

class Outline {
 public:
  Outline(const Scenario& scenario, const Design& design);

  DemandAt at(SimTime time, Side side) const;
  /// Moments among which the extremes lie: both ends, steps, the edges of events, and an even grid.
  std::vector<SimTime> moments(SimTime until) const;

 private:
  std::vector<OwnerLoad> loads(SimTime time, Side side) const {
    return owner_loads(scenario_, factory_, time, side);
  }
  bool present(std::size_t group, SimTime time) const;
  std::int64_t out(std::size_t group, SimTime time) const;
  std::vector<std::int64_t> nodes(const std::vector<OwnerLoad>& loads, SimTime time, Side side) const;
  std::int64_t leaving(std::size_t group, std::int64_t nodes, SimTime time) const;
  std::vector<PodCount> spread(const std::vector<OwnerLoad>& loads,
                               const std::vector<std::int64_t>& nodes) const;
  void divide_by_family(const PodCount& pods, const std::vector<OwnerLoad>& loads, GroupDemand& demand) const;
  std::int64_t most_on_one(std::size_t group, const std::vector<OwnerLoad>& loads,
                           const std::vector<std::int64_t>& nodes) const;

  const Scenario& scenario_;
  const ModelFactory& factory_;
  std::vector<GroupShape> shapes_;
};

Outline::Outline(const Scenario& scenario, const Design& design)
    : scenario_(scenario), factory_(*design.factory) {
  for (const auto& group : scenario.groups) {
    GroupShape shape;
    shape.shape = {group.limits, group.max_pods, group.os,
                   GroupId{static_cast<std::uint16_t>(shapes_.size())}};
    const auto density = design.factory->density(shape.shape);
    const auto id = GroupId{static_cast<std::uint16_t>(shapes_.size())};
    for (const auto& daemonset : scenario.daemonsets) {
      const auto& on = daemonset.groups;
      if (std::find(on.begin(), on.end(), id) == on.end()) continue;
      ++shape.daemons;
      if (daemonset.host_network) continue;
      if (density.own_interfaces > 0 &&
          design.factory->need_of(daemonset.in_namespace) == PodNeed::own_interface) {
        ++shape.with_own_interface;
        continue;
      }
      ++shape.with_address;
      shape.with_ipv4 += daemonset.families.ipv4;
      shape.with_ipv6 += daemonset.families.ipv6;
    }
    shape.slots = std::max<std::int64_t>(
        0, std::min(density.max_pods - shape.daemons, density.pod_addresses - shape.with_address));
    shape.pod_slots = std::max<std::int64_t>(0, density.max_pods - shape.daemons);
    shape.own_slots = std::max<std::int64_t>(
        0, std::min(density.max_pods - shape.daemons, density.own_interfaces - shape.with_own_interface));
    shapes_.push_back(shape);
  }
}

// --- nodes
// -----------------------------------------------------------------------------------------------------

bool Outline::present(std::size_t group, SimTime time) const {
  for (const auto& event : scenario_.events) {
    const auto* const added = std::get_if<GroupAdded>(&event.what);
    if (added != nullptr && index_of(added->group) == group && time < event.at) return false;
    const auto* const removed = std::get_if<GroupRemoved>(&event.what);
    if (removed != nullptr && index_of(removed->group) == group && event.at <= time) return false;
  }
  return true;
}

/// Nodes of the group that an outage keeps away.
std::int64_t Outline::out(std::size_t group, SimTime time) const {
  std::int64_t nodes = 0;
  for (const auto& event : scenario_.events) {
    const auto* const outage = std::get_if<NodeOutage>(&event.what);
    if (outage != nullptr && index_of(outage->group) == group && event.lasts(outage->duration, time))
      nodes += outage->nodes;
    const auto* const zone = std::get_if<ZoneOutage>(&event.what);
    if (zone == nullptr || !event.lasts(zone->duration, time)) continue;
    const auto& zones = scenario_.groups[group].zones;
    if (zones.size() == 1 && zones.front() == zone->zone) nodes += unbounded_nodes;
  }
  return nodes;
}

/// Fixed groups by their curve. "auto" ones take, in the order of each workload's groups, what the groups
/// before them have no slot for.
std::vector<std::int64_t> Outline::nodes(const std::vector<OwnerLoad>& loads, SimTime time, Side side) const {
  const auto day = SimTime{std::max<std::int64_t>(0, time.ms / day_ms * day_ms)};
  const auto count = scenario_.groups.size();
  std::vector<std::int64_t> nodes(count, 0), load(count, 0), own(count, 0), ceiling(count, 0);
  for (std::size_t g = 0; g < count; ++g) {
    const auto& group = scenario_.groups[g];
    if (!present(g, time)) continue;
    ceiling[g] =
        group.nodes ? group.nodes->at(scenario_.calendar, day) : group.max_nodes.value_or(unbounded_nodes);
    nodes[g] = group.nodes ? ceiling[g] : std::min(group.min_nodes, ceiling[g]);
  }
  for (const auto& owner : loads) {
    if (owner.need == PodNeed::no_node) continue;
    auto pods = side == Side::most ? owner.all() : owner.live;
    auto& counted = owner.need == PodNeed::own_interface ? own : load;
    const auto fill = [&](const std::vector<std::int64_t>& limits) {
      for (const auto id : *owner.groups) {
        const auto g = index_of(id);
        const auto room = limits[g] * shapes_[g].slots_for(owner.need) - counted[g];
        const auto part = std::clamp<std::int64_t>(room, 0, pods);
        counted[g] += part;
        pods -= part;
      }
    };
    if (side == Side::least) fill(nodes);  // nodes that stand anyway may have room for all
    fill(ceiling);
  }
  for (std::size_t g = 0; g < count; ++g) {
    if (!scenario_.groups[g].nodes)
      nodes[g] = std::min(std::max(nodes[g], shapes_[g].nodes_for(load[g], own[g])), ceiling[g]);
    if (side != Side::most) nodes[g] = std::max<std::int64_t>(0, nodes[g] - out(g, time));
  }
  return nodes;
}

/// Old nodes that still hold what they had while their successors stand already.
std::int64_t Outline::leaving(std::size_t group, std::int64_t nodes, SimTime time) const {
  const auto& spec = scenario_.groups[group];
  std::int64_t more = 0;
  if (spec.replace_every && time.ms > 0) more = std::min(nodes, spec.surge * 2 + nodes / 4);
  for (const auto& event : scenario_.events) {
    if (time < event.at) continue;
    const auto* const upgrade = std::get_if<GroupUpgrade>(&event.what);
    // With pods that start at once, all batches fit into one grace period.
    if (upgrade != nullptr && index_of(upgrade->group) == group) more = nodes;
    const auto* const zone = std::get_if<ZoneOutage>(&event.what);
    if (zone == nullptr || event.at + zone->duration < time) continue;
    const auto& zones = spec.zones;
    if (std::find(zones.begin(), zones.end(), zone->zone) == zones.end()) continue;
    more = std::max(more, divide_up(nodes, static_cast<std::int64_t>(zones.size())));
  }
  return more;
}

// --- pods on nodes
// ---------------------------------------------------------------------------------------------

/// Pods of each group, evenly over the nodes of the groups a workload may use.
std::vector<PodCount> Outline::spread(const std::vector<OwnerLoad>& loads,
                                      const std::vector<std::int64_t>& nodes) const {
  std::vector<PodCount> pods(nodes.size());
  for (const auto& owner : loads) {
    if (owner.need == PodNeed::no_node) continue;
    std::int64_t nodes_left = 0;
    auto pods_left = owner.live;
    for (const auto id : *owner.groups) nodes_left += nodes[index_of(id)];
    for (const auto id : *owner.groups) {
      const auto g = index_of(id);
      if (nodes_left <= 0) break;
      const auto share = divide_up(pods_left * nodes[g], nodes_left);
      const bool own = owner.need == PodNeed::own_interface;
      const auto there = own ? pods[g].with_own_interface : pods[g].all;
      const auto room = nodes[g] * shapes_[g].slots_for(owner.need) - there;
      const auto part = std::clamp<std::int64_t>(room, 0, share);
      pods[g].add(part, owner.families, owner.need);
      pods_left -= part;
      nodes_left -= nodes[g];
    }
  }
  for (std::size_t g = 0; g < nodes.size(); ++g) {
    pods[g].all += nodes[g] * shapes_[g].with_address;
    pods[g].ipv4 += nodes[g] * shapes_[g].with_ipv4;
    pods[g].ipv6 += nodes[g] * shapes_[g].with_ipv6;
    pods[g].with_own_interface += nodes[g] * shapes_[g].with_own_interface;
  }
  return pods;
}

/// With `spread` a pod goes to a node with the fewest, so none ever carries more than the mean over the nodes
/// its workload may use, plus one. "auto" groups grow only when every node is full.
std::int64_t Outline::most_on_one(std::size_t group, const std::vector<OwnerLoad>& loads,
                                  const std::vector<std::int64_t>& nodes) const {
  const auto& shape = shapes_[group];
  // Pods that need an interface of their own pass by nodes that have none left, and load the others.
  const bool uneven = std::any_of(loads.begin(), loads.end(), [](const OwnerLoad& owner) {
    return owner.need == PodNeed::own_interface && owner.all() > 0;
  });
  const bool grows = !scenario_.groups[group].nodes || uneven;
  std::int64_t most = 0;
  for (const auto& owner : loads) {
    if (owner.need == PodNeed::own_interface) continue;
    if (!reaches(owner, GroupId{static_cast<std::uint16_t>(group)}) || owner.all() == 0) continue;
    std::int64_t standing = 0, bound = 0;
    for (const auto id : *owner.groups) {
      standing += nodes[index_of(id)];
      bound += nodes[index_of(id)] * shapes_[index_of(id)].daemons;
    }
    std::int64_t pods = 0;
    for (const auto& other : loads) {
      const auto meets = [&](GroupId id) { return reaches(other, id); };
      if (std::any_of(owner.groups->begin(), owner.groups->end(), meets)) pods += other.all();
    }
    const bool even = owner.placement == Placement::spread && standing > 0 && !grows;
    const auto limit = even ? (pods + bound) / standing + 1 - shape.daemons : shape.slots;
    most = std::max(most, std::min(limit, pods));
  }
  return std::clamp<std::int64_t>(most, 0, shape.slots) + shape.with_address;
}

/// `demand` with `most_per_node` set: no node carries more pods of a family than there are.
void Outline::divide_by_family(const PodCount& pods, const std::vector<OwnerLoad>& loads,
                               GroupDemand& demand) const {
  const auto& shape = shapes_[index_of(demand.group)];
  PodCount reaching;
  for (const auto& owner : loads)
    if (reaches(owner, demand.group)) reaching.add(owner.all(), owner.families, owner.need);
  const auto slots = demand.most_per_node - shape.with_address;
  demand.ipv4 = {pods.ipv4, std::min(slots, reaching.ipv4) + shape.with_ipv4};
  demand.ipv6 = {pods.ipv6, std::min(slots, reaching.ipv6) + shape.with_ipv6};
}

// --- all of it
// -------------------------------------------------------------------------------------------------

DemandAt Outline::at(SimTime time, Side side) const {
  const auto owners = loads(time, side);
  const auto with_all = side == Side::most ? owners : loads(time, Side::most);
  const auto standing = nodes(owners, time, side);
  const auto fewest = side == Side::least ? standing : nodes(loads(time, Side::least), time, Side::least);
  auto pods_of = owners;
  if (side == Side::most)
    for (auto& owner : pods_of) owner.live = owner.all();
  const auto pods = spread(pods_of, standing);
  DemandAt demand{time, {}, 0};
  for (const auto& owner : pods_of) {
    if (owner.need != PodNeed::no_node) continue;
    demand.without_node += owner.live;
    demand.without_node_by_owner.push_back({owner.in_namespace, owner.live});
  }
  for (std::size_t g = 0; g < scenario_.groups.size(); ++g) {
    GroupDemand group;
    group.group = GroupId{static_cast<std::uint16_t>(g)};
    group.shape = shapes_[g].shape;
    group.subnets = scenario_.groups[g].subnets;
    group.nodes = standing[g] + (side == Side::most ? leaving(g, standing[g], time) : 0);
    group.pods = pods[g].all;
    group.pods_per_node = standing[g] > 0 ? divide_up(group.pods, standing[g]) : 0;
    group.most_per_node = std::max(most_on_one(g, with_all, fewest), group.pods_per_node);
    divide_by_family(pods[g], with_all, group);
    group.with_own_interface = pods[g].with_own_interface;
    demand.groups.push_back(std::move(group));
  }
  return demand;
}

void add_steps(const GrowthCurve& curve, std::vector<SimTime>& moments) {
  const std::vector<GrowthCurve::Point>* points = nullptr;
  if (const auto* const steps = std::get_if<GrowthCurve::Steps>(&curve.shape())) points = &steps->points;
  if (const auto* const table = std::get_if<GrowthCurve::Table>(&curve.shape())) points = &table->points;
  if (points == nullptr) return;
  for (const auto& point : *points) {
    moments.push_back(point.at);
    moments.push_back(point.at + Duration{day_ms});  // counts move at the next 00:00
  }
}

std::vector<SimTime> Outline::moments(SimTime until) const {
  constexpr std::int64_t grid = 64;
  std::vector<SimTime> moments{{}, until};
  for (std::int64_t i = 1; i < grid; ++i) moments.push_back({until.ms / grid * i});
  for (const auto& workload : scenario_.workloads) add_steps(workload.pods, moments);
  for (const auto& batch : scenario_.batches) add_steps(batch.jobs_per_hour, moments);
  for (const auto& group : scenario_.groups)
    if (group.nodes) add_steps(*group.nodes, moments);
  for (const auto& event : scenario_.events) {
    const auto length = event.duration();
    for (const auto at :
         {event.at - Duration{1}, event.at, event.at + length - Duration{1}, event.at + length})
      moments.push_back(at);
  }
  std::erase_if(moments, [&](SimTime at) { return at.ms < 0 || at > until; });
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

void raise(FamilyDemand& most, const FamilyDemand& now) {
  most.pods = std::max(most.pods, now.pods);
  most.most_per_node = std::max(most.most_per_node, now.most_per_node);
}

DemandAt peak_of(const Outline& outline, SimTime until, Side side) {
  DemandAt peak;
  for (const auto moment : outline.moments(until)) {
    const auto demand = outline.at(moment, side);
    if (peak.groups.empty()) peak = demand;
    for (std::size_t g = 0; g < demand.groups.size(); ++g) {
      auto& most = peak.groups[g];
      most.nodes = std::max(most.nodes, demand.groups[g].nodes);
      most.pods = std::max(most.pods, demand.groups[g].pods);
      most.pods_per_node = std::max(most.pods_per_node, demand.groups[g].pods_per_node);
      most.most_per_node = std::max(most.most_per_node, demand.groups[g].most_per_node);
      raise(most.ipv4, demand.groups[g].ipv4);
      raise(most.ipv6, demand.groups[g].ipv6);
      most.with_own_interface = std::max(most.with_own_interface, demand.groups[g].with_own_interface);
    }
    peak.without_node = std::max(peak.without_node, demand.without_node);
  }
  peak.at = until;
  return peak;
}

}  // namespace

DemandAt demand_at(const Scenario& scenario, const Design& design, SimTime at) {
  return Outline(scenario, design).at(at, Side::mean);
}

DemandAt least_demand_at(const Scenario& scenario, const Design& design, SimTime at) {
  return Outline(scenario, design).at(at, Side::least);
}

DemandAt running_peak(const Scenario& scenario, const Design& design, SimTime until) {
  return peak_of(Outline(scenario, design), until, Side::most);
}

}  // namespace cidrplan
