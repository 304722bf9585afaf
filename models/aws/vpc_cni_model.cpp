#include "models/aws/vpc_cni_model.h"

#include <algorithm>

#include "models/aws/fargate.h"
#include "models/aws/trunk.h"
#include "planner/ipam/fetch.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

// A key is a NodeId with, in its two highest bits, what of the node is meant.
constexpr std::uint32_t what_bits = 0xC000'0000;
constexpr std::uint32_t of_trunk = 0x8000'0000;
constexpr std::uint32_t of_fargate = 0xC000'0000;  // the number is the profile's

}  // namespace

VpcCniModel::VpcCniModel(const VpcCniOptions& options, SubnetSpace& space, std::uint64_t seed)
    : options_(options), vpc_(space, options_, seed) {
  for (std::size_t i = 0; i < options_.fargate.size(); ++i) {
    const NodeId key{of_fargate | static_cast<std::uint32_t>(i)};
    fargate_.push_back({std::make_unique<FargatePods>(key, options_.fargate[i], vpc_), {}});
  }
}

VpcCniModel::NodeSlot& VpcCniModel::slot_of(NodeId key) {
  const auto number = static_cast<std::uint32_t>(key) & ~what_bits;
  switch (static_cast<std::uint32_t>(key) & what_bits) {
    case of_trunk:
      return trunks_[number];
    case of_fargate:
      return fargate_[number];
    default:
      return nodes_[number];
  }
}

/// Whose interfaces serve the pod: its node's, those on its node's trunk, or one of its own without a node.
NodeId VpcCniModel::key_of(const PodRequest& request) {
  const auto number = static_cast<std::uint32_t>(request.node);
  const bool on_node = number < nodes_.size() && nodes_[number].node;
  if (const auto profile = options_.fargate_profile_of(request.in_namespace)) {
    if (on_node) return request.node;  // a daemonset's
    static_cast<FargatePods&>(*fargate_[*profile].node).set_place(request.node);
    return NodeId{of_fargate | static_cast<std::uint32_t>(*profile)};
  }
  const bool on_trunk = options_.has_security_groups(request.in_namespace) && number < trunks_.size() &&
                        trunks_[number].node != nullptr;
  return on_trunk ? NodeId{of_trunk | number} : request.node;
}

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
  const auto for_new = vpc_.placement->subnets_for(node, vpc_.space);
  auto each = mode_of(node).make_node(node, for_new, vpc_);
  const auto answer = each->start(now);
  if (!answer.granted) return answer;
  auto& slot = nodes_[index_of(node.id)];
  slot.node = std::move(each);
  slot.queued = SimTime::never();
  reschedule(*slot.node);
  add_trunk(node, for_new, now);
  return answer;
}

void VpcCniModel::add_trunk(const Node& node, const std::vector<SubnetId>& for_new, SimTime now) {
  const int most = branch_limit(options_, {node.limits, node.max_pods, node.os, node.group});
  if (most == 0) return;
  if (trunks_.size() <= index_of(node.id)) trunks_.resize(index_of(node.id) + 1);
  const bool elsewhere = options_.settings.custom_networking && !for_new.empty();
  const NodeId key{of_trunk | static_cast<std::uint32_t>(node.id)};
  auto& slot = slot_of(key);
  slot = {std::make_unique<Trunk>(key, node.id, elsewhere ? for_new.front() : *node.subnet, most, vpc_), {}};
  slot.node->start(now);
  reschedule(*slot.node);
}

void VpcCniModel::remove_node(NodeId id, SimTime now) {
  begin(now);
  node_of(id).leave(now);
  nodes_[index_of(id)].node.reset();
  if (index_of(id) < trunks_.size() && trunks_[index_of(id)].node) {
    auto& trunk = *trunks_[index_of(id)].node;
    trunk.leave(now);
    reschedule(trunk);
    if (trunk.is_through()) trunks_[index_of(id)].node.reset();
  }
  ask_after_quota(now);
  drop_stale();
}

// --- pods ---

Assignment VpcCniModel::assign(const PodRequest& request, SimTime now) {
  begin(now);
  if (pods_.size() <= index_of(request.pod)) pods_.resize(index_of(request.pod) + 1);
  auto& pod = pods_[index_of(request.pod)];
  const auto key = key_of(request);
  auto& node = node_of(key);
  const bool waited = pod.kind == PodState::Kind::waiting;
  if (const auto got = node.assign(request.pod, now)) {
    if (waited) node.end_waiting();
    if (options_.measures_pools) node.measure_ask(true, now);
    pod = {PodState::Kind::served, Lack::none, key, *got};
    reschedule(node);
    return node.grant_of(*got);
  }
  const auto lacked = options_.measures_pools ? count_lack(node, pod.lacked, now) : Lack::none;
  pod = {PodState::Kind::waiting, lacked, key, {}};
  if (!waited) node.begin_waiting(now);
  reschedule(node);
  return node.why_waiting(now);
}

/// What a pod that got no address lacks; each pod counts once for each reason.
Lack VpcCniModel::count_lack(CniNode& node, Lack before, SimTime now) {
  const auto lack = node.measure_ask(false, now);
  if (before == Lack::pool || before == lack || now.ms < 0) return before;
  auto& drawn = vpc_.drawn;
  if (lack == Lack::pool) ++drawn.waited;
  if (lack == Lack::beyond) ++drawn.beyond;
  if (lack == Lack::room) ++drawn.no_room;
  return lack;
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
  ask_after_quota(now);
}

void VpcCniModel::expect_release(PodId id, Ahead ahead) const {
  if (index_of(id) >= pods_.size()) return;
  const auto& pod = pods_[index_of(id)];
  if (ahead == Ahead::some) return cidrplan::fetch(&pod);
  if (pod.kind != PodState::Kind::served) return;
  if ((static_cast<std::uint32_t>(pod.node) & what_bits) != 0) return;  // not on a node's own interfaces
  const auto& node = *nodes_[index_of(pod.node)].node;
  if (ahead == Ahead::next) return node.expect_release(pod.holding);
  node.fetch();
  pod.holding.at.fetch();
}

// --- what comes next ---

void VpcCniModel::reschedule(CniNode& node) {
  auto& slot = slot_of(node.id());
  if (slot.queued == node.due()) return;
  slot.queued = node.due();
  if (slot.queued != SimTime::never()) due_.push({slot.queued, node.id()});
  drop_stale();
}

/// Takes entries off the front that no longer count.
void VpcCniModel::drop_stale() {
  while (!due_.empty()) {
    const auto& top = due_.top();
    const auto& slot = slot_of(top.node);
    if (slot.node && slot.queued == top.at) return;
    due_.pop();
  }
}

SimTime VpcCniModel::next_wakeup() const {
  if (vpc_.space.has_due()) return last_call_;
  return due_.empty() ? SimTime::never() : due_.top().at;
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
      auto& slot = slot_of(id);
      slot.queued = SimTime::never();
      auto& node = *slot.node;
      if (node.look(now)) gained.push_back(node.waits_for());
      ask_after_quota(now);
      reschedule(node);
      if (node.is_through()) slot.node.reset();
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
    auto* node = slot_of(id).node.get();
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
  if (options_.settings.pod_eni)
    report.measures.push_back({"branch_interfaces", "branch interfaces of pods", vpc_.branch_interfaces});
  if (!options_.fargate.empty())
    report.measures.push_back({"fargate_pods", "pods on Fargate", vpc_.fargate_pods});
  if (options_.ipv6)
    report.measures.push_back({"ipv6_ranges", "/80 ranges of nodes", vpc_.ipv6_ranges.held()});
  report.measures.push_back({"api_calls_per_hour", "EC2 calls an hour", vpc_.calls.per_hour(last_call_)});
}

std::vector<ApiUse> VpcCniModel::api_use(SimTime now) const { return vpc_.calls.use(now); }

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
