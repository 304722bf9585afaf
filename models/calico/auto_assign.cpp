#include "models/calico/auto_assign.h"

namespace cidrplan::calico {
namespace {

std::uint32_t missing(const AutoAssignRequest& request, const AutoAssignAnswer& answer) {
  return request.count - static_cast<std::uint32_t>(answer.addresses.size());
}

}  // namespace

std::int32_t AutoAssign::cap(std::int32_t requested) const {
  const auto configured = data_.config.max_blocks_per_host;
  auto cap = requested;
  if (configured > 0 && cap > configured) cap = configured;
  if (cap == 0) cap = configured;
  return cap == 0 ? default_block_cap : cap;
}

bool AutoAssign::is_usable(BlockId block) const {
  return PoolSelection::holds(data_, pools_.selected(), data_.store[block].address(0));
}

bool AutoAssign::prepare(const PoolRequest& request, SimTime now, Error& error) {
  const auto& host = data_.hosts[request.host];
  if (!host.is_virtual && !host.has_node) {
    error = {.code = ErrorCode::node_missing, .host = request.host};
    return false;
  }
  if (!pools_.choose(data_, request, error)) return false;
  release_unselected(request, now);
  return true;
}

/// Empty blocks of the host in pools that have ceased to select its node go on this occasion.
void AutoAssign::release_unselected(const PoolRequest& request, SimTime now) {
  const auto enabled = data_.pools.enabled(request.family);
  if (pools_.selected().size() == enabled.size() && request.pools.empty()) return;
  const auto& host = data_.hosts[request.host];
  const auto labels = host.is_virtual ? no_labels : host.labels;
  to_release_.clear();
  for (const auto block : host.of(request.family)) {
    const auto base = data_.store[block].address(0);
    if (PoolSelection::holds(data_, pools_.serving(), base)) continue;
    const auto pool = data_.pools.enabled_pool_of(base);
    if (pool != no_pool && !data_.pool(pool).selects_node(labels, data_.labels)) to_release_.push_back(block);
  }
  for (const auto block : to_release_) affinities_.release(block, true, now);
}

void AutoAssign::assign(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer) {
  answer.clear();
  if (request.count == 0) return;
  const bool unfit_windows = request.windows && !data_.config.strict_affinity;
  if (unfit_windows && data_.is_p33()) {
    answer.error.code = ErrorCode::windows_needs_strict_affinity;
    return;
  }
  for (const auto& pool : request.pools) {
    if (pool.family() == request.family) continue;
    answer.error = {.code = ErrorCode::pool_of_other_family, .prefix = pool};
    return;
  }
  if (!prepare(request, now, answer.error)) return;
  if (unfit_windows) {
    answer.error.code = ErrorCode::windows_needs_strict_affinity;
    return;
  }
  const auto owned = take_from_own(request, now, answer);
  if (missing(request, answer) > 0) take_from_new(request, now, answer, owned);
  if (answer.error || data_.config.strict_affinity || missing(request, answer) == 0) return;
  borrow(request, now, answer);
}

bool AutoAssign::take(BlockId block, const AutoAssignRequest& request, SimTime now,
                      AutoAssignAnswer& answer) {
  if (data_.free_addresses(block, now) == 0) return false;
  const auto wanted = missing(request, answer);
  data_.store.settle(block, data_.cold_before(now));
  data_.store.assign(block, wanted, {request.handle, request.owner}, data_.reservations, answer.addresses);
  if (request.handle != no_handle) data_.store.raise_count(request.handle, block, wanted);
  data_.store.written(block);
  return true;
}

std::int32_t AutoAssign::take_from_own(const AutoAssignRequest& request, SimTime now,
                                       AutoAssignAnswer& answer) {
  std::int32_t owned = 0;
  for (const auto block : data_.hosts[request.host].of(request.family)) {
    if (!is_usable(block)) continue;
    ++owned;
    take(block, request, now, answer);
    if (missing(request, answer) == 0) break;
  }
  return owned;
}

void AutoAssign::take_from_new(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer,
                               std::int32_t owned) {
  const auto most = cap(request.max_blocks);
  for (; missing(request, answer) > 0; ++owned) {
    if (owned >= most) {
      answer.reached_cap = most;
      answer.error.code = ErrorCode::block_limit;
      return;
    }
    if (!data_.config.auto_allocate_blocks) {
      answer.error.code = ErrorCode::auto_allocation_off;
      return;
    }
    const auto cidr = search_.find(request.host, pools_.selected(), now);
    if (!cidr) {
      answer.no_more_affine_blocks = data_.config.strict_affinity;
      return;
    }
    auto block = no_block;
    answer.error = affinities_.claim(*cidr, request.host, request.keeps_addresses(), now, block);
    if (answer.error) return;
    if (take(block, request, now, answer)) continue;
    answer.error = {.code = ErrorCode::nothing_free_in_new_block, .prefix = *cidr};
    return;
  }
}

void AutoAssign::borrow(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer) {
  for (const auto id : pools_.selected()) {
    if (missing(request, answer) == 0) return;
    const auto& pool = data_.pool(id).spec();
    const bool to_the_end = search_.for_each_with_room(pool, request.host, [&](BlockId block) {
      const auto& stored = data_.store[block];
      if (stored.free() == 0 && stored.cooling() == 0) {
        data_.store.mark_full(block);
        return true;
      }
      take(block, request, now, answer);
      return missing(request, answer) > 0;
    });
    if (to_the_end) answer.exhausted_pools.push_back(pool.cidr);
  }
}

Error AutoAssign::ensure_windows_block(HostId host, std::span<const Prefix> pools, SimTime now,
                                       std::optional<Prefix>& found) {
  found.reset();
  const bool unfit = !data_.config.strict_affinity;
  if (unfit && data_.is_p33()) return {.code = ErrorCode::windows_needs_strict_affinity};
  for (const auto& pool : pools)
    if (pool.family() != Family::ipv4) return {.code = ErrorCode::pool_of_other_family, .prefix = pool};
  Error error;
  if (!prepare({Family::ipv4, host, Use::workload, pools, no_labels, true}, now, error)) return error;
  for (const auto block : data_.hosts[host].of(Family::ipv4)) {
    if (!is_usable(block) || data_.is_reserved(block)) continue;
    found = data_.store[block].cidr();
    return {};
  }
  if (unfit) return {.code = ErrorCode::windows_needs_strict_affinity};
  if (!data_.config.auto_allocate_blocks) return {.code = ErrorCode::auto_allocation_off};
  const auto cidr = search_.find(host, pools_.selected(), now);
  if (!cidr) return {.code = ErrorCode::no_free_blocks};
  auto block = no_block;
  error = affinities_.claim(*cidr, host, true, now, block);
  if (!error) found = cidr;
  return error;
}

}  // namespace cidrplan::calico
