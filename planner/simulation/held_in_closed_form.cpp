#include "planner/simulation/held_in_closed_form.h"

#include <algorithm>
#include <vector>

#include "planner/simulation/demand_outline.h"

namespace cidrplan {
namespace {

std::int64_t nodes_in(const DemandAt& demand) {
  std::int64_t nodes = 0;
  for (const auto& group : demand.groups) nodes += group.subnets.empty() ? 0 : group.nodes;
  return nodes;
}

/// Nodes that the design's own ranges can serve: more than these may be turned away and give their address
/// back. Found by asking for fewer until the ranges hold less.
std::int64_t nodes_served(const ModelFactory& factory, const DemandAt& today, const DemandAt& peak) {
  const auto nodes = nodes_in(today);
  const auto full = factory.closed_form(today, peak).ranges.low;
  if (full == 0) return nodes;
  const auto held_with = [&](std::int64_t count) {
    auto fewer = today;
    auto left = count;
    for (auto& group : fewer.groups) {
      group.nodes = std::min(group.nodes, left);
      left -= group.nodes;
      group.pods = std::min(group.pods, group.nodes * group.most_per_node);
      group.ipv4.pods = std::min(group.ipv4.pods, group.nodes * group.ipv4.most_per_node);
      group.ipv6.pods = std::min(group.ipv6.pods, group.nodes * group.ipv6.most_per_node);
    }
    return factory.closed_form(fewer, peak).ranges.low;
  };
  std::int64_t low = 0, high = nodes;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (held_with(middle) >= full)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/// Of each subnet: its other consumers, and two interfaces of the control plane in those of role cluster, at
/// most four (awsdocs/amazon-eks-user-guide latest/ug/networking/network-reqs.adoc).
std::int64_t other_consumers(const Scenario& scenario, SimTime at) {
  std::int64_t sum = 0, control_plane = 0;
  for (const auto& subnet : scenario.subnets) {
    auto here = subnet.in_use;
    if (subnet.role == SubnetRole::cluster && control_plane < 4) here += 2, control_plane += 2;
    if (subnet.from <= at) sum += std::min(here, subnet.capacity());
  }
  return sum;
}

/// What nodes may take in the subnets of their groups.
std::int64_t room_for_nodes(const Scenario& scenario, const DemandAt& demand) {
  std::vector<bool> used(scenario.subnets.size(), false);
  for (const auto& group : demand.groups)
    for (const auto subnet : group.subnets) used[index_of(subnet)] = true;
  std::int64_t room = 0;
  for (std::size_t i = 0; i < used.size(); ++i) {
    const auto& subnet = scenario.subnets[i];
    if (used[i] && subnet.from <= demand.at)
      room += std::max<std::int64_t>(0, subnet.capacity() - subnet.in_use);
  }
  return room;
}

std::int64_t capacity_of(const Scenario& scenario, SimTime at) {
  std::int64_t capacity = 0;
  for (const auto& subnet : scenario.subnets) capacity += subnet.from <= at ? subnet.capacity() : 0;
  return capacity;
}

}  // namespace

ClosedForm held_in_closed_form(const Scenario& scenario, const Design& design, SimTime at) {
  const auto today = least_demand_at(scenario, design, at);
  const auto peak = running_peak(scenario, design, at);
  auto form = design.factory->closed_form(today, peak);
  const auto room = room_for_nodes(scenario, peak);
  const auto others = other_consumers(scenario, at);
  const auto low = std::min(nodes_served(*design.factory, today, peak), room) + others;
  const auto high = std::min(nodes_in(peak), room) + others;
  form.may_lack = form.may_lack || nodes_in(peak) > room;
  const auto capacity = static_cast<uint128>(capacity_of(scenario, at));
  form.subnets.low = std::min(capacity, form.subnets.low + static_cast<uint128>(low));
  form.subnets.high = std::min(capacity, form.subnets.high + static_cast<uint128>(high));
  return form;
}

}  // namespace cidrplan
