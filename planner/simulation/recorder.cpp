#include "planner/simulation/recorder.h"

#include <algorithm>

namespace cidrplan {

void Recorder::begin_measuring() {
  refused_ = delayed_ = 0;
  peak_held_ = 0;
}

void Recorder::take_start() {
  run_.start = snapshot();
  if (run_.samples.size() == 1) run_.samples.front() = run_.start;
}

void Recorder::end_of_instant() {
  if (!world_.measuring()) return;
  run_.most.interfaces = std::max(run_.most.interfaces, world_.space.interfaces());
  run_.most.address_usage = std::max(run_.most.address_usage, world_.space.address_usage());
  const uint128 held = world_.space.held() + world_.model->held();
  if (held <= peak_held_) return;
  peak_held_ = held;
  fill(run_.peak);
}

void Recorder::finish() {
  run_.end = snapshot();
  run_.api_use = world_.model->api_use(world_.now);
  run_.pool_demand = world_.model->pool_demand();
  run_.samples.push_back(run_.end);
  if (detail_ == Detail::occupancy) keep_holdings();
  if (run_.start.rows.empty()) run_.start = run_.end;  // a horizon within max_wait
  if (!drains_noted_) note_drains(std::nullopt);
  for (const auto& row : run_.end.rows) run_.places.push_back(name(row.place));
  for (const auto& [key, count] : refusals_) run_.refusals.push_back(count);
  std::stable_sort(run_.refusals.begin(), run_.refusals.end(),
                   [](const RefusalCount& a, const RefusalCount& b) { return a.first < b.first; });
  run_.fingerprint = world_.fingerprint;
  run_.pods_started = world_.pods_started;
}

Snapshot Recorder::snapshot() {
  Snapshot result;
  fill(result);
  if (detail_ == Detail::occupancy) result.occupancy = figures_of(occupancy());
  return result;
}

/// Of the design's own ranges, or of the subnets where it has none.
OccupancyReport Recorder::occupancy() const {
  OccupancyReport report;
  world_.model->occupancy(report);
  if (report.empty()) world_.space.occupancy(report);
  return report;
}

void Recorder::keep_holdings() {
  Holdings holdings{occupancy(), {}, {}};
  for (const auto& range : holdings.report.ranges) {
    holdings.places.push_back(name(range.place));
    for (const auto& holding : range.holdings)
      if (holding.owner != Holding::no_owner)
        holdings.owners.try_emplace(holding.owner, world_.nodes[holding.owner].node.name);
  }
  run_.holdings = std::move(holdings);
}

void Recorder::fill(Snapshot& snapshot) {
  snapshot.at = world_.now;
  report_.clear();
  world_.model->report(report_);  // first: it also says what is unusable in the subnets
  const auto own_rows = report_.rows;
  const auto measures = report_.measures;
  report_.clear();
  world_.space.report(report_);
  snapshot.rows = report_.rows;
  snapshot.rows.insert(snapshot.rows.end(), own_rows.begin(), own_rows.end());
  snapshot.measures = measures;
  for (const auto& row : snapshot.rows)
    if (!row.usage.adds_up() && run_.broken_sums.size() < 10)
      run_.broken_sums.push_back(std::string(to_string(row.place.kind)) + " " + name(row.place).name +
                                 " at " + to_string(world_.scenario.calendar.date_of(world_.now)));
  snapshot.nodes = world_.joined_nodes;
  snapshot.pods_wanted = pods_wanted();
  snapshot.pods_with_address = world_.with_address;
  snapshot.waiting = world_.without_address;
  snapshot.refused = refused_;
  snapshot.delayed = delayed_;
  snapshot.pods_started = world_.pods_started;
}

/// Of one subnet, or of all.
void Recorder::note_drains(std::optional<SubnetId> subnet) {
  if (!world_.design.factory->draws_prefixes()) return;
  constexpr std::size_t enough = 20;
  constexpr std::int64_t per_prefix = SubnetSpace::prefix_addresses;
  drains_noted_ = true;
  run_.drains.at = world_.now;
  auto& nodes = run_.drains.nodes;
  const auto gain_of = [](const Drains::OfNode& one) {
    return one.prefixes - (one.pods + per_prefix - 1) / per_prefix;
  };
  for (std::size_t s = 0; s < world_.space.subnet_count(); ++s) {
    const auto id = static_cast<SubnetId>(s);
    if (subnet && id != *subnet) continue;
    for (const auto& drain : world_.model->drains(id)) {
      Drains::OfNode one{world_.node(drain.node).node.name, world_.scenario.subnets[s].name, drain.prefixes,
                         drain.pods};
      if (gain_of(one) > 0) nodes.push_back(std::move(one));
    }
  }
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](const auto& a, const auto& b) { return gain_of(a) > gain_of(b); });
  if (nodes.size() > enough) nodes.resize(enough);
}

std::int64_t Recorder::pods_wanted() const {
  std::int64_t wanted = 0;
  for (const auto& owner : world_.owners) {
    if (owner.host_network) continue;
    if (owner.kind == Owner::Kind::workload)
      wanted += owner.wanted;
    else
      wanted += owner.live() + (owner.kind == Owner::Kind::batch ? owner.wanted : 0);
  }
  return wanted;
}

Place Recorder::name(PlaceRef place) const {
  const auto& scenario = world_.scenario;
  const auto zone = [&](ZoneId id) {
    return index_of(id) < scenario.zones.size() ? scenario.zones[index_of(id)] : std::string();
  };
  switch (place.kind) {
    case PlaceKind::subnet:
      return {place.kind, scenario.subnets[place.index].name, zone(scenario.subnets[place.index].zone)};
    case PlaceKind::node:
      return {place.kind, world_.nodes[place.index].node.name, zone(world_.nodes[place.index].node.zone)};
    case PlaceKind::node_group:
      return {place.kind, scenario.groups[place.index].name, {}};
    case PlaceKind::vpc:
      return {place.kind, scenario.vpc ? scenario.vpc->region : std::string("vpc"), {}};
    case PlaceKind::pool:
    case PlaceKind::node_range:
      return {place.kind, world_.model->place_name(place), {}};
  }
  return {};
}

void Recorder::refuse_pod(const Pod& pod, Cause cause, PlaceRef place) {
  std::string who = "pod of " + std::string(world_.owners[pod.owner].name);
  if (pod.state == PodState::waiting && pod.node != world_.no_node)
    who += " on " + world_.node(pod.node).node.name;
  refuse(pod.created, cause, place, std::move(who));
}

void Recorder::refuse_node(const NodeState& node) {
  refuse(node.first_attempt, node.cause, node.place, "node " + node.node.name);
}

void Recorder::refuse(SimTime first_attempt, Cause cause, PlaceRef place, std::string who) {
  if (cause == Cause::no_aligned_prefix && place.kind == PlaceKind::subnet && !drains_noted_)
    note_drains(static_cast<SubnetId>(place.index));
  const SimTime at = std::max(first_attempt, SimTime{});
  ++refused_;
  auto& count = refusals_[{cause, place}];
  if (count.count++ == 0) count = {cause, name(place), at, 1};
  count.first = std::min(count.first, at);
  if (run_.first_refusal && run_.first_refusal->at <= at) return;
  run_.first_refusal = FirstRefusal{at, cause, name(place), std::move(who)};
  auto& first = *run_.first_refusal;
  for (const auto& owner : world_.owners) {
    if (!owner.rolling || owner.rolling_since > at) continue;
    first.rolling.emplace_back(owner.name);
    first.pods = std::max(first.pods, owner.most_pods);
  }
  first.pods_wanted = pods_wanted();
}

}  // namespace cidrplan
