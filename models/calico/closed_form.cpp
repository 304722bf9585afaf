#include "models/calico/closed_form.h"

#include <algorithm>
#include <array>

#include "planner/net/prefix_set.h"

namespace cidrplan::calico {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return b > 0 ? (a + b - 1) / b : 0; }

const FamilyDemand& of_family(const GroupDemand& demand, Family family) {
  return family == Family::ipv4 ? demand.ipv4 : demand.ipv6;
}

const GroupDemand* demand_of(const NodeClass& nodes, const DemandAt& demand) {
  const auto at = std::find_if(demand.groups.begin(), demand.groups.end(),
                               [&](const GroupDemand& each) { return each.group == nodes.group; });
  return at != demand.groups.end() ? &*at : nullptr;
}

bool share_a_pool(const PoolList& a, const PoolList& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](std::size_t i) { return std::find(b.begin(), b.end(), i) != b.end(); });
}

/// Bounds for one family.
class Bounds {
 public:
  Bounds(const CalicoOptions& options, std::span<const NodeClass> classes, const DemandAt& today,
         const DemandAt& peak, Family family)
      : options_(options), classes_(classes), today_(today), peak_(peak), family_(family) {}

  uint128 most() const {
    const auto there = capacity(all_pools(), peak_.at);
    return fills_beyond_demand() ? there : std::min(most_needed(), there);
  }
  uint128 least() const;

  /// Some node may have had to do without.
  bool may_be_short() const {
    return fills_beyond_demand() || most_needed() > capacity(all_pools(), today_.at);
  }

 private:
  /// Blocks that were needed of some pools.
  struct Need {
    PoolList pools;
    std::int64_t blocks = 0;
  };

  // Leaks and cooling addresses fill blocks too, as many as there is room for.
  bool fills_beyond_demand() const { return options_.leaks > 0 || options_.config.cooldown.ms > 0; }
  uint128 most_needed() const;
  std::int64_t most_blocks(const NodeClass& nodes, const GroupDemand& most) const;
  std::vector<Need> needs_of(const NodeClass& nodes, const GroupDemand& least, const GroupDemand& most) const;
  std::int64_t pods_for_sure(const NodeClass& nodes, const GroupDemand& least, const GroupDemand& most) const;
  uint128 least_of(const Need& need) const;

  const IpPool& pool(std::size_t i) const { return options_.pools[i].pool; }
  PoolList all_pools() const;
  /// Addresses of the pools that are there.
  uint128 capacity(const PoolList& pools, SimTime at) const;
  uint128 blocks_in(const PoolList& pools, SimTime at) const;
  int smallest_bits(const PoolList& pools) const;

  const CalicoOptions& options_;
  std::span<const NodeClass> classes_;
  const DemandAt& today_;
  const DemandAt& peak_;
  Family family_;
};

// --- from above
// -----------------------------------------------------------------------------------------------

uint128 Bounds::most_needed() const {
  uint128 held = 0;
  for (const auto& plan : options_.pools) {
    if (plan.pool.family() != family_) continue;
    for (const auto& blocks : plan.held)
      held += static_cast<uint128>(blocks.blocks) << plan.pool.block_bits();
  }
  for (const auto& nodes : classes_) {
    const auto* const most = demand_of(nodes, peak_);
    if (most == nullptr) continue;
    int bits = 0;
    for (const auto i : nodes.of(family_).for_pods) bits = std::max(bits, pool(i).block_bits());
    for (const auto& list : nodes.of(family_).for_tunnels)
      for (const auto i : list) bits = std::max(bits, pool(i).block_bits());
    const auto count = nodes.parts == 1 ? most->nodes : std::min(most->nodes, most->nodes / nodes.parts + 1);
    held += static_cast<uint128>(count * most_blocks(nodes, *most)) << bits;
  }
  return held;
}

/// A node claims a block when all it may use are full, so the last it claimed was needed for its addresses at
/// that moment. Pods of different namespaces, and tunnels, may have to claim in pools of their own.
std::int64_t Bounds::most_blocks(const NodeClass& nodes, const GroupDemand& most) const {
  const auto& pools = nodes.of(family_);
  const auto tunnels = static_cast<std::int64_t>(pools.for_tunnels.size());
  const auto cap = block_cap(options_, nodes.windows);
  auto blocks = cap;  // where a block gives nothing, every attempt claims another
  std::int64_t smallest = 0;
  for (const auto i : pools.for_pods) {
    const auto usable = usable_in_block(pool(i), nodes.windows);
    smallest = smallest == 0 ? usable : std::min(smallest, usable);
    if (usable == 0) break;
  }
  if (smallest > 0 || pools.for_pods.empty())
    blocks = std::min(cap, divide_up(of_family(most, family_).most_per_node + tunnels, smallest));
  if (nodes.windows && family_ == Family::ipv4) blocks = std::max<std::int64_t>(blocks, 1);
  blocks *= pools.lists;
  for (const auto& list : pools.for_tunnels)
    if (list != pools.for_pods) ++blocks;
  return blocks;
}

// --- from below
// -----------------------------------------------------------------------------------------------

/// Where some of the pools of two needs are the same, one may take what the other counts on: only the larger
/// counts.
uint128 Bounds::least() const {
  if (!options_.config.auto_allocate_blocks) return 0;
  std::vector<Need> needs;
  for (const auto& nodes : classes_) {
    const auto* const least = demand_of(nodes, today_);
    const auto* const most = demand_of(nodes, peak_);
    if (least == nullptr || most == nullptr) continue;
    for (auto& need : needs_of(nodes, *least, *most)) {
      const auto same = std::find_if(needs.begin(), needs.end(),
                                     [&](const Need& each) { return each.pools == need.pools; });
      if (same != needs.end())
        same->blocks += need.blocks;
      else
        needs.push_back(std::move(need));
    }
  }
  uint128 held = 0;
  std::vector<bool> done(needs.size(), false);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (done[i]) continue;
    done[i] = true;
    std::vector<std::size_t> together{i};
    uint128 most = 0;
    for (std::size_t t = 0; t < together.size(); ++t) {
      most = std::max(most, least_of(needs[together[t]]));
      for (std::size_t j = 0; j < needs.size(); ++j) {
        if (done[j] || !share_a_pool(needs[together[t]].pools, needs[j].pools)) continue;
        done[j] = true;
        together.push_back(j);
      }
    }
    held += most;
  }
  uint128 reserved = 0;
  for (const auto& plan : options_.pools)
    if (plan.pool.family() == family_)
      reserved += (PrefixSet(plan.reservations) & PrefixSet(std::array{plan.pool.cidr})).size(family_);
  return held > reserved ? held - reserved : 0;
}

std::vector<Bounds::Need> Bounds::needs_of(const NodeClass& nodes, const GroupDemand& least,
                                           const GroupDemand& most) const {
  const auto& pools = nodes.of(family_);
  auto standing = static_cast<uint128>(least.nodes / nodes.parts);
  std::vector<Need> needs;
  std::int64_t beside_pods = 0;
  for (const auto& list : pools.for_tunnels) {
    if (list == pools.for_all_pods) {
      ++beside_pods;
      continue;
    }
    // A node that gets no address for its tunnel does not join.
    standing = std::min(
        standing, options_.config.strict_affinity ? blocks_in(list, today_.at) : capacity(list, today_.at));
    const auto same = [&](const Need& need) { return need.pools == list; };
    if (std::none_of(needs.begin(), needs.end(), same)) needs.push_back({list, 0});
  }
  const auto count = static_cast<std::int64_t>(standing);
  for (auto& need : needs) need.blocks = count;
  if (pools.for_all_pods.empty()) return needs;

  const auto pods = std::min(pods_for_sure(nodes, least, most), count * most_pods(options_, nodes, family_));
  const auto most_per_node = std::max<std::int64_t>(1, of_family(most, family_).most_per_node);
  const bool windows_block = nodes.windows && family_ == Family::ipv4;
  std::int64_t largest = 0;
  for (const auto i : pools.for_all_pods)
    largest = std::max(largest, usable_in_block(pool(i), nodes.windows));
  const auto addresses = pods + beside_pods * count;
  // While no block is left nodes borrow, and one that has its few pods claims none of those that leaving
  // nodes give up. Of a block without an owner only what is in use is held.
  const bool may_own_none =
      !options_.config.strict_affinity && !nodes.windows && may_be_short() && most.nodes > least.nodes;
  if (may_own_none) {
    needs.push_back({pools.for_all_pods, largest > 0 ? addresses / largest : 0});
    return needs;
  }
  const auto with_block =
      beside_pods > 0 || windows_block ? count : std::min(count, divide_up(pods, most_per_node));
  const auto filled = divide_up(addresses, largest);
  const auto blocks = std::min(std::max(with_block, filled), count * block_cap(options_, nodes.windows));
  needs.push_back({pools.for_all_pods, blocks});
  return needs;
}

/// A pod that may lack an address of its other family gives this one back.
std::int64_t Bounds::pods_for_sure(const NodeClass& nodes, const GroupDemand& least,
                                   const GroupDemand& most) const {
  const auto other = family_ == Family::ipv4 ? Family::ipv6 : Family::ipv4;
  const auto pods = of_family(least, family_).pods / nodes.parts;
  if (of_family(most, other).pods == 0) return pods;
  const auto per_node = most_pods(options_, nodes, other);
  const bool fits = per_node >= of_family(most, other).most_per_node &&
                    !Bounds(options_, classes_, today_, peak_, other).may_be_short();
  return fits ? pods : 0;
}

/// As many blocks, or all there are.
uint128 Bounds::least_of(const Need& need) const {
  const auto wanted = static_cast<uint128>(std::max<std::int64_t>(0, need.blocks))
                      << smallest_bits(need.pools);
  return std::min(wanted, capacity(need.pools, today_.at));
}

// --- pools
// ----------------------------------------------------------------------------------------------------

PoolList Bounds::all_pools() const {
  PoolList pools;
  for (std::size_t i = 0; i < options_.pools.size(); ++i)
    if (pool(i).family() == family_) pools.push_back(i);
  return pools;
}

uint128 Bounds::capacity(const PoolList& pools, SimTime at) const {
  uint128 sum = 0;
  for (const auto i : pools)
    if (options_.pools[i].from <= std::max(at, SimTime{})) sum = saturating_add(sum, pool(i).cidr.size());
  return sum;
}

uint128 Bounds::blocks_in(const PoolList& pools, SimTime at) const {
  uint128 sum = 0;
  for (const auto i : pools)
    if (options_.pools[i].from <= std::max(at, SimTime{}))
      sum = saturating_add(sum, pool(i).cidr.count_of(pool(i).block_size));
  return sum;
}

int Bounds::smallest_bits(const PoolList& pools) const {
  int bits = most_block_bits;
  for (const auto i : pools) bits = std::min(bits, pool(i).block_bits());
  return bits;
}

}  // namespace

HeldInBlocks held_in_blocks(const CalicoOptions& options, std::span<const NodeClass> classes,
                            const DemandAt& today, const DemandAt& running_peak, Family family) {
  const Bounds bounds(options, classes, today, running_peak, family);
  const auto most = bounds.most();
  return {{std::min(bounds.least(), most), most}, bounds.may_be_short()};
}

}  // namespace cidrplan::calico
