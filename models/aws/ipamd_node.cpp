#include "models/aws/ipamd_node.h"

#include <algorithm>
#include <map>

#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

constexpr Duration first_check{Ipamd::round.ms / 2};  // half a round after the start
/// Checks fall on whole rounds, so the first one after the back-off comes this long after the failure.
constexpr Duration after_back_off = Ipamd::full_subnet_back_off + Ipamd::round;

PlaceRef place_of(SubnetId subnet) { return {PlaceKind::subnet, static_cast<std::uint32_t>(subnet)}; }

}  // namespace

IpamdNode::IpamdNode(const Node& node, const PoolRules& rules, std::vector<SubnetId> for_new, VpcSide& vpc)
    : CniNode(node.id), vpc_(vpc), ipamd_(rules, false) {
  CIDRPLAN_EXPECTS(node.subnet && node.address);
  if (vpc_.options.random_walk) walk_ = std::make_unique<RandomWalk>(vpc_.seed, node.id);
  interfaces_.node = node.id;
  interfaces_.for_new = std::move(for_new);
  interfaces_.add({EniId{interfaces_.next_eni++}, *node.subnet,
                   static_cast<std::uint32_t>(node.address->value()), false});
  const bool few = rules.settings().has_address_targets();
  const auto least = static_cast<std::uint32_t>(few ? 2 : 1 + rules.limits().units_per_eni);
  for (const auto subnet : interfaces_.for_new) {
    if (rules.unit() == UnitKind::prefix)
      vpc_.openings.expect_prefixes(subnet);
    else
      vpc_.openings.expect_singles(subnet, least);
  }
}

Admission IpamdNode::start(SimTime now) {
  vpc_.ec2.serve(interfaces_, ipamd_.store(), now);
  const auto start = ipamd_.start(vpc_.ec2, {}, now, walk_.get());
  vpc_.calls.made(vpc_.ec2.calls(), now);
  if (start.error == Ipamd::StartError::no_eni_for_custom_networking) {
    if (vpc_.ec2.quota_hit()) return Admission::refuse(Cause::quota_enis, {PlaceKind::vpc, 0});
    if (vpc_.ec2.needs().empty())  // no interface is left for pods
      return Admission::refuse(Cause::eni_slots, {PlaceKind::node, static_cast<std::uint32_t>(id())});
    const auto where = place_of(vpc_.ec2.needs().front().subnet);
    const bool single = rules().unit() == UnitKind::single;
    return Admission::refuse(single ? Cause::subnet_exhausted : Cause::no_aligned_prefix, where);
  }
  next_check_ = now + first_check;
  if (measured_most_ > 0) {
    const PoolMeter::Limits limits{rules().limits().units_per_eni, measured_most_, rules().limits().max_pods};
    meter_ = std::make_unique<PoolMeter>(vpc_.drawn, limits, ipamd_.store().cooldown(), now);
  }
  vpc_.further_interfaces += std::ssize(interfaces_.interfaces) - 1;
  note_growth(start.grew, start.growth_failed, now);
  count_open();
  plan(now);
  return Admission::grant();
}

void IpamdNode::leave(SimTime now) {
  forget_refusal(now);
  vpc_.ec2.serve(interfaces_, ipamd_.store(), now);
  auto& interfaces = interfaces_.interfaces;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (interfaces[i].open) vpc_.openings.close(interfaces[i].subnet);
    vpc_.ec2.release_all(interfaces[i], *ipamd_.store().find_eni(interfaces[i].eni), i == 0);
  }
  vpc_.further_interfaces -= std::ssize(interfaces) - 1;
  vpc_.interface_went = true;
}

// --- pods ---

UnitKey IpamdNode::unit_of(std::uint32_t address) const {
  const auto kind = rules().unit();
  return {kind == UnitKind::prefix ? address & ~std::uint32_t{15} : address, kind};
}

std::optional<PodHolding> IpamdNode::assign(PodId pod, SimTime now) {
  std::optional<uint128> chosen;
  if (walk_) {
    chosen = walk_->next_address(ipamd_.store(), now);
    if (!chosen) return std::nullopt;
  }
  const auto done = ipamd_.add_new(pod, now, chosen);
  if (done.error) return std::nullopt;
  const auto subnet = interfaces_.subnet_of(done.at.eni);
  vpc_.space.move(subnet, Hold::idle, Hold::in_use);
  plan(now);
  return PodHolding{done.at.eni, static_cast<std::uint32_t>(done.at.address),
                    static_cast<std::uint16_t>(done.at.unit_hint), subnet, done.at.in_memory};
}

void IpamdNode::release(PodId, const PodHolding& holding, SimTime now) {
  ipamd_.remove_at({holding.eni, 0, unit_of(holding.address), holding.address, holding.unit_hint}, now);
  vpc_.cooling.begin(holding.subnet, now);
  if (meter_) meter_->released(ipamd_.store().counts(), first_check_at(now), now);
  plan(now);
}

void IpamdNode::expect_release(const PodHolding& holding) const {
  ipamd_.store().expect_release(holding.eni, holding.unit_hint);
}

Lack IpamdNode::measure_ask(bool granted, SimTime now) {
  if (!meter_) return Lack::none;
  return meter_->asked({ipamd_.store().counts(), first_check_at(now + Duration{1}), turned_away_}, granted,
                       now);
}

// --- what comes next ---

void IpamdNode::plan(SimTime now) {
  if (turned_away_) follow_need(now);
  check_ = ipamd_.next_decision(now, turned_away_ || out_of_quota_);
  if (check_ != SimTime::never()) check_ = first_check_at(std::max(check_, now));
  due_ = check_;
  if (waiting_ == 0) return;
  const auto cooled = first_cooled(now);
  if (cooled) due_ = std::min(due_, *cooled);
}

bool IpamdNode::look(SimTime now) {
  if (check_ <= now) check_pool(now);
  // Those that wait for the pool to grow hear it when it cannot: they ask once more, and get the cause.
  const bool news = turned_away_ && !told_;
  if (turned_away_) told_ = true;
  const bool gained = waiting_ > 0 && (news || has_free_address(now));
  plan(now);
  return gained;
}

void IpamdNode::check_pool(SimTime now) {
  const bool was_turned_away = turned_away_;
  const bool was_out_of_quota = out_of_quota_;
  if (was_turned_away) ask_again(now);
  const auto before = std::ssize(interfaces_.interfaces);
  vpc_.ec2.serve(interfaces_, ipamd_.store(), now);
  const auto check = ipamd_.check(vpc_.ec2, now, walk_.get());
  vpc_.calls.made(vpc_.ec2.calls(), now);
  next_check_ = now + Ipamd::round + (check.eni_removed ? Ipamd::detach_pause : Duration{});
  note_growth(check.grew, check.growth_failed, now);
  const bool as_before = !check.grew && !check.growth_failed && !check.released && !check.eni_removed;
  if (was_turned_away && as_before) {
    // It was looked at for another reason, within the back-off. Had it given something back, it would need
    // less.
    turned_away_ = true;
    out_of_quota_ = was_out_of_quota;
    ++vpc_.nodes_turned_away;
    if (ipamd_.is_low()) start_asking(now);
  }
  vpc_.further_interfaces += std::ssize(interfaces_.interfaces) - before;
  vpc_.interface_went = vpc_.interface_went || check.eni_removed;
  count_open();
}

/// Counts anew which of the node's interfaces could take one more single address.
void IpamdNode::count_open() {
  if (rules().unit() != UnitKind::single) return;
  const auto& store = ipamd_.store();
  const auto most = static_cast<std::size_t>(rules().limits().units_per_eni);
  for (auto& held : interfaces_.interfaces) {
    const auto* eni = store.find_eni(held.eni);
    const bool open =
        eni != nullptr && store.is_allocatable(*eni, most, rules().settings().custom_networking);
    if (open == held.open) continue;
    held.open = open;
    open ? vpc_.openings.open(held.subnet) : vpc_.openings.close(held.subnet);
  }
}

// --- requests that fail again until something changes ---

std::int64_t IpamdNode::wanted_units() const {
  const auto& store = ipamd_.store();
  return rules().wanted(store.counts(), store.prefixes_without_pods(), rules().limits().units_per_eni);
}

void IpamdNode::note_growth(bool grew, bool failed, SimTime now) {
  if (failed) return turn_away(now);
  if (grew) forget_refusal(now);
}

void IpamdNode::turn_away(SimTime now) {
  interval_ = ipamd_.backs_off(now) ? after_back_off : Ipamd::round;
  calls_ = vpc_.ec2.calls();
  wanted_ = wanted_units();
  const bool prefix = rules().unit() == UnitKind::prefix;
  cause_ = prefix ? Cause::no_aligned_prefix : Cause::subnet_exhausted;
  if (full_ && vpc_.ec2.needs().empty()) vpc_.space.forget(id());  // only the quota stands in its way now
  full_.reset();
  if (vpc_.ec2.quota_hit()) {
    cause_ = Cause::quota_enis;
    out_of_quota_ = true;
    vpc_.quota_waiters.push_back(id());
  }
  for (const auto& need : vpc_.ec2.needs()) {
    full_ = need.subnet;
    if (need.prefixes > 0 && vpc_.space.free(need.subnet) < SubnetSpace::prefix_addresses)
      cause_ = Cause::subnet_exhausted;
    vpc_.space.turn_away(need.subnet, id(), need.singles, need.prefixes);
  }
  if (!turned_away_) ++vpc_.nodes_turned_away;
  turned_away_ = true;
  start_asking(now);
}

/// What becomes of a node that was turned away when its pods change: with enough free addresses it stops
/// asking, with another need it asks anew.
void IpamdNode::follow_need(SimTime now) {
  if (!ipamd_.is_low()) return stop_asking(now);
  if (wanted_units() != wanted_) return ask_again(now);
  start_asking(now);
}

void IpamdNode::start_asking(SimTime now) {
  if (asking_) return;
  asking_ = true;
  asking_since_ = now;
  vpc_.calls.begin_repeating(calls_, interval_, now);
}

/// Attempts that would have failed since the last one count as made.
void IpamdNode::stop_asking(SimTime now) {
  if (!asking_) return;
  asking_ = false;
  vpc_.calls.end_repeating(calls_, interval_, now);
  if (interval_ != after_back_off) return;
  // They fell on the first check after each back-off, and checks fall on whole rounds.
  const auto first = first_check_at(std::max(ipamd_.back_off_end() + Duration{1}, asking_since_));
  if (first >= now) return;
  const auto more = ((now - first).ms - 1) / after_back_off.ms;
  ipamd_.failed_again_at(first + after_back_off * more);
}

void IpamdNode::ask_again(SimTime now) {
  if (!turned_away_) return;
  stop_asking(now);
  turned_away_ = false;
  out_of_quota_ = false;
  --vpc_.nodes_turned_away;
}

/// The node's first check at or after `at`.
SimTime IpamdNode::first_check_at(SimTime at) const {
  const auto late = std::max<std::int64_t>((at - next_check_).ms, 0);
  return next_check_ + Ipamd::round * ((late + Ipamd::round.ms - 1) / Ipamd::round.ms);
}

void IpamdNode::forget_refusal(SimTime now) {
  ask_again(now);
  told_ = false;
  if (!full_) return;
  full_.reset();
  vpc_.space.forget(id());
}

// --- why, and what there is ---

std::optional<SimTime> IpamdNode::first_cooled(SimTime now) const {
  const auto& store = ipamd_.store();
  std::optional<SimTime> first;
  for (const auto& eni : store.enis()) {
    if (now - eni.last_release > store.cooldown()) continue;
    Datastore::visit_open(eni, store.mode(), [&](const Unit& unit) {
      for (const auto& slot : unit.slots) {
        if (!store.is_cooling(slot, now)) continue;
        const auto end = slot.released() + store.cooldown() + Duration{1};
        if (!first || end < *first) first = end;
      }
      return false;
    });
  }
  return first;
}

bool IpamdNode::has_free_address(SimTime now) const {
  const auto stats = ipamd_.store().stats(now);
  return stats.available() > stats.cooling;
}

std::optional<DrainGain> IpamdNode::drain_gain(SubnetId subnet) const {
  DrainGain gain{id(), 0, 0};
  std::map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> own;  // by /28: one address, how many
  const auto add = [&](std::uint32_t address) {
    auto& [one, count] = own[address / SubnetSpace::prefix_addresses];
    one = address;
    ++count;
  };
  for (const auto& held : interfaces_.interfaces) {
    if (held.subnet != subnet) continue;
    add(held.primary);
    const auto* eni = ipamd_.store().find_eni(held.eni);
    gain.prefixes += eni->prefixes;
    gain.pods += eni->pods;
    for (const auto& unit : eni->units)
      if (unit.kind() == UnitKind::single) add(static_cast<std::uint32_t>(unit.first()));
  }
  if (own.empty()) return std::nullopt;
  // A block that nothing but this node's single addresses breaks.
  for (const auto& [block, held] : own)
    gain.prefixes += vpc_.space.closed_around(subnet, held.first) == held.second ? 1 : 0;
  return gain;
}

Cause IpamdNode::cause_now(SimTime now) const {
  const auto stats = ipamd_.store().stats(now);
  if (stats.total >= rules().limits().max_pods) return stats.cooling > 0 ? Cause::cooling : Cause::max_pods;
  if (!rules().is_low(stats)) {
    const auto& settings = rules().settings();
    const bool ceiling = settings.has_address_targets() && settings.warm_ip_target == 0;
    return ceiling && stats.cooling == 0 ? Cause::target_ceiling : Cause::cooling;
  }
  if (!ipamd_.has_room()) return stats.cooling > 0 ? Cause::cooling : Cause::eni_slots;
  if (turned_away_) return cause_;
  return Cause::warming;
}

Assignment IpamdNode::why_waiting(SimTime now) const {
  const auto cause = cause_now(now);
  if (cause == Cause::quota_enis) return Assignment::wait(cause, {PlaceKind::vpc, 0});
  const bool full = cause == Cause::subnet_exhausted || cause == Cause::no_aligned_prefix;
  if (full && full_) return Assignment::wait(cause, place_of(*full_));
  return Assignment::wait(cause, {PlaceKind::node, static_cast<std::uint32_t>(id())});
}

}  // namespace cidrplan::aws
