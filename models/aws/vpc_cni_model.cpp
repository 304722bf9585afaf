#include "models/aws/vpc_cni_model.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::aws {

VpcCniModel::VpcCniModel(const VpcCniOptions& options, SubnetSpace& space)
    : options_(options), vpc_(space, options_) {}

const NodeMode& VpcCniModel::mode_of(const Node& node) {
  for (const auto& known : modes_)
    if (known.shape.limits == node.limits && known.shape.max_pods == node.max_pods &&
        known.shape.os == node.os && known.shape.group == node.group)
      return *known.mode;
  const NodeShape shape{node.limits, node.max_pods, node.os, node.group};
  modes_.push_back({shape, make_node_mode(options_, shape)});
  return *modes_.back().mode;
}

void VpcCniModel::begin(SimTime now) {
  last_call_ = now;
  vpc_.cooling.advance(now);
}

// --- nodes ---

Admission VpcCniModel::add_node(const Node& node, SimTime now) {
  CIDRPLAN_EXPECTS(node.limits != nullptr);
  begin(now);
  if (nodes_.size() <= index_of(node.id)) nodes_.resize(index_of(node.id) + 1);
  auto each = mode_of(node).make_node(node, vpc_.placement->subnets_for(node, vpc_.space), vpc_);
  const auto answer = each->start(now);
  if (!answer.granted) return answer;
  auto& slot = nodes_[index_of(node.id)];
  slot.node = std::move(each);
  slot.queued.reset();
  reschedule(*slot.node);
  return answer;
}

void VpcCniModel::remove_node(NodeId id, SimTime now) {
  begin(now);
  node_of(id).leave(now);
  nodes_[index_of(id)].node.reset();
  ask_after_quota(now);
  drop_stale();
}

// --- pods ---

Assignment VpcCniModel::assign(const PodRequest& request, SimTime now) {
  begin(now);
  if (pods_.size() <= index_of(request.pod)) pods_.resize(index_of(request.pod) + 1);
  auto& pod = pods_[index_of(request.pod)];
  auto& node = node_of(request.node);
  const bool waited = pod.kind == PodState::Kind::waiting;
  if (const auto got = node.assign(request.pod, now)) {
    if (waited) node.end_waiting();
    pod = {PodState::Kind::served, request.node, *got};
    reschedule(node);
    return node.grant_of(*got);
  }
  pod = {PodState::Kind::waiting, request.node, {}};
  if (!waited) node.begin_waiting(now);
  reschedule(node);
  return node.why_waiting(now);
}

void VpcCniModel::release(PodId id, SimTime now) {
  begin(now);
  if (index_of(id) >= pods_.size()) return;
  const auto pod = pods_[index_of(id)];
  pods_[index_of(id)] = {};
  if (pod.kind == PodState::Kind::unknown) return;
  auto& node = node_of(pod.node);
  if (pod.kind == PodState::Kind::waiting) return node.end_waiting();
  node.release(id, pod.holding, now);
  reschedule(node);
}

void VpcCniModel::expect_release(PodId id, bool next) const {
  if (index_of(id) >= pods_.size()) return;
  const auto& pod = pods_[index_of(id)];
  if (!next) return __builtin_prefetch(&pod);
  if (pod.kind != PodState::Kind::served) return;
  nodes_[index_of(pod.node)].node->fetch();
  pod.holding.at.fetch();
}

// --- what comes next ---

void VpcCniModel::reschedule(CniNode& node) {
  auto& slot = nodes_[index_of(node.id())];
  if (slot.queued == node.due()) return;
  slot.queued = node.due();
  if (slot.queued) due_.push({*slot.queued, node.id()});
  drop_stale();
}

/// Takes entries off the front that no longer count.
void VpcCniModel::drop_stale() {
  while (!due_.empty()) {
    const auto& top = due_.top();
    const auto& slot = nodes_[index_of(top.node)];
    if (slot.node && slot.queued == top.at) return;
    due_.pop();
  }
}

std::optional<SimTime> VpcCniModel::next_wakeup() const {
  const auto never = SimTime::never();
  const auto at = vpc_.space.has_due() ? last_call_ : due_.empty() ? never : due_.top().at;
  if (at == never) return std::nullopt;
  return at;
}

void VpcCniModel::wake(SimTime now, std::vector<NodeId>& gained) {
  begin(now);
  do {
    released_for_.clear();
    vpc_.space.collect_due(released_for_);
    for (const auto id : released_for_) {
      node_of(id).room_again(now);
      reschedule(node_of(id));
    }
    for (drop_stale(); !due_.empty() && due_.top().at <= now; drop_stale()) {
      const auto id = due_.top().node;
      due_.pop();
      nodes_[index_of(id)].queued.reset();
      auto& node = node_of(id);
      if (node.look(now)) gained.push_back(id);
      ask_after_quota(now);
      reschedule(node);
    }
  } while (vpc_.space.has_due());
}

/// An interface went: those that had hit the quota may try again.
void VpcCniModel::ask_after_quota(SimTime now) {
  if (!vpc_.interface_went) return;
  vpc_.interface_went = false;
  if (vpc_.quota_waiters.empty()) return;
  std::vector<NodeId> waiters;
  waiters.swap(vpc_.quota_waiters);
  for (const auto id : waiters) {
    auto* node = nodes_[index_of(id)].node.get();
    if (node == nullptr || !node->is_out_of_quota()) continue;
    node->room_again(now);
    reschedule(*node);
  }
}

// --- what there is ---

void VpcCniModel::report(UsageReport& report) {
  vpc_.cooling.advance(last_call_);
  vpc_.openings.tell(vpc_.space);
  report.measures.push_back({"interfaces", "network interfaces", vpc_.space.interfaces()});
  report.measures.push_back(
      {"further_interfaces", "interfaces beside the nodes' own", vpc_.further_interfaces});
  report.measures.push_back({"nodes_turned_away", "nodes whose subnet has no room", vpc_.nodes_turned_away});
  if (options_.ipv6)
    report.measures.push_back({"ipv6_ranges", "/80 ranges of nodes", vpc_.ipv6_ranges.held()});
  report.measures.push_back({"api_calls_per_hour", "EC2 calls an hour", vpc_.calls.per_hour()});
}

std::vector<DrainGain> VpcCniModel::drains(SubnetId subnet) const {
  std::vector<DrainGain> all;
  for (const auto& slot : nodes_)
    if (const auto gain = slot.node ? slot.node->drain_gain(subnet) : std::nullopt) all.push_back(*gain);
  return all;
}

std::string VpcCniModel::place_name(PlaceRef) const {
  constexpr bool has_places_of_its_own = false;
  CIDRPLAN_EXPECTS(has_places_of_its_own);
  return {};
}

}  // namespace cidrplan::aws
