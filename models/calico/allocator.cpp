#include "models/calico/allocator.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::calico {

Allocator::Allocator(const Options& options)
    : data_(options), affinities_(data_), auto_assign_(data_, affinities_), releases_(data_, affinities_) {}

void Allocator::set_node(HostId host, const Labels& labels) {
  CIDRPLAN_EXPECTS(!data_.hosts[host].is_virtual);
  data_.hosts[host].has_node = true;
  data_.hosts[host].labels = intern(labels);
}

void Allocator::delete_node(HostId host) {
  data_.hosts[host].has_node = false;
  data_.hosts[host].labels = no_labels;
}

PoolId Allocator::set_pool(const IpPool& pool) {
  CIDRPLAN_EXPECTS(0 <= pool.block_bits() && pool.block_bits() <= most_block_bits);
  counts_are_stale_ = true;
  return data_.pools.set(pool);
}

bool Allocator::delete_pool(std::string_view name) {
  counts_are_stale_ = true;
  return data_.pools.erase(name) != no_pool;
}

void Allocator::store_config(const Config& config) {
  data_.config = config;
  if (!data_.is_p33()) data_.config.cooldown = {};
}

Error Allocator::set_config(const Config& config) {
  auto wanted = config;
  if (!data_.is_p33()) wanted.cooldown = {};
  if (wanted == data_.config) return {};
  if (!wanted.strict_affinity && !wanted.auto_allocate_blocks)
    return {.code = ErrorCode::strict_affinity_and_auto_allocation_off};
  if (wanted.max_blocks_per_host > 0 && !wanted.strict_affinity)
    return {.code = ErrorCode::cap_without_strict_affinity};
  data_.config = wanted;
  return {};
}

Error Allocator::assign_ip(const AssignIpRequest& request, SimTime now) {
  const auto& address = request.address;
  const auto pool_id = data_.pools.enabled_pool_of(address);
  if (pool_id == no_pool) return {.code = ErrorCode::address_outside_pools, .address = address};
  const auto& pool = data_.pool(pool_id).spec();
  if (data_.is_p33() && request.use && !pool.allowed_uses.contains(*request.use))
    return {.code = ErrorCode::use_not_allowed, .use = *request.use, .pool = pool_id, .address = address};
  const bool strict = data_.config.strict_affinity;
  if (request.windows && !strict) return {.code = ErrorCode::windows_needs_strict_affinity};

  const Prefix cidr(address, pool.block_size);
  auto& store = data_.store;
  auto block = store.find(cidr);
  if (block == no_block) {
    const auto error = affinities_.claim(cidr, request.host, request.windows, now, block);
    if (error) return error;
  }
  if (strict && store[block].owner() != request.host) {
    return {.code = store[block].has_owner() ? ErrorCode::other_host : ErrorCode::block_without_affinity,
            .prefix = cidr};
  }
  const auto ordinal = store[block].ordinal_of(address);
  const auto* in_use = store.allocation_of(block, ordinal);
  const auto cold = data_.cold_before(now);
  if (in_use != nullptr && !(in_use->kind() == OwnerKind::cooling && in_use->released() < cold))
    return {.code = ErrorCode::already_assigned, .address = address};
  store.settle(block, cold);
  store.assign_at(block, ordinal, {request.handle, request.owner});
  if (request.handle != no_handle) store.raise_count(request.handle, block, 1);
  store.written(block);
  return {};
}

Error Allocator::ips_by_handle(HandleId handle, std::vector<Address>& addresses) const {
  addresses.clear();
  const auto& store = data_.store;
  if (!store.handles().exists(handle)) return {.code = ErrorCode::handle_missing, .handle = handle};
  std::vector<Ordinal> ordinals;
  store.handles().for_each_count(handle, [&](const HandleTable::Count& count) {
    if (!store[count.block].exists()) return;
    store.ordinals_of(handle, count.block, ordinals);
    for (const auto ordinal : ordinals) addresses.push_back(store[count.block].address(ordinal));
  });
  std::sort(addresses.begin(), addresses.end());
  return {};
}

std::uint64_t Allocator::sequence_of(const Address& address) const {
  const auto cidr = releases_.block_cidr_of(address);
  const auto block = cidr ? data_.store.find(*cidr) : no_block;
  if (block == no_block) return 0;
  return data_.store[block].sequence_of(data_.store[block].ordinal_of(address));
}

Error Allocator::release_block_affinity(BlockId block, bool must_be_empty, SimTime now) {
  if (!data_.store[block].exists() || !data_.store[block].has_owner()) return {};
  return affinities_.release(block, must_be_empty, now);
}

const PoolCounts& Allocator::counts(PoolId pool) {
  if (counts_are_stale_) {
    data_.store.recount([&](const Block& block) { return data_.pools.cut_into(block.cidr()); });
    counts_are_stale_ = false;
  }
  return data_.store.counts(pool);
}

}  // namespace cidrplan::calico
