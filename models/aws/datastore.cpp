#include "models/aws/datastore.h"

#include <algorithm>
#include <bit>

#include "planner/ipam/fetch.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

std::int64_t rounded_up(std::int64_t count, std::int64_t step) { return (count + step - 1) / step * step; }

template <typename Units>
auto place_of(Units& units, UnitKey key) {
  return std::lower_bound(units.begin(), units.end(), key,
                          [](const Unit& unit, UnitKey wanted) { return unit.key() < wanted; });
}

/// Where a unit's slot of that offset stands, or belongs.
template <typename Slots>
auto slot_place(Slots& slots, std::uint64_t offset) {
  return std::lower_bound(slots.begin(), slots.end(), offset,
                          [](const Slot& slot, std::uint64_t wanted) { return slot.offset() < wanted; });
}

bool holds(const Unit& unit, uint128 address) {
  return address >= unit.first() && address - unit.first() < unit.size();
}

/// The lowest offset that is not remembered; the unit's size where all are.
std::uint64_t lowest_gap(const Unit& unit) {
  std::uint64_t gap = 0;
  for (const auto& slot : unit.slots) {
    if (slot.offset() != gap) break;
    ++gap;
  }
  return gap;
}

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

// --- pods ---

Eni* Datastore::eni_of(EniId id) { return const_cast<Eni*>(find_eni(id)); }

const Eni* Datastore::find_eni(EniId id) const {
  // Numbers rise and begin at 0: where none was left out, the number is the place.
  const auto place = static_cast<std::size_t>(id);
  if (place < enis_.size() && enis_[place].id == id) return &enis_[place];
  for (const auto& eni : enis_)
    if (eni.id == id) return &eni;
  return nullptr;
}

Datastore::Found Datastore::locate(PodId pod) {
  for (auto& eni : enis_)
    for (auto* units : {&eni.units, &eni.units6})
      for (auto& unit : *units) {
        if (unit.pods == 0) continue;
        for (auto& slot : unit.slots)
          if (slot.in_use() && slot.pod() == pod) return {&eni, &unit, &slot};
      }
  return {};
}

std::optional<PodAddress> Datastore::find(PodId pod) const {
  const auto found = const_cast<Datastore*>(this)->locate(pod);
  if (found.slot == nullptr) return std::nullopt;
  return PodAddress{found.eni->id, found.eni->device, found.unit->key(),
                    found.unit->first() + found.slot->offset(), 0};
}

void Datastore::count_pod(Eni& eni, Unit& unit, bool joins) {
  const std::uint32_t one = joins ? 1 : ~std::uint32_t{0};  // wraps to -1
  if (unit.kind() != UnitKind::prefix6) {
    if (eni.pods == (joins ? 0u : 1u) && eni.could_be_spared()) idle_enis_ += joins ? -1 : 1;
    if (unit.kind() == mode() && !eni.excluded) pool_.assigned += joins ? 1 : -1;
    eni.pods += one;
    auto& without_pods =
        unit.kind() == UnitKind::prefix ? eni.prefixes_without_pods : eni.singles_without_pods;
    if (unit.pods == (joins ? 0u : 1u)) without_pods -= one;
    if (unit.kind() == UnitKind::prefix) eni.prefix_pods += one;
  }
  unit.pods += one;
  if (unit.kind() != UnitKind::prefix6) note_open(eni, static_cast<std::size_t>(&unit - eni.units.data()));
}

void Datastore::note_open(Eni& eni, std::size_t index) {
  if (index >= Eni::open_bits) return;
  const auto bit = std::uint64_t{1} << index;
  eni.open = may_serve(eni.units[index]) ? eni.open | bit : eni.open & ~bit;
}

/// Sums over interfaces and units, after some came or went.
void Datastore::recount() {
  pool_.total = pool_.assigned = 0;
  idle_enis_ = 0;
  for (auto& eni : enis_) {
    eni.open = 0;
    for (std::size_t i = 0; i < eni.units.size() && i < Eni::open_bits; ++i) note_open(eni, i);
    idle_enis_ += eni.pods == 0 && eni.could_be_spared() ? 1 : 0;
    if (eni.excluded) continue;
    pool_.total += prefix_mode_ ? std::int64_t{eni.prefixes} * 16 : eni.singles();
    pool_.assigned += prefix_mode_ ? eni.prefix_pods : eni.pods - eni.prefix_pods;
  }
}

std::optional<std::uint64_t> Datastore::candidate(const Unit& unit, SimTime now) const {
  if (unit.pods == unit.size()) return std::nullopt;
  for (const auto& slot : unit.slots)
    if (!slot.in_use() && !is_cooling(slot, now)) return slot.offset();
  const auto gap = lowest_gap(unit);
  return gap < unit.size() ? std::optional(gap) : std::nullopt;
}

bool Datastore::is_candidate(const Unit& unit, std::uint64_t offset, SimTime now) const {
  const auto lowest = candidate(unit, now);
  if (!lowest) return false;
  if (*lowest == offset) return true;
  const auto at = slot_place(unit.slots, offset);
  return at != unit.slots.end() && at->offset() == offset && !at->in_use() && !is_cooling(*at, now);
}

Datastore::Assigned Datastore::assign_in(Eni& eni, Unit& unit, std::uint64_t offset, PodId pod, SimTime now,
                                         bool stored) {
  touch(eni.id, unit.key());
  // What was released and is not chosen counts as never used from now on.
  unit.slots.erase_if([&](const Slot& slot) { return !slot.in_use() && !is_cooling(slot, now); });
  if (!stored) return {StoreError::store, {}};
  unit.slots.insert(slot_place(unit.slots, offset), Slot::taken(offset, pod));
  count_pod(eni, unit, true);
  ++assigned_;
  ++checkpoints_;
  const auto hint = unit.kind() == UnitKind::prefix6 ? 0 : &unit - eni.units.data();
  return {std::nullopt,
          {eni.id,
           eni.device,
           unit.key(),
           unit.first() + offset,
           static_cast<std::uint32_t>(hint),
           {&unit, enis_.data()}}};
}

Datastore::Assigned Datastore::assign(PodId pod, SimTime now, std::optional<uint128> chosen, bool stored) {
  if (const auto has = find(pod)) return {std::nullopt, *has};
  return assign_new(pod, now, chosen, stored);
}

Datastore::Assigned Datastore::assign_new(PodId pod, SimTime now, const std::optional<uint128>& chosen,
                                          bool stored) {
  for (auto& eni : enis_) {
    if (eni.excluded) continue;
    if (!chosen) {
      const auto found = first_candidate(eni, now);
      if (found) return assign_in(eni, *found->first, found->second, pod, now, stored);
      continue;
    }
    for (auto& unit : eni.units) {
      if (unit.kind() != mode() || !holds(unit, *chosen)) continue;
      const auto offset = static_cast<std::uint64_t>(*chosen - unit.first());
      if (is_candidate(unit, offset, now)) return assign_in(eni, unit, offset, pod, now, stored);
    }
  }
  return {StoreError::no_address, {}};
}

std::optional<std::pair<Unit*, std::uint64_t>> Datastore::first_candidate(Eni& eni, SimTime now) const {
  std::optional<std::pair<Unit*, std::uint64_t>> found;
  visit_open(eni, mode(), [&](const Unit& unit) {
    if (const auto offset = candidate(unit, now)) found = std::pair(const_cast<Unit*>(&unit), *offset);
    return found.has_value();
  });
  return found;
}

Datastore::Assigned Datastore::assign6(PodId pod, SimTime now, std::optional<uint128> chosen, bool stored) {
  if (!prefix_mode_) return {StoreError::not_prefix_mode, {}};
  if (const auto has = find(pod)) return {std::nullopt, *has};
  for (auto& eni : enis_) {
    if (eni.excluded) continue;
    for (auto& unit : eni.units6) {
      if (chosen && !holds(unit, *chosen)) continue;
      const auto offset =
          chosen ? std::optional(static_cast<std::uint64_t>(*chosen - unit.first())) : candidate(unit, now);
      if (offset && is_candidate(unit, *offset, now)) return assign_in(eni, unit, *offset, pod, now, stored);
    }
  }
  return {StoreError::no_address, {}};
}

void Datastore::release(Eni& eni, Unit& unit, Slot& slot, SimTime now) {
  touch(eni.id, unit.key());
  slot.release(now);
  eni.last_release = now;
  count_pod(eni, unit, false);
  --assigned_;
  ++checkpoints_;
  if (eni.excluded && unit.pods == 0) drops_.push_back({now + excluded_drop_delay, eni.id, unit.key()});
}

Datastore::Assigned Datastore::unassign(PodId pod, SimTime now, bool stored) {
  const auto found = locate(pod);
  if (found.slot == nullptr) return {StoreError::unknown_pod, {}};
  if (!stored) return {StoreError::store, {}};
  const PodAddress at{found.eni->id, found.eni->device, found.unit->key(),
                      found.unit->first() + found.slot->offset(), 0};
  release(*found.eni, *found.unit, *found.slot, now);
  return {std::nullopt, at};
}

void Datastore::unassign_at(const PodAddress& at, SimTime now) {
  auto* eni = eni_of(at.eni);
  CIDRPLAN_EXPECTS(eni != nullptr);
  const bool still_there = at.unit_hint < eni->units.size() && eni->units[at.unit_hint].key() == at.unit;
  const auto unit = still_there ? eni->units.begin() + at.unit_hint : place_of(eni->units, at.unit);
  CIDRPLAN_EXPECTS(unit != eni->units.end() && unit->key() == at.unit);
  const auto offset = static_cast<std::uint64_t>(at.address - at.unit.first);
  const auto slot = slot_place(unit->slots, offset);
  CIDRPLAN_EXPECTS(slot != unit->slots.end() && slot->offset() == offset && slot->in_use());
  release(*eni, *unit, *slot, now);
  fetch_open();
}

/// Tells the memory that the next pod may be served soon: the address that just came free still cools.
void Datastore::fetch_open() const {
  int more = 2;
  for (const auto& eni : enis_) {
    visit_open(eni, mode(), [&](const Unit& unit) {
      cidrplan::fetch(&unit);
      return --more == 0;
    });
    if (more == 0) return;
  }
}

bool Datastore::restore(PodId pod, uint128 address, bool ipv6) {
  for (auto& eni : enis_)
    for (auto& unit : ipv6 ? eni.units6 : eni.units) {
      if (!holds(unit, address)) continue;
      const auto offset = static_cast<std::uint64_t>(address - unit.first());
      const auto at = slot_place(unit.slots, offset);
      if (at != unit.slots.end() && at->offset() == offset) continue;
      unit.slots.insert(at, Slot::taken(offset, pod));
      count_pod(eni, unit, true);
      touch(eni.id, unit.key());
      ++assigned_;
      return true;
    }
  return false;
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
