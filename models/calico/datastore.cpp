#include "models/calico/datastore.h"

namespace cidrplan::calico {

std::uint32_t Datastore::look_for_free(BlockId id, SimTime now) const {
  const auto& block = store[id];
  const auto cold = block.cooling() == 0 ? SimTime{} : cold_before(now);
  const auto due = block.cooling() == 0 ? 0 : store.due(id, cold);
  if (reservations.empty() || !reservations.touches(block.cidr())) return block.free() + due;
  if (reservations.covers(block.cidr())) return 0;
  std::uint32_t free = 0;
  for (auto each = block.first_free(); each != no_ordinal; each = block.next_free(each))
    free += reservations.covers(block.address(each)) ? 0 : 1;
  for (std::uint32_t i = 0; due > 0 && i < block.size(); ++i) {
    const auto ordinal = static_cast<Ordinal>(i);
    const auto* entry = store.allocation_of(id, ordinal);
    if (entry == nullptr || entry->kind() != OwnerKind::cooling || entry->released() >= cold) continue;
    free += reservations.covers(block.address(ordinal)) ? 0 : 1;
  }
  return free;
}

bool Datastore::is_empty(BlockId id, SimTime now) const {
  const auto& block = store[id];
  const auto others = block.used() - block.kept_by_windows();
  if (others != block.cooling()) return false;
  return others == 0 || store.due(id, cold_before(now)) == others;
}

}  // namespace cidrplan::calico
