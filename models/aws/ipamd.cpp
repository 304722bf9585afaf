#include "models/aws/ipamd.h"

#include <algorithm>
#include <array>

namespace cidrplan::aws {
namespace {

Walk ascending;

std::vector<EniId> ids_of(std::span<const Eni> enis) {
  std::vector<EniId> ids;
  for (const auto& eni : enis) ids.push_back(eni.id);
  return ids;
}

UnitKind other(UnitKind kind) { return kind == UnitKind::single ? UnitKind::prefix : UnitKind::single; }

}  // namespace

std::string_view to_string(Ec2Error error) {
  switch (error) {
    case Ec2Error::none:
      return "";
    case Ec2Error::insufficient_free_addresses:
      return "InsufficientFreeAddressesInSubnet";
    case Ec2Error::insufficient_cidr_blocks:
      return "InsufficientCidrBlocks";
    case Ec2Error::address_limit:
      return "PrivateIpAddressLimitExceeded";
    case Ec2Error::attachment_limit:
      return "AttachmentLimitExceeded";
    case Ec2Error::interface_quota:
      return "NetworkInterfaceLimitExceeded";
  }
  return "";
}

std::string_view to_string(Ipamd::StartError error) {
  switch (error) {
    case Ipamd::StartError::none:
      return "";
    case Ipamd::StartError::cannot_add_units:
      return "error while trying to increase datastore pool";
    case Ipamd::StartError::no_eni_for_custom_networking:
      return "Failed to attach any ENIs for custom networking";
  }
  return "";
}

// --- start ---

Ipamd::Start Ipamd::start(Ec2& ec2, const std::vector<Datastore::Holding>& checkpoint, SimTime now,
                          Walk* walk) {
  auto& way = walk != nullptr ? *walk : ascending;
  ec2.describe_all();
  const auto attached = metadata(ec2);
  unmanaged_ = 0;
  for (const auto& eni : attached) {
    if (!eni.managed) {
      ++unmanaged_;
      continue;
    }
    if (!eni.tagged && !eni.flags.trunk && rules_->settings().provisioning) ec2.tag(eni.eni);
    set_up(ec2, eni, now);
  }
  for (const auto& holding : checkpoint) store_.restore(holding.pod, holding.address, holding.ipv6);

  return_units_of_all(ec2, store_.mode(), way, true);
  return_units_of_all(ec2, other(store_.mode()), way, false);
  Start result;
  if (!rules_->settings().provisioning) return result;
  if (!rules_->settings().custom_networking) set_groups(ec2, way);

  if (!is_low()) return result;
  const auto growth = grow(ec2, now, way);
  result.grew = growth == Growth::grew;
  result.growth_failed = growth == Growth::failed || growth == Growth::refused;
  if (growth == Growth::refused)
    result.error = StartError::cannot_add_units;
  else if (rules_->settings().custom_networking && store_.counts().total == 0)
    result.error = StartError::no_eni_for_custom_networking;
  return result;
}

/// Instance metadata, as far as the daemon reads it: under custom networking it does not ask for the prefixes
/// of the primary interface.
std::vector<AttachedEni> Ipamd::metadata(Ec2& ec2) const {
  std::vector<AttachedEni> attached;
  ec2.attached(attached);
  if (!rules_->settings().custom_networking) return attached;
  for (auto& eni : attached)
    if (eni.flags.primary) eni.prefixes.clear();
  return attached;
}

void Ipamd::set_up(Ec2& ec2, const AttachedEni& eni, SimTime now) {
  store_.add_eni(eni.eni, eni.device, eni.flags, now);
  if (rules_->settings().subnet_discovery) store_.set_excluded(eni.eni, ec2.is_excluded(eni.eni));
  for (const auto address : eni.singles) store_.add_unit(eni.eni, {address, UnitKind::single});
  for (const auto first : eni.prefixes) store_.add_unit(eni.eni, {first, UnitKind::prefix});
}

void Ipamd::set_groups(Ec2& ec2, Walk& walk) {
  auto enis = ids_of(store_.enis());
  walk.order_for_groups(enis);
  for (const auto id : enis) ec2.set_groups(id);
}

void Ipamd::return_units_of_all(Ec2& ec2, UnitKind kind, Walk& walk, bool excluded_only) {
  auto enis = ids_of(store_.enis());
  walk.order_for_release(enis);
  for (const auto id : enis)
    if (!excluded_only || store_.find_eni(id)->excluded) return_units(ec2, id, kind);
}

void Ipamd::return_units(Ec2& ec2, EniId id, UnitKind kind) {
  const auto* eni = store_.find_eni(id);
  if (eni == nullptr) return;
  std::vector<UnitKey> units;
  store_.units_without_pods(*eni, kind, units);
  if (units.empty()) return;
  ec2.unassign(id, units);
  for (const auto unit : units) store_.remove_unit(id, unit, false);
}

// --- the pool check ---

SpareTargets Ipamd::spare_targets() const {
  const auto& settings = rules_->settings();
  return {settings.warm_ip_target, settings.minimum_ip_target, settings.warm_prefix_target};
}

std::int64_t Ipamd::want(std::int64_t room) const {
  return rules_->wanted(store_.counts(), store_.prefixes_without_pods(), room);
}

/// Whether or not the type can have one: only the slot for it depends on that.
bool Ipamd::awaits_trunk() const { return rules_->settings().pod_eni && store_.trunk() == nullptr; }

bool Ipamd::has_room_for_eni() const {
  const int kept_free = unmanaged_ + (awaits_trunk() && rules_->limits().can_trunk ? 1 : 0);
  return static_cast<int>(store_.enis().size()) < rules_->max_enis() - kept_free;
}

bool Ipamd::has_room() const {
  if (has_room_for_eni()) return true;
  const auto& enis = store_.enis();
  return std::any_of(enis.begin(), enis.end(), [&](const Eni& eni) {
    return store_.is_allocatable(eni, static_cast<std::size_t>(units_per_eni()),
                                 rules_->settings().custom_networking);
  });
}

Ipamd::Check Ipamd::check(Ec2& ec2, SimTime now, Walk* walk) {
  auto& way = walk != nullptr ? *walk : ascending;
  Check result;
  store_.settle(now);
  const auto pool = store_.counts();
  bool decreased = false;
  if (rules_->is_low(pool)) {
    const auto growth = grow(ec2, now, way);
    result.grew = growth == Growth::grew;
    result.growth_failed = growth == Growth::failed || growth == Growth::refused;
  } else if (rules_->surplus(pool, store_.prefixes_without_pods()) > 0 &&
             now - last_decrease_ > decrease_interval) {
    shrink(ec2, now, way);
    decreased = true;
    result.released = true;
  }
  // Judged on the figures from before the step, while idle interfaces are looked at as they are now.
  if (rules_->may_spare_eni(pool, store_.has_idle_eni())) result.eni_removed = spare_eni(ec2, now, way);
  if (decreased) {
    const auto end = result.eni_removed ? now + detach_pause : now;
    last_decrease_ = end;
    last_action_ = end;
  }
  return result;
}

Ipamd::Growth Ipamd::grow(Ec2& ec2, SimTime now, Walk& walk) {
  if (!may_attach() || backs_off(now)) return Growth::none;
  const auto filled = fill_enis(ec2, now, walk);
  if (filled == Growth::grew) last_action_ = now;
  if (filled == Growth::grew || filled == Growth::refused || backs_off(now)) return filled;
  // Without an interface that could take units, or where every such interface's subnet is full.
  if (!has_room_for_eni()) return filled;
  const auto added = add_eni(ec2, now);
  if (added == Growth::grew) last_action_ = now;
  return added;
}

Ipamd::Growth Ipamd::fill_enis(Ec2& ec2, SimTime now, Walk& walk) {
  const auto per_eni = static_cast<std::size_t>(units_per_eni());
  std::vector<EniId> candidates;
  for (const auto& eni : store_.enis())
    if (store_.is_allocatable(eni, per_eni, rules_->settings().custom_networking))
      candidates.push_back(eni.id);
  walk.order_for_growth(candidates);

  std::vector<UnitKey> got;
  auto result = Growth::none;
  for (const auto id : candidates) {
    const auto room = static_cast<std::int64_t>(per_eni - store_.find_eni(id)->units.size());
    const auto count = static_cast<int>(want(room));
    if (count <= 0) return Growth::none;
    auto error = ec2.assign(id, rules_->unit(), count, got);
    if (error != Ec2Error::none && error != Ec2Error::address_limit)
      error = ec2.assign(id, rules_->unit(), 1, got);  // a nearly full subnet gives one at a time
    if (error == Ec2Error::address_limit) {
      read_all_units(ec2, id);
      return Growth::grew;
    }
    if (error != Ec2Error::none) {
      if (rules_->settings().subnet_discovery && is_subnet_full(error)) {
        result = Growth::failed;
        continue;
      }
      if (!is_subnet_full(error)) return Growth::refused;
      last_full_subnet_ = now;
      return Growth::failed;
    }
    for (const auto unit : got) store_.add_unit(id, unit);
    return Growth::grew;
  }
  return result;
}

/// The local view was stale: takes over what EC2 says the interface has.
void Ipamd::read_all_units(Ec2& ec2, EniId id) {
  ec2.describe(id);
  std::vector<AttachedEni> attached;
  ec2.attached(attached);
  for (const auto& eni : attached) {
    if (eni.eni != id) continue;
    for (const auto first : rules_->unit() == UnitKind::single ? eni.singles : eni.prefixes)
      store_.add_unit(id, {first, rules_->unit()});
  }
}

Ipamd::Growth Ipamd::add_eni(Ec2& ec2, SimTime now) {
  const auto count = static_cast<int>(want(units_per_eni()));
  if (count <= 0) return Growth::grew;  // counts as done
  std::vector<SubnetRef> subnets;
  ec2.subnets_for_new_eni(subnets);
  Ec2::Created created;
  std::vector<UnitKey> got;
  auto error = Ec2Error::none;
  bool made = false;
  for (const auto subnet : subnets) {
    error = ec2.create(subnet, rules_->unit(), count, created, got);
    made = error == Ec2Error::none;
    if (made) break;
  }
  if (!made) {
    if (is_subnet_full(error)) last_full_subnet_ = now;
    return Growth::failed;
  }
  error = ec2.attach(created);
  if (error != Ec2Error::none) {
    ec2.remove(created.eni);
    return Growth::failed;
  }
  store_.add_eni(created.eni, created.device, {}, now);
  if (rules_->settings().subnet_discovery) store_.set_excluded(created.eni, ec2.is_excluded(created.eni));
  for (const auto unit : got) store_.add_unit(created.eni, unit);
  return Growth::grew;
}

void Ipamd::shrink(Ec2& ec2, SimTime now, Walk& walk) {
  auto left = rules_->surplus(store_.counts(), store_.prefixes_without_pods());
  auto enis = ids_of(store_.enis());
  walk.order_for_release(enis);
  std::vector<UnitKey> units;
  for (const auto id : enis) {
    if (left <= 0) return;
    units.clear();
    store_.units_without_pods(*store_.find_eni(id), std::nullopt, units);
    walk.order_units(id, units);
    if (static_cast<std::int64_t>(units.size()) > left) units.resize(static_cast<std::size_t>(left));
    if (units.empty()) continue;
    left -= static_cast<std::int64_t>(units.size());
    // Prefixes and single addresses go in two calls, prefixes first.
    const auto singles = std::stable_partition(
        units.begin(), units.end(), [](const UnitKey& unit) { return unit.kind == UnitKind::prefix; });
    if (singles != units.begin()) ec2.unassign(id, {units.begin(), singles});
    if (singles != units.end()) ec2.unassign(id, {singles, units.end()});
    for (const auto& unit : units) {
      store_.remove_unit(id, unit, false);
      if (!compares_with_metadata_) continue;
      std::erase_if(returned_, [&](const Returned& each) { return each.unit == unit; });
      returned_.push_back({unit, now});
    }
  }
}

bool Ipamd::spare_eni(Ec2& ec2, SimTime now, Walk& walk) {
  if (!may_attach()) return false;
  const auto id = store_.unused_eni(spare_targets(), now, walk.spare_eni());
  if (!id) return false;
  ec2.describe(*id);
  ec2.detach(*id);
  ec2.remove(*id);
  store_.remove_eni(*id, false);
  return true;
}

// --- comparison with instance metadata ---

void Ipamd::reconcile(Ec2& ec2, SimTime now, Walk*) {
  store_.settle(now);
  if (now - last_action_ <= reconcile_interval && !awaits_trunk()) return;
  const auto attached = metadata(ec2);
  const bool found_new = std::any_of(attached.begin(), attached.end(), [&](const AttachedEni& eni) {
    return eni.managed && store_.find_eni(eni.eni) == nullptr;
  });
  if (found_new) ec2.describe_all();
  const auto known = ids_of(store_.enis());
  for (const auto& eni : attached) {
    if (!eni.managed) continue;
    if (store_.find_eni(eni.eni) != nullptr) {
      reconcile_units(ec2, eni, UnitKind::single, now);
      reconcile_units(ec2, eni, UnitKind::prefix, now);
      continue;
    }
    if (!eni.tagged && !eni.flags.trunk && rules_->settings().provisioning) ec2.tag(eni.eni);
    set_up(ec2, eni, now);
  }
  for (const auto id : known) {
    const bool still_there = std::any_of(attached.begin(), attached.end(), [&](const AttachedEni& eni) {
      return eni.eni == id && eni.managed;
    });
    if (!still_there) store_.remove_eni(id, true);
  }
  last_action_ = now;
}

void Ipamd::reconcile_units(Ec2& ec2, const AttachedEni& eni, UnitKind kind, SimTime now) {
  const auto& there = kind == UnitKind::single ? eni.singles : eni.prefixes;
  std::vector<UnitKey> pool;
  for (const auto& unit : store_.find_eni(eni.eni)->units)
    if (unit.kind() == kind) pool.push_back(unit.key());
  const bool same = pool.size() == there.size() &&
                    std::equal(pool.begin(), pool.end(), there.begin(),
                               [](const UnitKey& unit, std::uint32_t first) { return unit.first == first; });
  bool asked = !same;
  if (!same) ec2.describe(eni.eni);

  std::vector<UnitKey> seen;
  for (const auto first : there) {
    const UnitKey unit{first, kind};
    const auto returned = std::find_if(returned_.begin(), returned_.end(),
                                       [&](const Returned& each) { return each.unit == unit; });
    if (returned != returned_.end()) {
      if (now - returned->at < reconcile_cooldown) continue;
      if (!asked) ec2.describe(eni.eni);
      asked = true;
      returned_.erase(returned);
    }
    store_.add_unit(eni.eni, unit);
    seen.push_back(unit);
  }
  for (const auto& unit : pool)
    if (!std::binary_search(seen.begin(), seen.end(), unit)) store_.remove_unit(eni.eni, unit, true);
}

// --- pods ---

void Ipamd::remove(Ec2& ec2, PodId pod, SimTime now) {
  const auto gone = store_.unassign(pod, now);
  if (gone.error || store_.prefix_mode() || gone.at.unit.kind != UnitKind::prefix) return;
  return_units(ec2, gone.at.eni, UnitKind::prefix);
}

// --- what comes ---

SimTime Ipamd::next_decision(SimTime now, bool growth_hopeless) const {
  const auto& settings = rules_->settings();
  auto next = SimTime::never();
  const auto consider = [&](SimTime at) { next = std::min(next, std::max(at, now)); };
  constexpr Duration strictly_after{1};
  const auto& pool = store_.counts();
  const auto free_prefixes = store_.prefix_mode() ? store_.prefixes_without_pods() : 0;
  if (rules_->is_low(pool)) {
    if (!growth_hopeless && may_attach() && has_room()) consider(back_off_end() + strictly_after);
  } else if (rules_->surplus(pool, free_prefixes) > 0) {
    consider(last_decrease_ + decrease_interval + strictly_after);
  }
  if (!may_attach() || store_.enis().size() < 2) return next;
  if (!settings.has_address_targets() && !rules_->may_spare_eni(pool, store_.has_idle_eni())) return next;
  for (const auto& eni : store_.enis()) {
    if (eni.pods > 0 || !eni.could_be_spared()) continue;
    if (store_.is_needed(eni, spare_targets())) continue;
    auto ready = eni.added + Datastore::least_eni_age;
    for (const auto& unit : eni.units)
      for (const auto& slot : unit.slots)
        if (store_.is_cooling(slot, now))
          ready = std::max(ready, slot.released() + store_.cooldown() + strictly_after);
    consider(ready);
  }
  return next;
}

}  // namespace cidrplan::aws
