#include "planner/simulation/dated_events.h"

namespace cidrplan {

void DatedEvents::begin(const ClusterEvent& event) {
  if (const auto* const zone = std::get_if<ZoneOutage>(&event.what)) {
    ++world_.zone_outages[index_of(zone->zone)];
    nodes_.zone_outage(zone->zone);
  } else if (const auto* const outage = std::get_if<NodeOutage>(&event.what)) {
    ++world_.group(outage->group).closed;
    nodes_.node_outage(outage->group, outage->nodes);
  } else if (const auto* const upgrade = std::get_if<GroupUpgrade>(&event.what)) {
    nodes_.replace(upgrade->group, world_.group(upgrade->group).nodes, upgrade->surge);
  } else if (const auto* const switching = std::get_if<BlueGreen>(&event.what)) {
    auto& owner = world_.owners[index_of(switching->workload)];
    const auto one_set = owner.wanted / (1 + owner.extra_sets);
    ++owner.extra_sets;
    owner.wanted += one_set;
    world_.touch(owner);
  } else if (const auto* const burst = std::get_if<Burst>(&event.what)) {
    auto& owner = world_.owners[index_of(burst->workload)];
    owner.burst *= burst->factor;
    owner.wanted = rounded(static_cast<double>(owner.wanted) * burst->factor);
    world_.touch(owner);
  } else if (const auto* const added = std::get_if<GroupAdded>(&event.what)) {
    auto& group = world_.group(added->group);
    group.present = true;
    if (const auto& nodes = world_.group_spec(added->group).nodes)
      group.wanted = nodes->at(world_.scenario.calendar, world_.now);
    world_.nodes_due = true;
  } else if (const auto* const removed = std::get_if<GroupRemoved>(&event.what)) {
    nodes_.remove_group(removed->group);
  }
}

void DatedEvents::end(const ClusterEvent& event) {
  world_.nodes_due = true;
  if (const auto* const zone = std::get_if<ZoneOutage>(&event.what)) {
    --world_.zone_outages[index_of(zone->zone)];
  } else if (const auto* const outage = std::get_if<NodeOutage>(&event.what)) {
    --world_.group(outage->group).closed;
  } else if (const auto* const switching = std::get_if<BlueGreen>(&event.what)) {
    auto& owner = world_.owners[index_of(switching->workload)];
    owner.wanted -= owner.wanted / (1 + owner.extra_sets);
    --owner.extra_sets;
    owner.drop_oldest = true;
    world_.touch(owner);
  } else if (const auto* const burst = std::get_if<Burst>(&event.what)) {
    auto& owner = world_.owners[index_of(burst->workload)];
    owner.burst /= burst->factor;
    owner.wanted = world_.pods_wanted(owner);
    world_.touch(owner);
  }
}

}  // namespace cidrplan
