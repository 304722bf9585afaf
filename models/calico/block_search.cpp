#include "models/calico/block_search.h"

namespace cidrplan::calico {

std::optional<BlockSearch::Stretch> BlockSearch::stretch(const IpPool& pool, HostId host) {
  if (pool.walk_bits() < 0) return std::nullopt;
  std::uint64_t seed = data_.hosts[host].name_hash;
  if (pool.block_bits() == 0 && data_.options.single_address_seed)
    seed = *data_.options.single_address_seed + clock_walks_++;
  const BlockWalk walk(seed, pool.walk_bits());
  const uint128 first = pool.cidr.first().value() >> pool.block_bits();
  return Stretch{first, first + walk.start(), first + walk.last()};
}

std::optional<Prefix> BlockSearch::find(HostId host, std::span<const PoolId> pools, SimTime now) {
  for (const auto id : pools)
    if (auto found = unclaimed(data_.pool(id).spec(), host)) return found;
  if (data_.options.profile == Profile::p31) return std::nullopt;
  for (const auto id : pools)
    if (auto found = take_over(data_.pool(id).spec(), host, now)) return found;
  return std::nullopt;
}

std::optional<uint128> BlockSearch::unclaimed_between(const IpPool& pool, uint128 first, uint128 last) const {
  const auto* index = data_.store.index(pool.family(), pool.block_size);
  while (true) {
    const auto absent = index != nullptr ? index->next_absent(first, last) : std::optional(first);
    if (!absent || data_.reservations.empty()) return absent;
    const auto reserved_to =
        data_.reservations.last_reserved_block(pool.family(), pool.block_bits(), *absent);
    if (!reserved_to) return absent;
    if (*reserved_to >= last) return std::nullopt;
    first = *reserved_to + 1;
  }
}

std::optional<Prefix> BlockSearch::unclaimed(const IpPool& pool, HostId host) {
  const auto part = stretch(pool, host);
  if (!part) return std::nullopt;
  auto number = unclaimed_between(pool, part->start, part->last);
  if (!number && part->start > part->first) number = unclaimed_between(pool, part->first, part->start - 1);
  if (!number) return std::nullopt;
  return Prefix(Address(pool.family(), *number << pool.block_bits()), pool.block_size);
}

bool BlockSearch::may_be_taken_over(BlockId id, SimTime now) {
  const auto& block = data_.store[id];
  if (block.used() != block.kept_by_windows() + block.cooling()) {
    data_.store.mark_used(id);
    return false;
  }
  if (!data_.is_empty(id, now) || data_.is_reserved(id) || data_.free_addresses(id, now) == 0) return false;
  if (const auto claimed = block.claimed(); claimed && now - *claimed < least_reclaim_age) return false;
  // One without owner can only be empty while nobody has written it since its last ordinal cooled down. The
  // original tries to release an affinity that it does not have, and fails.
  return block.has_owner();
}

std::optional<Prefix> BlockSearch::take_over(const IpPool& pool, HostId host, SimTime now) {
  std::optional<Prefix> found;
  for_each(pool, host, BlockIndex::Mark::may_be_empty, [&](BlockId block) {
    if (!may_be_taken_over(block, now)) return true;
    found = data_.store[block].cidr();
    affinities_.release(block, true, now);
    return false;
  });
  return found;
}

}  // namespace cidrplan::calico
