#include <algorithm>

#include "models/calico/calico_model.h"

namespace cidrplan::calico {

void CalicoModel::report(UsageReport& report) {
  for (std::size_t i = 0; i < options_.pools.size(); ++i) {
    UsageRow row;
    row.place = {PlaceKind::pool, static_cast<std::uint32_t>(i)};
    if (pool_ids_[i] != no_pool) {
      row.usage = usage_of(i);
      row.borrowed = allocator_.counts(pool_ids_[i]).borrowed;
      if (may_borrow(i)) row.borrowable = row.usage.idle;
    }
    report.rows.push_back(row);
  }
  add_measures(report);
}

bool CalicoModel::may_claim(std::size_t pool) const {
  return options_.config.auto_allocate_blocks && !options_.pools[pool].pool.disabled;
}

bool CalicoModel::may_borrow(std::size_t pool) const {
  return may_claim(pool) && !options_.config.strict_affinity;
}

Usage CalicoModel::usage_of(std::size_t pool) {
  const auto& counts = allocator_.counts(pool_ids_[pool]);
  const auto& sums = ledger_.of(pool_ids_[pool]);
  Usage usage;
  usage.capacity = options_.pools[pool].pool.cidr.size();
  usage.in_use = counts.assigned;
  usage.overhead = counts.kept_by_windows;
  usage.cooling = counts.cooling;
  usage.idle = sums.idle;
  if (may_claim(pool)) {
    // Free addresses in blocks without a living owner go to borrowers, or come back with their empty block.
    const bool takes_over = options_.profile != Profile::p31;
    const uint128 usable = may_borrow(pool) ? sums.stray : takes_over ? sums.reclaimable : 0;
    usage.unusable = reserved_[pool] - sums.reserved_taken + sums.stray - usable;
  } else {
    usage.unusable = usage.capacity - usage.held();
  }
  usage.available = usage.capacity - usage.held() - usage.unusable;
  return usage;
}

void CalicoModel::add_measures(UsageReport& report) {
  std::uint64_t blocks = 0, owned = 0, empty = 0, single = 0, routes = 0;
  for (std::size_t i = 0; i < pool_ids_.size(); ++i) {
    if (pool_ids_[i] == no_pool) continue;
    const auto& plan = options_.pools[i];
    const auto& sums = ledger_.of(pool_ids_[i]);
    const auto away = allocator_.counts(pool_ids_[i]).borrowed;
    blocks += sums.blocks;
    owned += sums.owned;
    empty += sums.empty;
    single += sums.single;
    // Felix programs routes to every block that has an owner; over BGP each node tells of its own.
    const bool by_felix = plan.encapsulation == Encapsulation::vxlan ||
                          (plan.encapsulation == Encapsulation::ipip && options_.profile == Profile::p33);
    if (by_felix)
      routes += sums.owned + away;
    else if (plan.exported_by_bgp)
      routes += sums.owned - sums.owned_by_gone + away;
  }
  const auto add = [&](std::string_view name, std::string_view label, std::uint64_t value) {
    report.measures.push_back({name, label, static_cast<std::int64_t>(value)});
  };
  add("blocks_held", "blocks held", blocks);
  add("blocks_empty", "blocks without an address in use", empty);
  add("blocks_single", "blocks with one address in use", single);
  // All prefixes less a node's own, on average.
  const auto own = nodes_present_ > 0 ? routes / nodes_present_ : 0;
  add("routes_per_node", "routes a node learns", routes - own);
  // Blocks, their affinities, handles, and the configuration.
  add("datastore_objects", "IPAM objects in the datastore", blocks + owned + handles_in_use_ + 1);
}

}  // namespace cidrplan::calico
