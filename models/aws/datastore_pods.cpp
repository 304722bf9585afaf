// Which pod has which address.

#include <algorithm>

#include "models/aws/datastore.h"
#include "planner/ipam/fetch.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

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
}

void Datastore::expect_release(EniId id, std::size_t unit_hint) const {
  const auto* const eni = find_eni(id);
  if (eni != nullptr && unit_hint < eni->units.size()) load_ahead(&eni->units[unit_hint]);
  // What just came free still cools, so that the next pod has another address.
  int more = 2;
  for (const auto& each : enis_) {
    visit_open(each, mode(), [&](const Unit& unit) {
      load_ahead(&unit);
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

}  // namespace cidrplan::aws
