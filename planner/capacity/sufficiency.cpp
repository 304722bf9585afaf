#include "planner/capacity/sufficiency.h"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <fmt/format.h>
#include <limits>
#include <queue>

#include "planner/capacity/explain_prefixes.h"
#include "planner/simulation/demand_outline.h"

namespace cidrplan {
namespace {

// --- the graph ---

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using EdgeProperties =
    boost::property<boost::edge_capacity_t, std::int64_t,
                    boost::property<boost::edge_residual_capacity_t, std::int64_t,
                                    boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>;
using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, EdgeProperties>;
using Vertex = Traits::vertex_descriptor;
using Edge = Traits::edge_descriptor;

class Network {
 public:
  explicit Network(std::size_t vertices) : graph_(vertices) {}

  Edge connect(Vertex from, Vertex to, std::int64_t capacity) {
    const auto forward = boost::add_edge(from, to, graph_).first;
    const auto backward = boost::add_edge(to, from, graph_).first;
    boost::put(boost::edge_capacity, graph_, forward, capacity);
    boost::put(boost::edge_capacity, graph_, backward, 0);
    boost::put(boost::edge_reverse, graph_, forward, backward);
    boost::put(boost::edge_reverse, graph_, backward, forward);
    return forward;
  }
  std::int64_t maximum_flow(Vertex from, Vertex to) { return boost::push_relabel_max_flow(graph_, from, to); }
  std::int64_t left(Edge edge) const { return boost::get(boost::edge_residual_capacity, graph_, edge); }

  /// Vertices that can still send something to `target`: the far side of the cut nearest to it.
  std::vector<bool> can_reach(Vertex target) const {
    std::vector<bool> reached(boost::num_vertices(graph_), false);
    std::queue<Vertex> open;
    reached[target] = true;
    open.push(target);
    while (!open.empty()) {
      const Vertex to = open.front();
      open.pop();
      // Each edge has its reverse, so edges into `to` are found from it.
      for (auto [at, end] = boost::out_edges(to, graph_); at != end; ++at) {
        const auto back = boost::get(boost::edge_reverse, graph_, *at);
        const Vertex from = boost::target(*at, graph_);
        if (reached[from] || left(back) <= 0) continue;
        reached[from] = true;
        open.push(from);
      }
    }
    return reached;
  }

 private:
  Graph graph_;
};

// --- words ---

std::int64_t count_of(uint128 value) {
  return static_cast<std::int64_t>(std::min<uint128>(value, std::numeric_limits<std::int64_t>::max()));
}

/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  return text;
}

/// The first sample at or after the moment, else the end.
const Snapshot& state_after(const Run& run, SimTime at) {
  for (const auto& sample : run.samples)
    if (sample.at >= at) return sample;
  return run.end;
}

std::string explain_range(const Run& run, const FirstRefusal& refusal) {
  const auto at = std::find(run.places.begin(), run.places.end(), refusal.place);
  if (at == run.places.end()) return {};
  const auto row = static_cast<std::size_t>(at - run.places.begin());
  const auto& snapshot = state_after(run, refusal.at);
  if (row >= snapshot.rows.size()) return {};
  const auto& usage = snapshot.rows[row].usage;
  return fmt::format("{} gives out {} addresses: {} in use, {} held idle by nodes, {} available",
                     refusal.place.name, in_figures(usage.capacity), in_figures(usage.in_use),
                     in_figures(usage.idle), in_figures(usage.available));
}

/// Why the groups that lack addresses may not use a subnet that has some.
std::string why_not(const Scenario& scenario, const std::vector<GroupId>& groups, SubnetId subnet) {
  std::vector<std::string> barred, even;
  for (const auto id : groups) {
    const auto& group = scenario.groups[index_of(id)];
    const bool allowed = std::find(group.subnets.begin(), group.subnets.end(), subnet) != group.subnets.end();
    (allowed ? even : barred).push_back(group.name);
  }
  if (!barred.empty()) return fmt::format("{} is not allowed there", listed(barred));
  return fmt::format("{} spreads its nodes evenly over its zones", listed(even));
}

std::string explain_subnets(const Scenario& scenario, const Design& design, const Run& run,
                            const FirstRefusal& refusal) {
  const auto& snapshot = state_after(run, refusal.at);
  std::vector<std::string> full;
  std::vector<SubnetId> full_ids;
  for (std::size_t i = 0; i < scenario.subnets.size() && i < snapshot.rows.size(); ++i) {
    const auto& usage = snapshot.rows[i].usage;
    const bool here = run.places[i] == refusal.place;
    if (!here && (usage.capacity == 0 || usage.available > 0)) continue;
    full.push_back(scenario.subnets[i].name);
    full_ids.push_back(SubnetId{static_cast<std::uint16_t>(i)});
  }
  if (full.empty()) return {};

  std::vector<GroupId> groups;
  for (std::size_t g = 0; g < scenario.groups.size(); ++g)
    for (const auto id : scenario.groups[g].subnets)
      if (std::find(full_ids.begin(), full_ids.end(), id) != full_ids.end()) {
        groups.push_back(GroupId{static_cast<std::uint16_t>(g)});
        break;
      }

  std::string text = listed(full) + (full.size() == 1 ? " is full" : " are full");
  if (groups.empty()) return text;  // subnets for pods only: no group's nodes could stand elsewhere
  for (std::size_t i = 0; i < scenario.subnets.size() && i < snapshot.rows.size(); ++i) {
    const auto& subnet = scenario.subnets[i];
    const auto id = SubnetId{static_cast<std::uint16_t>(i)};
    const auto free = snapshot.rows[i].usage.available;
    if (subnet.role != SubnetRole::nodes || free == 0) continue;
    if (std::find(full_ids.begin(), full_ids.end(), id) != full_ids.end()) continue;
    text += fmt::format("; {} in {} has {} free, but {}", subnet.name, scenario.zones[index_of(subnet.zone)],
                        in_figures(count_of(free)), why_not(scenario, groups, id));
  }

  const auto at_end = explain_shortage_at_end(scenario, design);
  return at_end.empty() ? text : text + "; " + at_end;
}

}  // namespace

Sufficiency sufficiency(std::span<const AddressNeed> needs, std::span<const AddressSupply> supplies) {
  // Never part of a cut: not even one with needs of nothing.
  constexpr std::int64_t unbounded = std::numeric_limits<std::int64_t>::max() / 4;
  const Vertex source = 0, sink = 1;
  const auto need_at = [](std::size_t i) { return Vertex{2 + i}; };
  const auto supply_at = [&](std::size_t i) { return Vertex{2 + needs.size() + i}; };
  Network network(2 + needs.size() + supplies.size());
  Sufficiency result;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    result.needed += needs[i].addresses;
    network.connect(source, need_at(i), needs[i].addresses);
    for (const auto supply : needs[i].supplies) network.connect(need_at(i), supply_at(supply), unbounded);
  }
  std::vector<Edge> outlets;
  for (std::size_t i = 0; i < supplies.size(); ++i)
    outlets.push_back(network.connect(supply_at(i), sink, supplies[i].addresses));
  result.placed = network.maximum_flow(source, sink);

  const auto far_side = network.can_reach(sink);
  std::vector<bool> usable(supplies.size(), false);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (far_side[need_at(i)] || result.suffices()) continue;
    result.short_of.push_back(i);
    for (const auto supply : needs[i].supplies) usable[supply] = true;
  }
  for (std::size_t i = 0; i < supplies.size(); ++i) {
    result.left.push_back(network.left(outlets[i]));
    if (usable[i]) result.full.push_back(i);
    if (!result.suffices() && !usable[i] && result.left[i] > 0) result.spare.push_back(i);
  }
  return result;
}

AddressMarket market_at(const Scenario& scenario, const Design& design, SimTime at) {
  AddressMarket market;
  for (std::size_t i = 0; i < scenario.subnets.size(); ++i) {
    const auto& subnet = scenario.subnets[i];
    const auto open = subnet.from <= at ? std::max<std::int64_t>(0, subnet.capacity() - subnet.in_use) : 0;
    market.supplies.push_back({SubnetId{static_cast<std::uint16_t>(i)}, open});
  }
  const auto today = demand_at(scenario, design, at);
  for (const auto& group : today.groups) {
    if (group.subnets.empty() || group.nodes == 0) continue;
    // One node's holding, so that what other groups leave does not bound it.
    auto one = group;
    one.nodes = 1;
    one.pods = group.pods_per_node;
    one.most_per_node = group.pods_per_node;
    one.ipv4 = {std::min(group.ipv4.pods, one.pods), std::min(group.ipv4.pods, one.pods)};
    one.ipv6 = {std::min(group.ipv6.pods, one.pods), std::min(group.ipv6.pods, one.pods)};
    one.with_own_interface = (group.with_own_interface + group.nodes - 1) / group.nodes;
    const DemandAt alone{at, {one}, 0};
    const auto of_node = 1 + count_of(design.factory->closed_form(alone, alone).subnets.high);
    const auto& zones = scenario.groups[index_of(group.group)].zones;
    const auto zone_count = static_cast<std::int64_t>(zones.size());
    for (std::size_t z = 0; z < zones.size(); ++z) {
      const auto nodes = group.nodes / zone_count + (static_cast<std::int64_t>(z) < group.nodes % zone_count);
      AddressNeed need{group.group, zones[z], nodes * of_node, {}};
      for (const auto subnet : group.subnets)
        if (scenario.subnets[index_of(subnet)].zone == zones[z]) need.supplies.push_back(index_of(subnet));
      market.needs.push_back(std::move(need));
    }
  }
  for (const auto& [in_namespace, pods] : today.without_node_by_owner) {
    AddressNeed need{std::nullopt, {}, pods, {}};
    for (const auto subnet : design.factory->subnets_without_node(in_namespace))
      need.supplies.push_back(index_of(subnet));
    if (!need.supplies.empty()) market.needs.push_back(std::move(need));
  }
  return market;
}

std::string explain_shortage_at_end(const Scenario& scenario, const Design& design) {
  const auto market = market_at(scenario, design, SimTime{scenario.horizon.ms - 1});
  const auto fit = sufficiency(market.needs, market.supplies);
  if (fit.suffices()) return {};
  return fmt::format("at the end up to {} addresses are asked for and {} can be had: {} short",
                     in_figures(fit.needed), in_figures(fit.placed), in_figures(fit.missing()));
}

std::string explain_refusal(const Scenario& scenario, const Design& design, const Run& run) {
  if (!run.first_refusal) return {};
  const auto& refusal = *run.first_refusal;
  switch (refusal.place.kind) {
    case PlaceKind::subnet:
      if (refusal.cause == Cause::no_aligned_prefix) return explain_missing_prefixes(run);
      return explain_subnets(scenario, design, run, refusal);
    case PlaceKind::pool:
    case PlaceKind::node_range:
      return explain_range(run, refusal);
    default:
      return {};
  }
}

}  // namespace cidrplan
