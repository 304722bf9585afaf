#include "models/aws/datastore.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

std::int64_t rounded_up(std::int64_t count, std::int64_t step) { return (count + step - 1) / step * step; }

}  // namespace

// --- interfaces and units ---

std::optional<StoreError> Datastore::add_eni(EniId id, int device, EniFlags flags, SimTime now) {
  const auto at = std::lower_bound(enis_.begin(), enis_.end(), id,
                                   [](const Eni& eni, EniId wanted) { return eni.id < wanted; });
  if (at != enis_.end() && at->id == id) return StoreError::duplicate_eni;
  Eni eni;
  eni.id = id;
  eni.device = device;
  eni.flags = flags;
  eni.added = now;
  enis_.insert(at, std::move(eni));
  recount();
  touch(id);
  return std::nullopt;
}

std::optional<StoreError> Datastore::set_excluded(EniId id, bool excluded) {
  auto* eni = eni_of(id);
  if (eni == nullptr) return StoreError::unknown_eni;
  eni->excluded = excluded;
  recount();
  touch(id);
  return std::nullopt;
}

std::optional<StoreError> Datastore::add_unit(EniId id, UnitKey key) {
  auto* eni = eni_of(id);
  if (eni == nullptr) return StoreError::unknown_eni;
  auto& units = key.kind == UnitKind::prefix6 ? eni->units6 : eni->units;
  const auto at = place_of(units, key);
  if (at != units.end() && at->key() == key) return StoreError::already_in_store;
  units.insert(at, Unit(key));
  touch(id, key);
  total_ += static_cast<std::int64_t>(size_of(key.kind));
  if (key.kind != UnitKind::single) ++pool_.prefixes;
  if (key.kind == UnitKind::prefix) {
    ++eni->prefixes;
    ++eni->prefixes_without_pods;
  } else if (key.kind == UnitKind::single) {
    ++eni->singles_without_pods;
  }
  recount();
  return std::nullopt;
}

/// Takes an IPv4 unit out of the interface and its sums; the datastore's counters are the caller's.
void Datastore::drop_unit(Eni& eni, std::size_t index) {
  auto& unit = eni.units[index];
  touch(eni.id, unit.key());
  while (unit.pods > 0) count_pod(eni, unit, false);
  if (unit.kind() == UnitKind::prefix) {
    --eni.prefixes;
    --eni.prefixes_without_pods;
  } else {
    --eni.singles_without_pods;
  }
  eni.units.erase(eni.units.begin() + static_cast<std::ptrdiff_t>(index));
  recount();
}

std::optional<StoreError> Datastore::remove_unit(EniId id, UnitKey key, bool force) {
  auto* eni = eni_of(id);
  if (eni == nullptr) return StoreError::unknown_eni;
  auto& units = key.kind == UnitKind::prefix6 ? eni->units6 : eni->units;
  const auto at = place_of(units, key);
  if (at == units.end() || at->key() != key) return StoreError::unknown_cidr;
  const auto pods = at->pods;
  if (pods > 0 && !force) return StoreError::cidr_in_use;
  assigned_ -= pods;
  total_ -= static_cast<std::int64_t>(at->size());
  if (key.kind != UnitKind::single) --pool_.prefixes;
  if (key.kind == UnitKind::prefix6) {
    units.erase(at);
    touch(id, key);
  } else {
    drop_unit(*eni, static_cast<std::size_t>(at - units.begin()));
  }
  if (pods > 0) ++checkpoints_;
  return std::nullopt;
}

std::optional<StoreError> Datastore::remove_eni(EniId id, bool force) {
  auto* eni = eni_of(id);
  if (eni == nullptr) return StoreError::unknown_eni;
  if (eni->pods > 0 && !force) return StoreError::eni_in_use;
  std::int64_t addresses = eni->singles() + std::int64_t{eni->prefixes} * 16;
  std::int64_t prefixes = eni->prefixes;
  if (eni->pods > 0) {
    // The original subtracts the units once with the pods and once with the interface.
    addresses *= 2;
    prefixes *= 2;
    assigned_ -= eni->pods;
    ++checkpoints_;
  }
  total_ -= addresses;
  pool_.prefixes -= prefixes;
  enis_.erase(enis_.begin() + (eni - enis_.data()));
  recount();
  touch(id);
  return std::nullopt;
}

bool Datastore::is_needed(const Eni& eni, const SpareTargets& targets) const {
  std::int64_t others_free = 0;
  std::int64_t others_total = 0;
  std::int64_t others_without_pods = 0;
  for (const auto& other : enis_) {
    if (other.id == eni.id || other.excluded) continue;
    const std::int64_t total = prefix_mode_ ? std::int64_t{other.prefixes} * 16 : other.singles();
    others_total += total;
    others_free += total - (prefix_mode_ ? other.prefix_pods : other.pods - other.prefix_pods);
    others_without_pods += std::int64_t{other.prefixes_without_pods} + other.singles_without_pods;
  }
  const std::int64_t step = prefix_mode_ ? 16 : 1;
  if (targets.warm_ip != 0 && others_free < rounded_up(targets.warm_ip, step)) return true;
  if (targets.minimum_ip != 0 && others_total < rounded_up(targets.minimum_ip, step)) return true;
  return prefix_mode_ && targets.warm_prefix > 0 && others_without_pods < targets.warm_prefix;
}

bool Datastore::may_be_removed(const Eni& eni, const SpareTargets& targets, SimTime now) const {
  if (!eni.could_be_spared() || eni.pods > 0) return false;
  if (now - eni.added < least_eni_age) return false;
  return !has_cooling(eni, now) && !is_needed(eni, targets);
}

std::optional<EniId> Datastore::unused_eni(const SpareTargets& targets, SimTime now,
                                           std::optional<EniId> chosen) const {
  for (const auto& eni : enis_) {
    if (chosen && eni.id != *chosen) continue;
    if (may_be_removed(eni, targets, now)) return eni.id;
  }
  return std::nullopt;
}

void Datastore::settle(SimTime now) {
  if (drops_.empty()) return;
  std::erase_if(drops_, [&](const Drop& drop) {
    if (drop.at > now) return false;
    auto* eni = eni_of(drop.eni);
    if (eni == nullptr || !eni->excluded) return true;
    const bool ipv6 = drop.unit.kind == UnitKind::prefix6;
    auto& units = ipv6 ? eni->units6 : eni->units;
    const auto at = place_of(units, drop.unit);
    if (at == units.end() || at->key() != drop.unit || at->pods > 0) return true;
    if (ipv6) {
      units.erase(at);
      touch(eni->id, drop.unit);
    } else {
      drop_unit(*eni, static_cast<std::size_t>(at - units.begin()));
    }
    return true;
  });
}

// --- what is there ---

PoolStats Datastore::stats(SimTime now) const {
  auto stats = counts();
  for (const auto& eni : enis_) {
    if (eni.excluded) continue;
    if (now - eni.last_release > cooldown_) continue;
    visit_open(eni, mode(), [&](const Unit& unit) {
      stats.cooling += std::count_if(unit.slots.begin(), unit.slots.end(),
                                     [&](const Slot& slot) { return is_cooling(slot, now); });
      return false;
    });
  }
  return stats;
}

PoolStats Datastore::stats6() const {
  PoolStats stats;
  stats.prefixes = pool_.prefixes;
  for (const auto& eni : enis_) {
    if (eni.excluded) continue;
    for (const auto& unit : eni.units6) {
      stats.total += static_cast<std::int64_t>(unit.size());
      stats.assigned += unit.pods;
    }
  }
  return stats;
}

bool Datastore::has_cooling(const Eni& eni, SimTime now) const {
  if (now - eni.last_release > cooldown_) return false;
  for (const auto& unit : eni.units)
    for (const auto& slot : unit.slots)
      if (is_cooling(slot, now)) return true;
  return false;
}

void Datastore::units_without_pods(const Eni& eni, std::optional<UnitKind> kind,
                                   std::vector<UnitKey>& units) const {
  for (const auto& unit : eni.units)
    if (unit.pods == 0 && (!kind || unit.kind() == *kind)) units.push_back(unit.key());
}

bool Datastore::is_allocatable(const Eni& eni, std::size_t max, bool skip_primary) const {
  if (eni.excluded || eni.flags.trunk || (skip_primary && eni.flags.primary)) return false;
  return eni.units.size() < max;
}

std::int64_t Datastore::prefixes_without_pods() const {
  std::int64_t count = 0;
  for (const auto& eni : enis_) count += eni.prefixes_without_pods;
  return count;
}

const Eni* Datastore::trunk() const {
  for (const auto& eni : enis_)
    if (eni.flags.trunk) return &eni;
  return nullptr;
}

std::vector<Datastore::Holding> Datastore::holdings() const {
  std::vector<Holding> all;
  for (const auto& eni : enis_)
    for (const auto* units : {&eni.units, &eni.units6})
      for (const auto& unit : *units)
        for (const auto& slot : unit.slots)
          if (slot.in_use())
            all.push_back({slot.pod(), unit.first() + slot.offset(), unit.kind() == UnitKind::prefix6});
  return all;
}

std::string_view to_string(StoreError error) {
  switch (error) {
    case StoreError::duplicate_eni:
      return "duplicate-eni";
    case StoreError::unknown_eni:
      return "unknown-eni";
    case StoreError::already_in_store:
      return "already-in-store";
    case StoreError::unknown_cidr:
      return "unknown-cidr";
    case StoreError::cidr_in_use:
      return "cidr-in-use";
    case StoreError::eni_in_use:
      return "eni-in-use";
    case StoreError::no_address:
      return "no-address";
    case StoreError::unknown_pod:
      return "unknown-pod";
    case StoreError::store:
      return "store";
    case StoreError::not_prefix_mode:
      return "not-prefix-mode";
  }
  return "";
}

}  // namespace cidrplan::aws
