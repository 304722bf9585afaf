#include "models/aws/vpc_cni_model.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr Duration first_check{Ipamd::round.ms / 2};  // half a round after the start
/// Checks fall on whole rounds, so the first one after the back-off comes this long after the failure.
constexpr Duration after_back_off = Ipamd::full_subnet_back_off + Ipamd::round;

PlaceRef vpc_place() { return {PlaceKind::vpc, 0}; }

std::int64_t hour_of(SimTime now) {
  return now.ms >= 0 ? now.ms / hour_ms : -((-now.ms + hour_ms - 1) / hour_ms);
}

}  // namespace

VpcCniModel::VpcCniModel(const VpcCniOptions& options, SubnetSpace& space)
    : options_(options),
      space_(space),
      ledger_(space, options.settings.cooldown),
      ec2_(space, ledger_),
      open_interfaces_(space.subnet_count(), 0),
      least_request_(space.subnet_count(), 0) {}

const PoolRules& VpcCniModel::rules_for(const Node& node) {
  for (const auto& known : rules_)
    if (known.limits == node.limits && known.max_pods == node.max_pods) return *known.rules;
  NodeLimits limits;
  limits.enis = node.limits->enis;
  limits.units_per_eni = node.limits->ipv4_per_eni - 1;
  limits.can_trunk = node.limits->trunk_branch_enis.value_or(1) > 0;
  limits.max_pods = node.max_pods;
  auto settings = options_.settings;
  // Without Nitro the daemon falls back to single addresses.
  settings.prefix_delegation = settings.prefix_delegation && node.limits->prefix_capable;
  rules_.push_back({node.limits, node.max_pods, make_pool_rules(settings, limits)});
  return *rules_.back().rules;
}

// --- nodes ---

Admission VpcCniModel::add_node(const Node& node, SimTime now) {
  CIDRPLAN_EXPECTS(node.subnet && node.address && node.limits != nullptr);
  last_call_ = now;
  ledger_.advance(now);
  if (nodes_.size() <= index_of(node.id)) nodes_.resize(index_of(node.id) + 1);
  nodes_[index_of(node.id)] = std::make_unique<NodeState>(rules_for(node));
  auto& state = state_of(node.id);
  state.interfaces.node = node.id;
  state.interfaces.interfaces.push_back({EniId{state.interfaces.next_eni++}, *node.subnet,
                                         static_cast<std::uint32_t>(node.address->value()), false});
  if (options_.settings.custom_networking) {
    for (std::size_t i = 0; i < options_.subnets.size(); ++i)
      if (options_.subnets[i].role == SubnetRole::pods && options_.subnets[i].zone == node.zone)
        state.interfaces.for_new.push_back(static_cast<SubnetId>(i));
  } else {
    state.interfaces.for_new.push_back(*node.subnet);
  }
  const auto& rules = state.ipamd.rules();
  const auto least = static_cast<std::uint32_t>(
      rules.settings().has_address_targets() ? 2 : 1 + rules.limits().units_per_eni);
  for (const auto subnet : state.interfaces.for_new) {
    auto& known = least_request_[index_of(subnet)];
    if (known == 0 || least < known) known = least;
  }

  ec2_.serve(state.interfaces, state.ipamd.store(), now);
  const auto start = state.ipamd.start(ec2_, {}, now);
  count_calls(ec2_.calls(), now);
  if (start.error == Ipamd::StartError::no_eni_for_custom_networking) {
    // The node never becomes ready.
    const auto full =
        ec2_.needs().empty()
            ? vpc_place()
            : PlaceRef{PlaceKind::subnet, static_cast<std::uint32_t>(ec2_.needs().front().subnet)};
    const auto cause = ec2_.quota_hit()                   ? Cause::quota_enis
                       : rules.unit() == UnitKind::prefix ? Cause::no_aligned_prefix
                                                          : Cause::subnet_exhausted;
    nodes_[index_of(node.id)].reset();
    return Admission::refuse(cause, ec2_.quota_hit() ? vpc_place() : full);
  }
  state.next_check = now + first_check;
  further_interfaces_ += std::ssize(state.interfaces.interfaces) - 1;
  note_growth(node.id, state, start.grew, start.growth_failed, now);
  count_open(state);
  plan(node.id, state, now);
  drop_stale();
  return Admission::grant();
}

void VpcCniModel::remove_node(NodeId id, SimTime now) {
  last_call_ = now;
  ledger_.advance(now);
  auto& node = state_of(id);
  forget_refusal(id, node, now);
  ec2_.serve(node.interfaces, node.ipamd.store(), now);
  auto& interfaces = node.interfaces.interfaces;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].open) --open_interfaces_[index_of(interfaces[i].subnet)];
    ec2_.release_all(interfaces[i], *node.ipamd.store().find_eni(interfaces[i].eni), i == 0);
  }
  further_interfaces_ -= static_cast<std::int64_t>(interfaces.size()) - 1;
  nodes_[index_of(id)].reset();
  ask_after_quota(now);
  drop_stale();
}

// --- pods ---

UnitKey VpcCniModel::unit_of(std::uint32_t address, const NodeState& node) const {
  const auto kind = node.ipamd.rules().unit();
  return {kind == UnitKind::prefix ? address & ~std::uint32_t{15} : address, kind};
}

Assignment VpcCniModel::assign(const PodRequest& request, SimTime now) {
  last_call_ = now;
  ledger_.advance(now);
  if (pods_.size() <= index_of(request.pod)) pods_.resize(index_of(request.pod) + 1);
  auto& pod = pods_[index_of(request.pod)];
  auto& node = state_of(request.node);
  if (request.families.ipv6) return Assignment::refuse(Cause::no_matching_pool, vpc_place());

  const auto done = node.ipamd.add_new(request.pod, now);
  if (done.error) {
    if (pod.kind != PodState::Kind::waiting) ++node.waiting;
    pod = {PodState::Kind::waiting, request.node, {}, 0, {}, 0};
    plan(request.node, node, now);
    drop_stale();
    const auto cause = cause_of(node, now);
    return Assignment::wait(cause, place_of(request.node, node, cause));
  }
  if (pod.kind == PodState::Kind::waiting) --node.waiting;
  const auto address = static_cast<std::uint32_t>(done.at.address);
  const auto subnet = node.interfaces.subnet_of(done.at.eni);
  const auto hint = static_cast<std::uint16_t>(done.at.unit_hint);
  pod = {PodState::Kind::served, request.node, done.at.eni, address, subnet, hint};
  space_.move(subnet, Hold::idle, Hold::in_use);
  plan(request.node, node, now);
  drop_stale();
  return Assignment::grant(Address::v4(address));
}

void VpcCniModel::release(PodId id, SimTime now) {
  last_call_ = now;
  ledger_.advance(now);
  if (index_of(id) >= pods_.size()) return;
  const auto pod = pods_[index_of(id)];
  pods_[index_of(id)] = {};
  if (pod.kind == PodState::Kind::unknown) return;
  auto& node = state_of(pod.node);
  if (pod.kind == PodState::Kind::waiting) {
    --node.waiting;
    return;
  }
  node.ipamd.remove_at({pod.eni, 0, unit_of(pod.address, node), pod.address, pod.unit_hint}, now);
  ledger_.begin(pod.subnet, now);
  plan(pod.node, node, now);
  drop_stale();
}

// --- what comes next ---

/// Decides when the node is looked at again.
void VpcCniModel::plan(NodeId id, NodeState& node, SimTime now) {
  if (node.turned_away) follow_need(node, now);
  node.check = node.ipamd.next_decision(now, node.turned_away || node.out_of_quota);
  if (node.check) node.check = first_check_at(node, std::max(*node.check, now));
  auto due = node.check;
  if (node.waiting > 0) {
    const auto cooled = first_cooled(node, now);
    if (cooled && (!due || *cooled < *due)) due = cooled;
  }
  set_due(id, node, due);
}

void VpcCniModel::set_due(NodeId id, NodeState& node, std::optional<SimTime> due) {
  if (node.due == due) return;
  node.due = due;
  if (due) due_.push({*due, id});
}

/// Takes entries off the front that no longer count.
void VpcCniModel::drop_stale() {
  while (!due_.empty()) {
    const auto& top = due_.top();
    const auto& node = nodes_[index_of(top.node)];
    if (node && node->due == top.at) return;
    due_.pop();
  }
}

std::optional<SimTime> VpcCniModel::next_wakeup() const {
  if (space_.has_due()) return last_call_;
  if (due_.empty()) return std::nullopt;
  return due_.top().at;
}

void VpcCniModel::wake(SimTime now, std::vector<NodeId>& gained) {
  last_call_ = now;
  ledger_.advance(now);
  do {
    released_for_.clear();
    space_.collect_due(released_for_);
    for (const auto id : released_for_) {
      auto& node = state_of(id);
      ask_again(node, now);
      plan(id, node, now);
    }
    for (drop_stale(); !due_.empty() && due_.top().at <= now; drop_stale()) {
      const auto id = due_.top().node;
      due_.pop();
      auto& node = state_of(id);
      node.due.reset();
      if (node.check && *node.check <= now) check_pool(id, node, now);
      // Those that wait for the pool to grow hear it when it cannot: they ask once more, and get the cause.
      const bool news = node.turned_away && !node.told;
      if (node.turned_away) node.told = true;
      if (node.waiting > 0 && (news || has_free_address(node, now))) gained.push_back(id);
      plan(id, node, now);
    }
  } while (space_.has_due());
}

void VpcCniModel::check_pool(NodeId id, NodeState& node, SimTime now) {
  const bool was_turned_away = node.turned_away;
  const bool was_out_of_quota = node.out_of_quota;
  if (was_turned_away) ask_again(node, now);
  const auto before = std::ssize(node.interfaces.interfaces);
  ec2_.serve(node.interfaces, node.ipamd.store(), now);
  const auto check = node.ipamd.check(ec2_, now);
  count_calls(ec2_.calls(), now);
  node.next_check = now + Ipamd::round + (check.eni_removed ? Ipamd::detach_pause : Duration{});
  note_growth(id, node, check.grew, check.growth_failed, now);
  const bool as_before = !check.grew && !check.growth_failed && !check.released && !check.eni_removed;
  if (was_turned_away && as_before) {
    // It was looked at for another reason, within the back-off. Had it given something back, it would need
    // less.
    node.turned_away = true;
    node.out_of_quota = was_out_of_quota;
    ++turned_away_;
    if (node.ipamd.is_low()) start_asking(node, now);
  }
  further_interfaces_ += std::ssize(node.interfaces.interfaces) - before;
  if (check.eni_removed) ask_after_quota(now);
  count_open(node);
}

void VpcCniModel::note_growth(NodeId id, NodeState& node, bool grew, bool failed, SimTime now) {
  if (failed) return turn_away(id, node, now);
  if (grew) forget_refusal(id, node, now);
}

void VpcCniModel::turn_away(NodeId id, NodeState& node, SimTime now) {
  const auto& store = node.ipamd.store();
  const auto& rules = node.ipamd.rules();
  node.interval = node.ipamd.backs_off(now) ? after_back_off : Ipamd::round;
  node.calls = ec2_.calls();
  node.wanted = rules.wanted(store.counts(), store.prefixes_without_pods(), rules.limits().units_per_eni);
  node.cause = rules.unit() == UnitKind::prefix ? Cause::no_aligned_prefix : Cause::subnet_exhausted;
  node.full.reset();
  if (ec2_.quota_hit()) {
    node.cause = Cause::quota_enis;
    node.out_of_quota = true;
    quota_waiters_.push_back(id);
  }
  for (const auto& need : ec2_.needs()) {
    node.full = need.subnet;
    if (need.prefixes > 0 && space_.free(need.subnet) < 16) node.cause = Cause::subnet_exhausted;
    space_.turn_away(need.subnet, id, need.singles, need.prefixes);
  }
  if (!node.turned_away) ++turned_away_;
  node.turned_away = true;
  start_asking(node, now);
}

/// What becomes of a node that was turned away when its pods change: with enough free addresses it stops
/// asking, with another need it asks anew.
void VpcCniModel::follow_need(NodeState& node, SimTime now) {
  const auto& store = node.ipamd.store();
  const auto& rules = node.ipamd.rules();
  const auto pool = store.counts();
  if (!rules.is_low(pool)) return stop_asking(node, now);
  const auto wanted = rules.wanted(pool, store.prefixes_without_pods(), rules.limits().units_per_eni);
  if (wanted != node.wanted) return ask_again(node, now);
  start_asking(node, now);
}

void VpcCniModel::start_asking(NodeState& node, SimTime now) {
  if (node.asking) return;
  node.asking = true;
  node.asking_since = now;
  standing_calls_per_hour_ += node.calls * hour_ms / node.interval.ms;
}

/// Attempts that would have failed since the last one count as made.
void VpcCniModel::stop_asking(NodeState& node, SimTime now) {
  if (!node.asking) return;
  node.asking = false;
  standing_calls_per_hour_ -= node.calls * hour_ms / node.interval.ms;
  if (node.interval != after_back_off) return;
  // They fell on the first check after each back-off, and checks fall on whole rounds.
  const auto first =
      first_check_at(node, std::max(node.ipamd.back_off_end() + Duration{1}, node.asking_since));
  if (first >= now) return;
  const auto more = ((now - first).ms - 1) / after_back_off.ms;
  node.ipamd.failed_again_at(first + after_back_off * more);
}

void VpcCniModel::ask_again(NodeState& node, SimTime now) {
  if (!node.turned_away) return;
  stop_asking(node, now);
  node.turned_away = false;
  node.out_of_quota = false;
  --turned_away_;
}

/// The node's first check at or after `at`.
SimTime VpcCniModel::first_check_at(const NodeState& node, SimTime at) const {
  const auto late = std::max<std::int64_t>((at - node.next_check).ms, 0);
  return node.next_check + Ipamd::round * ((late + Ipamd::round.ms - 1) / Ipamd::round.ms);
}

void VpcCniModel::forget_refusal(NodeId id, NodeState& node, SimTime now) {
  ask_again(node, now);
  node.told = false;
  if (!node.full) return;
  node.full.reset();
  space_.forget(id);
}

/// An interface went: those that had hit the quota may try again.
void VpcCniModel::ask_after_quota(SimTime now) {
  if (quota_waiters_.empty()) return;
  std::vector<NodeId> waiters;
  waiters.swap(quota_waiters_);
  for (const auto id : waiters) {
    if (!nodes_[index_of(id)]) continue;
    auto& node = state_of(id);
    if (!node.out_of_quota) continue;
    ask_again(node, now);
    plan(id, node, now);
  }
}

/// Counts anew which of the node's interfaces could take one more unit.
void VpcCniModel::count_open(NodeState& node) {
  const auto& store = node.ipamd.store();
  const auto most = static_cast<std::size_t>(node.ipamd.rules().limits().units_per_eni);
  const bool skip_primary = options_.settings.custom_networking;
  for (auto& held : node.interfaces.interfaces) {
    const auto* eni = store.find_eni(held.eni);
    const bool open = eni != nullptr && store.is_allocatable(*eni, most, skip_primary);
    if (open != held.open) open_interfaces_[index_of(held.subnet)] += open ? 1u : ~0u;
    held.open = open;
  }
}

void VpcCniModel::count_calls(std::uint64_t calls, SimTime now) {
  const auto hour = hour_of(now);
  if (hour != hour_) {
    calls_last_hour_ = hour == hour_ + 1 ? calls_this_hour_ : 0;
    calls_this_hour_ = 0;
    hour_ = hour;
  }
  calls_this_hour_ += calls;
}

// --- why, and what there is ---

std::optional<SimTime> VpcCniModel::first_cooled(const NodeState& node, SimTime now) const {
  const auto& store = node.ipamd.store();
  std::optional<SimTime> first;
  for (const auto& eni : store.enis())
    for (const auto& unit : eni.units)
      for (const auto& slot : unit.slots) {
        if (!store.is_cooling(slot, now)) continue;
        const auto end = slot.released + store.cooldown() + Duration{1};
        if (!first || end < *first) first = end;
      }
  return first;
}

bool VpcCniModel::has_free_address(const NodeState& node, SimTime now) const {
  const auto stats = node.ipamd.store().stats(now);
  return stats.available() > stats.cooling;
}

Cause VpcCniModel::cause_of(const NodeState& node, SimTime now) const {
  const auto stats = node.ipamd.store().stats(now);
  const auto& rules = node.ipamd.rules();
  if (stats.total >= rules.limits().max_pods) return stats.cooling > 0 ? Cause::cooling : Cause::max_pods;
  if (!rules.is_low(stats)) {
    const bool ceiling = rules.settings().has_address_targets() && rules.settings().warm_ip_target == 0;
    return ceiling && stats.cooling == 0 ? Cause::target_ceiling : Cause::cooling;
  }
  if (!node.ipamd.has_room()) return stats.cooling > 0 ? Cause::cooling : Cause::eni_slots;
  if (node.turned_away) return node.cause;
  return Cause::warming;
}

PlaceRef VpcCniModel::place_of(NodeId id, const NodeState& node, Cause cause) const {
  if (cause == Cause::quota_enis) return vpc_place();
  const bool full = cause == Cause::subnet_exhausted || cause == Cause::no_aligned_prefix;
  if (full && node.full) return {PlaceKind::subnet, static_cast<std::uint32_t>(*node.full)};
  return {PlaceKind::node, static_cast<std::uint32_t>(id)};
}

void VpcCniModel::report(UsageReport& report) {
  ledger_.advance(last_call_);
  for (std::size_t i = 0; i < open_interfaces_.size(); ++i) {
    const auto subnet = static_cast<SubnetId>(i);
    const auto free = space_.free(subnet);
    std::uint32_t usable = space_.free_singles(subnet);
    if (least_request_[i] != 0 && options_.settings.prefix_delegation) {
      // A /28 must be wholly free; beside it one single address serves, for the interface itself.
      const auto prefixes = space_.free_prefixes(subnet);
      usable = prefixes * SubnetSpace::prefix_addresses + std::min(prefixes, space_.free_fragments(subnet));
    } else if (usable < least_request_[i] && open_interfaces_[i] == 0) {
      usable = 0;
    }
    const auto unusable = free - usable;
    space_.set_unusable(subnet, unusable);
  }
  const auto calls = static_cast<std::int64_t>(calls_last_hour_) + standing_calls_per_hour_;
  report.measures.push_back({"interfaces", "network interfaces", space_.interfaces()});
  report.measures.push_back({"further_interfaces", "interfaces beside the nodes' own", further_interfaces_});
  report.measures.push_back({"nodes_turned_away", "nodes whose subnet has no room", turned_away_});
  report.measures.push_back({"api_calls_per_hour", "EC2 calls an hour", calls});
}

std::string VpcCniModel::place_name(PlaceRef) const {
  constexpr bool has_places_of_its_own = false;
  CIDRPLAN_EXPECTS(has_places_of_its_own);
  return {};
}

}  // namespace cidrplan::aws
