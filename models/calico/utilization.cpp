#include "models/calico/utilization.h"

#include <algorithm>

#include "models/calico/affinity_name.h"

namespace cidrplan::calico {
namespace {

constexpr auto most = static_cast<uint128>(INT64_MAX);

std::int64_t capped(uint128 count) { return static_cast<std::int64_t>(std::min(count, most)); }

BlockUse use_of(const Datastore& data, BlockId id) {
  const auto& block = data.store[id];
  BlockUse use{id, block.size(), block.used(), 0, block.free()};
  if (!data.is_p33() || data.reservations.empty()) return use;
  use.reserved = capped(data.reservations.count_in(block.cidr()));
  use.available = 0;
  for (auto each = block.first_free(); each != no_ordinal; each = block.next_free(each))
    use.available += data.reservations.covers(block.address(each)) ? 0 : 1;
  return use;
}

void add_sums(const Datastore& data, PoolUse& use) {
  const auto size = use.cidr.host_bits() == 128 ? uint128_max : use.cidr.size();
  const uint128 reserved = data.reservations.count_in(use.cidr);
  uint128 in_blocks = 0;
  uint128 reserved_in_blocks = 0;
  std::uint64_t available_in_blocks = 0;
  for (const auto& block : use.blocks) {
    use.in_use += block.in_use;
    in_blocks += static_cast<uint128>(block.capacity);
    reserved_in_blocks += static_cast<uint128>(block.reserved);
    available_in_blocks += static_cast<std::uint64_t>(block.available);
  }
  use.capacity = capped(size);
  use.reserved = capped(reserved);
  // Space without blocks is capped first, then what the blocks have is added with 64 bits.
  const auto rest = [](uint128 whole, uint128 part) { return whole > part ? whole - part : 0; };
  const auto free_outside =
      static_cast<std::uint64_t>(capped(rest(rest(size, in_blocks), rest(reserved, reserved_in_blocks))));
  use.available = static_cast<std::int64_t>(free_outside + available_in_blocks);
}

}  // namespace

std::vector<BlockId> listed_blocks(const Datastore& data) {
  std::vector<std::pair<std::string, BlockId>> named;
  data.store.for_each_block([&](BlockId id) { named.emplace_back(dashed(data.store[id].cidr()), id); });
  std::sort(named.begin(), named.end());
  std::vector<BlockId> blocks;
  for (const auto& [name, id] : named) blocks.push_back(id);
  return blocks;
}

std::vector<PoolUse> utilization(const Datastore& data) {
  std::vector<PoolUse> uses;
  for (const auto id : data.pools.all()) {
    const auto& spec = data.pool(id).spec();
    uses.emplace_back();
    uses.back().name = spec.name;
    uses.back().pool = id;
    uses.back().cidr = spec.cidr;
  }
  uses.emplace_back();
  uses.back().name = orphans_name;
  for (const auto id : listed_blocks(data)) {
    const auto cidr = data.store[id].cidr();
    const auto at =
        std::find_if(uses.begin(), uses.end(), [&](const PoolUse& use) { return use.cidr.overlaps(cidr); });
    if (at != uses.end()) at->blocks.push_back(use_of(data, id));
  }
  if (data.is_p33()) {
    for (auto& use : uses)
      if (use.pool != no_pool) add_sums(data, use);
  }
  return uses;
}

}  // namespace cidrplan::calico
