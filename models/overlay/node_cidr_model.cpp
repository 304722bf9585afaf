#include "models/overlay/node_cidr_model.h"

#include <algorithm>
#include <array>

#include "planner/net/contract.h"

namespace cidrplan::overlay {
namespace {

PlaceRef pool_place(std::size_t part) { return {PlaceKind::pool, static_cast<std::uint32_t>(part)}; }
PlaceRef node_place(NodeId node) { return {PlaceKind::node_range, static_cast<std::uint32_t>(node)}; }

}  // namespace

NodeCidrModel::NodeCidrModel(const NodeCidrOptions& options) : node_mask_(options.node_mask) {
  CIDRPLAN_EXPECTS(!options.ranges.empty() && options.node_mask <= 30);
  std::vector<Prefix> services;
  if (options.services) services.push_back(*options.services);
  for (const auto& range : options.ranges) {
    ClusterPart part;
    part.cidr = range.cidr;
    part.from = range.from;
    part.open = range.from <= SimTime{};  // warm-up, before `start`, has it too
    const std::array cluster = {ClusterRange{range.cidr, node_mask_}};
    const auto failure = part.allocator.start(cluster, services, {});
    CIDRPLAN_EXPECTS(!failure);
    part.blocked = part.set().used();
    parts_.push_back(std::move(part));
  }
}

Admission NodeCidrModel::add_node(const Node& node, SimTime now) {
  last_call_ = now;
  open_due(now);
  const auto part =
      std::find_if(parts_.begin(), parts_.end(), [](const auto& each) { return each.has_room(); });
  if (part == parts_.end()) {
    // The range that ran out is the last one that is there: earlier ones were full before.
    std::size_t last = parts_.size() - 1;
    while (last > 0 && !parts_[last].open) --last;
    return Admission::refuse(Cause::node_range_exhausted, pool_place(last));
  }
  const auto answer = part->allocator.add_node(static_cast<std::uint32_t>(node.id), {}, Write::works);
  CIDRPLAN_EXPECTS(!answer.failure);
  ++part->nodes;

  const Prefix range = answer.cidrs.front();
  if (nodes_.size() <= index_of(node.id)) nodes_.resize(index_of(node.id) + 1);
  nodes_[index_of(node.id)] = std::make_unique<NodeState>(
      NodeState{static_cast<std::size_t>(part - parts_.begin()), range, HostLocal(range), 0, node.name});
  return Admission::grant();
}

void NodeCidrModel::remove_node(NodeId node, SimTime now) {
  last_call_ = now;
  auto& part = parts_[state_of(node).part];
  const auto failure = part.allocator.delete_node(static_cast<std::uint32_t>(node));
  CIDRPLAN_EXPECTS(!failure);
  --part.nodes;
  ++freed_;
  nodes_[index_of(node)].reset();
}

Assignment NodeCidrModel::assign(const PodRequest& request, SimTime now) {
  last_call_ = now;
  if (pods_.size() <= index_of(request.pod)) pods_.resize(index_of(request.pod) + 1);
  auto& pod = pods_[index_of(request.pod)];
  auto& node = state_of(request.node);
  if (request.families.ipv6) return Assignment::refuse(Cause::no_matching_pool, pool_place(node.part));

  const auto address = node.addresses.allocate();
  if (!address) {
    if (pod.kind != PodState::Kind::waiting) ++node.waiting;
    pod = {request.node, 0, PodState::Kind::waiting};
    full_ranges_.try_emplace(static_cast<std::uint32_t>(request.node),
                             node.range.to_string() + " of " + node.name);
    return Assignment::wait(Cause::node_range_full, node_place(request.node));
  }
  if (pod.kind == PodState::Kind::waiting) --node.waiting;
  pod = {request.node, static_cast<std::uint32_t>(address->value() - node.range.first().value()),
         PodState::Kind::served};
  ++parts_[node.part].pods;
  return Assignment::grant(*address);
}

void NodeCidrModel::release(PodId pod_id, SimTime now) {
  last_call_ = now;
  if (index_of(pod_id) >= pods_.size()) return;
  const PodState pod = pods_[index_of(pod_id)];
  pods_[index_of(pod_id)] = {};
  if (pod.kind == PodState::Kind::unknown) return;

  auto& node = state_of(pod.node);
  if (pod.kind == PodState::Kind::waiting) {
    --node.waiting;
    return;
  }
  node.addresses.release(*node.range.first().plus(pod.offset));
  --parts_[node.part].pods;
  const bool named = std::find(gained_.begin(), gained_.end(), pod.node) != gained_.end();
  if (node.waiting > 0 && !named) gained_.push_back(pod.node);
}

std::optional<SimTime> NodeCidrModel::next_wakeup() const {
  if (!gained_.empty()) return last_call_;
  std::optional<SimTime> next;
  for (const auto& part : parts_) {
    if (!part.open && (!next || part.from < *next)) next = part.from;
  }
  return next;
}

void NodeCidrModel::wake(SimTime now, std::vector<NodeId>& gained) {
  last_call_ = now;
  open_due(now);
  for (const auto node : gained_) {
    const auto& state = nodes_[index_of(node)];
    if (state && state->waiting > 0) gained.push_back(node);
  }
  gained_.clear();
}

uint128 NodeCidrModel::held() const {
  uint128 nodes = 0;
  for (const auto& part : parts_) nodes += part.nodes;
  return nodes * addresses_per_node();
}

void NodeCidrModel::report(UsageReport& report) {
  std::uint64_t nodes = 0;
  std::uint64_t ranges = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    UsageRow row;
    row.place = pool_place(i);
    row.usage = usage_of(parts_[i]);
    report.rows.push_back(row);
    nodes += parts_[i].nodes;
    if (parts_[i].open) ranges += parts_[i].set().blocks() - parts_[i].blocked;
  }
  const auto held = static_cast<std::int64_t>(nodes);
  report.measures.push_back({"node_ranges_held", "node ranges held", held});
  report.measures.push_back(
      {"node_ranges_total", "node ranges there are", static_cast<std::int64_t>(ranges)});
  report.measures.push_back({"routes_per_node", "routes a node learns", std::max<std::int64_t>(held - 1, 0)});
}

std::string NodeCidrModel::place_name(PlaceRef place) const {
  if (place.kind == PlaceKind::pool) return parts_.at(place.index).cidr.to_string();
  CIDRPLAN_EXPECTS(place.kind == PlaceKind::node_range);
  return full_ranges_.at(place.index);
}

void NodeCidrModel::open_due(SimTime now) {
  for (auto& part : parts_) {
    if (part.open || part.from > now) continue;
    part.open = true;
    ++freed_;
  }
}

Usage NodeCidrModel::usage_of(const ClusterPart& part) const {
  Usage usage;
  if (!part.open) return usage;
  const uint128 size = addresses_per_node();
  usage.capacity = part.cidr.size();
  usage.in_use = part.pods;
  usage.overhead = uint128{part.nodes} * reserved_per_node;
  usage.idle = part.nodes * size - usage.overhead - usage.in_use;
  usage.unusable = part.blocked * size;
  usage.available = usage.capacity - usage.held() - usage.unusable;
  return usage;
}

}  // namespace cidrplan::overlay
