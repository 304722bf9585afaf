#include "models/calico/calico_model.h"

namespace cidrplan::calico {

void CalicoModel::occupancy(OccupancyReport& report) const {
  report.piece = "block";
  report.pieces = "blocks";
  report.owned = report.collected = true;
  for (std::size_t i = 0; i < options_.pools.size(); ++i) {
    const auto& pool = options_.pools[i].pool;
    report.ranges.push_back(
        {{PlaceKind::pool, static_cast<std::uint32_t>(i)}, pool.cidr, pool.block_size, {}});
  }
  allocator_.store().for_each_block([&](BlockId id) {
    const auto pool = std::find(pool_ids_.begin(), pool_ids_.end(), ledger_.pool_of(id));
    if (pool == pool_ids_.end()) return;
    report.ranges[static_cast<std::size_t>(pool - pool_ids_.begin())].holdings.push_back(holding_of(id));
  });
}

Holding CalicoModel::holding_of(BlockId id) const {
  const auto& block = allocator_.store()[id];
  Holding holding;
  const Prefix cidr = block.cidr();
  const auto pool = std::find(pool_ids_.begin(), pool_ids_.end(), ledger_.pool_of(id));
  const auto& range = options_.pools[static_cast<std::size_t>(pool - pool_ids_.begin())].pool.cidr;
  holding.number = range.index_of(block.length(), cidr.first());
  holding.kept = block.kept_by_windows();
  holding.used = block.used() - holding.kept;
  holding.borrowed = borrowed_from(id);
  if (!block.has_owner()) return holding;

  const auto owner = block.owner();
  if (slot_of(owner) < node_of_host_.size() && node_of_host_[slot_of(owner)] != no_node)
    holding.owner = static_cast<std::uint32_t>(node_of_host_[slot_of(owner)]);
  const auto& host = allocator_.data().hosts[owner];
  const auto blocks = host.of(Family::ipv4).size() + host.of(Family::ipv6).size();
  // Windows keeps addresses back, which the collector takes for addresses in use.
  holding.waiting = block.used() == 0 && blocks > 1 && options_.grace > Duration{};
  return holding;
}

std::uint32_t CalicoModel::borrowed_from(BlockId id) const {
  const auto& store = allocator_.store();
  const auto& block = store[id];
  if (store.counts(ledger_.pool_of(id)).borrowed == 0) return 0;
  std::uint32_t borrowed = 0;
  for (std::uint32_t ordinal = 0; ordinal < block.size(); ++ordinal) {
    const auto* allocation = store.allocation_of(id, static_cast<Ordinal>(ordinal));
    if (allocation != nullptr && allocation->node != no_host && allocation->node != block.owner()) ++borrowed;
  }
  return borrowed;
}

}  // namespace cidrplan::calico
