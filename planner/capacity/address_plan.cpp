#include "planner/capacity/address_plan.h"

#include <algorithm>

namespace cidrplan {
namespace {

void look_at(const Run& run, std::size_t row, SubnetAllocation& allocation) {
  const auto full_since = [&](SimTime at) {
    allocation.first_full = std::min(allocation.first_full.value_or(at), at);
  };
  const auto look = [&](const Snapshot& snapshot) {
    if (row >= snapshot.rows.size()) return;
    const auto& usage = snapshot.rows[row].usage;
    allocation.planned_peak = std::max(allocation.planned_peak, usage.held());
    if (usage.capacity > 0 && usage.available == 0) full_since(snapshot.at);
  };
  for (const auto& sample : run.samples) look(sample);
  look(run.peak);
  look(run.end);
  for (const auto& refusal : run.refusals)
    if (row < run.places.size() && refusal.place == run.places[row]) full_since(refusal.first);
}

}  // namespace

std::vector<SubnetAllocation> allocate(const Scenario& scenario, const std::vector<const Run*>& runs) {
  std::vector<SubnetAllocation> rows;
  for (std::size_t i = 0; i < scenario.subnets.size(); ++i) {
    const auto& subnet = scenario.subnets[i];
    SubnetAllocation row;
    row.subnet = SubnetId{static_cast<std::uint16_t>(i)};
    row.total = subnet.cidr.size();
    row.usable = static_cast<uint128>(subnet.capacity());
    row.reserved = row.total - row.usable;
    for (const auto* run : runs) look_at(*run, i, row);
    rows.push_back(row);
  }
  return rows;
}

PrefixSet free_vpc_space(const Scenario& scenario) {
  if (!scenario.vpc) return {};
  PrefixSet::Builder taken;
  for (const auto& subnet : scenario.subnets) taken.add(subnet.cidr);
  for (const auto& design : scenario.designs)
    for (const auto& range : design.factory->ranges()) taken.add(range.cidr);
  if (scenario.vpc->service_cidr) taken.add(*scenario.vpc->service_cidr);
  return PrefixSet(scenario.vpc->cidrs) - taken.build();
}

std::optional<Prefix> place_for_subnet(const Scenario& scenario, int length) {
  for (const auto& prefix : free_vpc_space(scenario).prefixes())
    if (prefix.family() == Family::ipv4 && prefix.length() <= length) return prefix.child(length, 0);
  return std::nullopt;
}

}  // namespace cidrplan
