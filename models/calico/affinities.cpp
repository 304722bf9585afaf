#include "models/calico/affinities.h"

#include <algorithm>

#include "models/calico/affinity_name.h"

namespace cidrplan::calico {

void Affinities::list(HostId host, BlockId block) {
  const auto& store = data_.store;
  const auto cidr = store[block].cidr();
  auto& owner = data_.hosts[host];
  auto& blocks = owner.of(cidr.family());
  const auto at = std::partition_point(blocks.begin(), blocks.end(), [&](BlockId other) {
    return listed_before(owner.name, store[other].cidr(), cidr);
  });
  blocks.insert(static_cast<std::size_t>(at - blocks.begin()), block);
}

void Affinities::unlist(HostId host, BlockId block) {
  auto& blocks = data_.hosts[host].of(data_.store[block].family());
  blocks.erase(static_cast<std::size_t>(std::find(blocks.begin(), blocks.end(), block) - blocks.begin()));
}

Error Affinities::claim(const Prefix& cidr, HostId host, bool windows, SimTime now, BlockId& block) {
  if (windows && cidr.size() < windows_reserved_at_start + windows_reserved_at_end)
    return {.code = ErrorCode::block_too_small_for_windows, .prefix = cidr};
  BlockStore::NewBlock wanted{.cidr = cidr, .owner = host, .now = now, .windows = windows};
  if (data_.options.profile != Profile::p31) wanted.claimed = now;
  wanted.pool = data_.pools.cut_into(cidr);
  block = data_.store.create(wanted);
  list(host, block);
  return {};
}

Error Affinities::release(BlockId block, bool must_be_empty, SimTime now) {
  auto& store = data_.store;
  const bool empty = data_.is_empty(block, now);
  if (must_be_empty && !empty) return {.code = ErrorCode::block_not_empty, .prefix = store[block].cidr()};
  unlist(store[block].owner(), block);
  store.settle(block, data_.cold_before(now));
  if (empty) {
    store.remove(block);
  } else {
    store.clear_owner(block);
    store.written(block);
  }
  return {};
}

Error Affinities::release_all_of(HostId host, bool must_be_empty, SimTime now) {
  Error last;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto& owned = data_.hosts[host].of(family);
    blocks_.assign(owned.begin(), owned.end());
    for (const auto block : blocks_)
      if (const auto error = release(block, must_be_empty, now)) last = error;
  }
  return last;
}

void Affinities::release_all_in(const Prefix& cidr, SimTime now) {
  blocks_.clear();
  data_.store.for_each_block([&](BlockId id) {
    const auto& block = data_.store[id];
    if (block.has_owner() && cidr.contains(block.address(0))) blocks_.push_back(id);
  });
  for (const auto block : blocks_) release(block, false, now);
}

Error Affinities::check_cidr(const Prefix& cidr, int& block_size) const {
  const auto pool = data_.pools.enabled_pool_of(cidr.first());
  if (pool == no_pool) return {.code = ErrorCode::cidr_outside_pools, .prefix = cidr};
  block_size = data_.pool(pool).spec().block_size;
  if (cidr.length() > block_size) return {.code = ErrorCode::cidr_too_small, .prefix = cidr};
  return {};
}

Error Affinities::release_slices(const Prefix& cidr, HostId host, bool must_be_empty, SimTime now) {
  int block_size = 0;
  if (const auto error = check_cidr(cidr, block_size)) return error;
  const auto* index = data_.store.index(cidr.family(), block_size);
  if (index == nullptr) return {};
  const int bits = cidr.width() - block_size;
  const uint128 last = cidr.last().value() >> bits;
  auto at = index->next(cidr.first().value() >> bits, last);
  while (at) {
    const auto number = at->number;
    if (data_.store[at->block].owner() == host)
      if (const auto error = release(at->block, must_be_empty, now)) return error;
    if (number == last) break;
    at = index->next(number + 1, last);
  }
  return {};
}

Error Affinities::claim_slices(const Prefix& cidr, HostId host, SimTime now, std::vector<Prefix>& claimed,
                               std::vector<Prefix>& failed) {
  claimed.clear();
  failed.clear();
  int block_size = 0;
  if (const auto error = check_cidr(cidr, block_size)) return error;
  const auto slices = cidr.count_of(block_size);
  if (slices > most_slices) return {.code = ErrorCode::cidr_too_large, .prefix = cidr};
  for (uint128 i = 0; i < slices; ++i) {
    const auto slice = cidr.child(block_size, i);
    auto block = data_.store.find(slice);
    if (block == no_block) claim(slice, host, false, now, block);
    (data_.store[block].owner() == host ? claimed : failed).push_back(slice);
  }
  return {};
}

void Affinities::release_unselected(BlockId id, SimTime now) {
  const auto& block = data_.store[id];
  if (!block.exists() || !block.has_owner()) return;
  const auto pool = data_.pools.enabled_pool_of(block.address(0));
  if (pool == no_pool || data_.pool(pool).selects_all_nodes()) return;
  const auto& node = data_.hosts[data_.hosts[block.owner()].node];
  if (!node.has_node || data_.pool(pool).selects_node(node.labels, data_.labels)) return;
  release(id, true, now);
}

}  // namespace cidrplan::calico
