#include "models/overlay/node_cidr_model.h"

#include <algorithm>

#include "models/overlay/node_range.h"
#include "planner/ipam/fetch.h"
#include "planner/net/contract.h"

namespace cidrplan::overlay {
namespace {

PlaceRef pool_place(std::size_t row) { return {PlaceKind::pool, static_cast<std::uint32_t>(row)}; }
PlaceRef node_place(NodeId node) { return {PlaceKind::node_range, static_cast<std::uint32_t>(node)}; }

Family family_of(const HostLocal& local) { return local.ranges().front().subnet.family(); }
const Prefix& range_of(const HostLocal& local) { return local.ranges().front().subnet; }

}  // namespace

bool NodeCidrOptions::has(Family family) const {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const DatedRange& range) { return range.cidr.family() == family; });
}

NodeCidrModel::NodeCidrModel(const NodeCidrOptions& options)
    : ipv6_(options.has(Family::ipv6)), dual_stack_(options.dual_stack()) {
  CIDRPLAN_EXPECTS(!options.ranges.empty());
  CIDRPLAN_EXPECTS(!dual_stack_ || options.ranges.size() == 2);
  for (const auto& range : options.ranges) {
    CIDRPLAN_EXPECTS(range.node_mask <= longest_node_mask(range.cidr.family()));
    cidrs_.push_back(range.cidr);
  }
  const std::size_t together = dual_stack_ ? 2 : 1;
  for (std::size_t first = 0; first < options.ranges.size(); first += together) {
    add_cluster(options, first, together);
  }
}

void NodeCidrModel::add_cluster(const NodeCidrOptions& options, std::size_t first, std::size_t count) {
  Cluster cluster;
  cluster.from = options.ranges[first].from;
  cluster.open = cluster.from <= SimTime{};  // warm-up, before `start`, has it too
  if (!cluster.open) next_opening_ = std::min(next_opening_, cluster.from);
  std::vector<Prefix> services;
  if (options.services) services.push_back(*options.services);
  std::vector<ClusterRange> ranges;
  for (std::size_t row = first; row < first + count; ++row) {
    const auto& range = options.ranges[row];
    ranges.push_back({range.cidr, range.node_mask});
    cluster.node_addresses += addresses_in(range.cidr.family(), range.node_mask);
  }
  const auto failure = cluster.allocator.start(ranges, services, {});
  CIDRPLAN_EXPECTS(!failure);
  for (std::size_t family = 0; family < count; ++family) {
    cluster.parts.push_back({first + family, cluster.allocator.sets()[family].used(), 0});
  }
  clusters_.push_back(std::move(cluster));
}

bool NodeCidrModel::has_room(const Cluster& cluster) {
  const auto sets = cluster.allocator.sets();
  return cluster.open &&
         std::all_of(sets.begin(), sets.end(), [](const CidrSet& set) { return set.used() < set.blocks(); });
}

Admission NodeCidrModel::add_node(const Node& node, SimTime now) {
  last_call_ = now;
  open_due(now);
  auto cluster = std::find_if(clusters_.begin(), clusters_.end(), has_room);
  if (cluster == clusters_.end()) {
    // The ranges that ran out are the last that are there: earlier ones were full before.
    cluster = std::prev(clusters_.end());
    while (cluster != clusters_.begin() && !cluster->open) --cluster;
    if (!cluster->open)
      return Admission::refuse(Cause::node_range_exhausted, pool_place(cluster->parts[0].row));
  }
  const auto key = static_cast<RangeAllocator::NodeKey>(node.id);
  const auto answer = cluster->allocator.add_node(key, {}, Write::works);
  if (answer.failure) {
    CIDRPLAN_EXPECTS(answer.failure->error == CidrError::exhausted);
    for (std::size_t family = 0; family < answer.cidrs.size(); ++family) ++cluster->parts[family].lost;
    cluster->allocator.delete_node(key);
    return Admission::refuse(Cause::node_range_exhausted,
                             pool_place(cluster->parts[*answer.failure->family].row));
  }
  ++cluster->nodes;

  if (nodes_.size() <= index_of(node.id)) nodes_.resize(index_of(node.id) + 1);
  auto& state = nodes_[index_of(node.id)] = std::make_unique<NodeState>();
  state->cluster = static_cast<std::size_t>(cluster - clusters_.begin());
  state->name = node.name;
  for (const auto& cidr : answer.cidrs) state->addresses.emplace_back(cidr);
  std::sort(state->addresses.begin(), state->addresses.end(),
            [](const HostLocal& a, const HostLocal& b) { return family_of(a) < family_of(b); });
  return Admission::grant();
}

void NodeCidrModel::remove_node(NodeId node, SimTime now) {
  last_call_ = now;
  auto& cluster = clusters_[state_of(node).cluster];
  const auto failure = cluster.allocator.delete_node(static_cast<RangeAllocator::NodeKey>(node));
  CIDRPLAN_EXPECTS(!failure);
  --cluster.nodes;
  ++freed_;
  nodes_[index_of(node)].reset();
}

Assignment NodeCidrModel::assign(const PodRequest& request, SimTime now) {
  last_call_ = now;
  if (pods_.size() <= index_of(request.pod)) {
    pods_.resize(index_of(request.pod) + 1);
    if (ipv6_) ipv6_offsets_.resize(pods_.size());
  }
  auto& pod = pods_[index_of(request.pod)];
  auto& node = state_of(request.node);
  const bool ipv4 = !ipv6_ || dual_stack_;
  if ((request.families.ipv6 && !ipv6_) || (request.families.ipv4 && !ipv4)) {
    return Assignment::refuse(Cause::no_matching_pool, pool_place(clusters_[node.cluster].parts[0].row));
  }

  // One address of each set, whatever the pod needs; the marker of a set that succeeded has moved for good.
  Assignment granted = Assignment::grant({});
  for (std::size_t family = 0; family < node.addresses.size(); ++family) {
    auto& local = node.addresses[family];
    if (const auto address = local.allocate()) {
      (address->family() == Family::ipv4 ? granted.ipv4 : granted.ipv6) = *address;
      continue;
    }
    if (family > 0) node.addresses[0].release(granted.ipv4);
    if (pod.kind != PodState::Kind::waiting) ++node.waiting;
    pod = {request.node, 0, PodState::Kind::waiting};
    full_ranges_.try_emplace(static_cast<std::uint32_t>(request.node),
                             range_of(local).to_string() + " of " + node.name);
    return Assignment::wait(Cause::node_range_full, node_place(request.node));
  }
  if (pod.kind == PodState::Kind::waiting) --node.waiting;
  pod = {request.node, 0, PodState::Kind::served};
  for (const auto& local : node.addresses) {
    remember(request.pod, local, family_of(local) == Family::ipv4 ? granted.ipv4 : granted.ipv6);
  }
  ++clusters_[node.cluster].pods;
  return granted;
}

void NodeCidrModel::remember(PodId pod, const HostLocal& local, const Address& address) {
  const auto offset = address.value() - range_of(local).first().value();
  if (address.family() == Family::ipv4) {
    pods_[index_of(pod)].offset = static_cast<std::uint32_t>(offset);
  } else {
    ipv6_offsets_[index_of(pod)] =
        static_cast<std::uint64_t>(offset);  // each took at least one event to reach
  }
}

Address NodeCidrModel::address_of(PodId pod, const HostLocal& local) const {
  const bool ipv4 = family_of(local) == Family::ipv4;
  const uint128 offset = ipv4 ? pods_[index_of(pod)].offset : ipv6_offsets_[index_of(pod)];
  return *range_of(local).first().plus(offset);
}

void NodeCidrModel::release(PodId pod_id, SimTime now) {
  last_call_ = now;
  if (index_of(pod_id) >= pods_.size()) return;
  const PodState pod = pods_[index_of(pod_id)];
  if (pod.kind == PodState::Kind::unknown) return;

  auto& node = state_of(pod.node);
  if (pod.kind == PodState::Kind::waiting) {
    pods_[index_of(pod_id)] = {};
    --node.waiting;
    return;
  }
  for (auto& local : node.addresses) local.release(address_of(pod_id, local));
  pods_[index_of(pod_id)] = {};
  --clusters_[node.cluster].pods;
  const bool named = std::find(gained_.begin(), gained_.end(), pod.node) != gained_.end();
  if (node.waiting > 0 && !named) gained_.push_back(pod.node);
}

void NodeCidrModel::expect_release(PodId pod, Ahead ahead) const {
  if (index_of(pod) >= pods_.size()) return;
  const auto& state = pods_[index_of(pod)];
  if (ahead == Ahead::some) return cidrplan::fetch(&state);
  if (ahead == Ahead::few && state.kind == PodState::Kind::served)
    cidrplan::fetch(nodes_[index_of(state.node)].get());
}

SimTime NodeCidrModel::next_wakeup() const { return gained_.empty() ? next_opening_ : last_call_; }

void NodeCidrModel::wake(SimTime now, std::vector<NodeId>& gained) {
  last_call_ = now;
  open_due(now);
  for (const auto node : gained_) {
    const auto& state = nodes_[index_of(node)];
    if (state && state->waiting > 0) gained.push_back(node);
  }
  gained_.clear();
}

void NodeCidrModel::open_due(SimTime now) {
  if (next_opening_ > now) return;
  next_opening_ = SimTime::never();
  for (auto& cluster : clusters_) {
    if (cluster.open) continue;
    if (cluster.from > now) {
      next_opening_ = std::min(next_opening_, cluster.from);
      continue;
    }
    cluster.open = true;
    ++freed_;
  }
}

uint128 NodeCidrModel::held() const {
  uint128 held = 0;
  for (const auto& cluster : clusters_) held += cluster.nodes * cluster.node_addresses;
  return held;
}

void NodeCidrModel::report(UsageReport& report) {
  std::uint64_t nodes = 0;
  std::uint64_t ranges = 0;  // pairs of them, where a node has one of each family
  std::uint64_t lost = 0;
  for (const auto& cluster : clusters_) {
    std::uint64_t least = UINT64_MAX;
    for (std::size_t family = 0; family < cluster.parts.size(); ++family) {
      const auto& part = cluster.parts[family];
      UsageRow row;
      row.place = pool_place(part.row);
      row.usage = usage_of(cluster, family);
      report.rows.push_back(row);
      least = std::min(least, cluster.allocator.sets()[family].blocks() - part.blocked);
      lost += part.lost;
    }
    nodes += cluster.nodes;
    if (cluster.open) ranges += least;
  }
  const auto held = static_cast<std::int64_t>(nodes);
  const std::int64_t families = dual_stack_ ? 2 : 1;
  report.measures.push_back({"node_ranges_held", "node ranges held", held});
  report.measures.push_back(
      {"node_ranges_total", "node ranges there are", static_cast<std::int64_t>(ranges)});
  if (dual_stack_) {
    report.measures.push_back({"node_ranges_lost", "node ranges lost", static_cast<std::int64_t>(lost)});
  }
  report.measures.push_back(
      {"routes_per_node", "routes a node learns", std::max<std::int64_t>(held - 1, 0) * families});
}

void NodeCidrModel::occupancy(OccupancyReport& report) const {
  report.piece = "node range";
  report.pieces = "node ranges";
  report.owned = true;
  std::vector<std::uint64_t> pods(nodes_.size());
  for (const auto& pod : pods_)
    if (pod.kind == PodState::Kind::served) ++pods[index_of(pod.node)];

  report.ranges.resize(cidrs_.size());
  for (const auto& cluster : clusters_) {
    for (std::size_t family = 0; family < cluster.parts.size(); ++family) {
      const auto& set = cluster.allocator.sets()[family];
      const auto row = cluster.parts[family].row;
      report.ranges[row] = {pool_place(row), cidrs_[row], set.node_mask(), {}};
    }
  }
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i]) continue;
    const auto& node = *nodes_[i];
    for (std::size_t family = 0; family < node.addresses.size(); ++family) {
      const auto& piece = range_of(node.addresses[family]);
      auto& range = report.ranges[clusters_[node.cluster].parts[family].row];
      const auto kept = static_cast<std::uint32_t>(reserved_per_node(piece.family()));
      range.holdings.push_back({range.cidr.index_of(piece.length(), piece.first()), pods[i], 0, kept,
                                static_cast<std::uint32_t>(i), false});
    }
  }
  for (auto& range : report.ranges)
    std::sort(range.holdings.begin(), range.holdings.end(),
              [](const Holding& a, const Holding& b) { return a.number < b.number; });
}

std::string NodeCidrModel::place_name(PlaceRef place) const {
  if (place.kind == PlaceKind::pool) return cidrs_.at(place.index).to_string();
  CIDRPLAN_EXPECTS(place.kind == PlaceKind::node_range);
  return full_ranges_.at(place.index);
}

Usage NodeCidrModel::usage_of(const Cluster& cluster, std::size_t family) const {
  Usage usage;
  if (!cluster.open) return usage;
  const auto& set = cluster.allocator.sets()[family];
  const auto& part = cluster.parts[family];
  const uint128 size = addresses_in(set.cluster().family(), set.node_mask());
  usage.capacity = set.cluster().size();
  usage.in_use = cluster.pods;
  usage.overhead = uint128{cluster.nodes} * static_cast<unsigned>(reserved_per_node(set.cluster().family()));
  usage.idle = cluster.nodes * size - usage.overhead - usage.in_use;
  usage.unusable = (part.blocked + part.lost) * size;
  usage.available = usage.capacity - usage.held() - usage.unusable;
  return usage;
}

}  // namespace cidrplan::overlay
