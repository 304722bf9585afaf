#include "models/calico/pool_selection.h"

#include <algorithm>
#include <bit>

namespace cidrplan::calico {

int PoolSelection::most_block_size(const PoolRequest& request) {
  const int width = width_of(request.family);
  if (!request.keeps_addresses()) return width;
  return width - static_cast<int>(std::bit_width(windows_reserved_at_start + windows_reserved_at_end));
}

Error PoolSelection::look(const Datastore& data, const PoolRequest& request) {
  chosen_->serving.clear();
  chosen_->selected.clear();
  const auto enabled = data.pools.enabled(request.family);
  const auto fits = [&](PoolId id) { return data.pool(id).spec().block_size <= most_block_size(request); };
  if (std::none_of(enabled.begin(), enabled.end(), fits)) return {.code = ErrorCode::no_qualified_pool};
  if (!request.pools.empty()) {
    if (const auto error = take_requested(data, request)) return error;
  } else {
    take_matching(data, request);
  }
  if (chosen_->serving.empty()) return {.code = ErrorCode::no_pool_for_node, .host = request.host};
  for (const auto id : chosen_->serving)
    if (data.pool(id).spec().allowed_uses.contains(request.use)) chosen_->selected.push_back(id);
  if (chosen_->selected.empty()) return {.code = ErrorCode::no_pool_for_use, .use = request.use};
  return {};
}

Error PoolSelection::take_requested(const Datastore& data, const PoolRequest& request) {
  for (const auto& cidr : request.pools) {
    auto found = no_pool;  // of pools with one CIDR, the last by name
    for (const auto id : data.pools.enabled(request.family)) {
      const auto& spec = data.pool(id).spec();
      if (spec.cidr == cidr && spec.block_size <= most_block_size(request)) found = id;
    }
    if (found == no_pool) return {.code = ErrorCode::pool_not_enabled, .prefix = cidr};
    chosen_->serving.push_back(found);
  }
  return {};
}

void PoolSelection::take_matching(const Datastore& data, const PoolRequest& request) {
  const auto& host = data.hosts[request.host];
  const auto node_labels = host.is_virtual ? no_labels : host.labels;
  for (const auto id : data.pools.enabled(request.family)) {
    const auto& pool = data.pool(id);
    if (pool.spec().automatic && pool.selects_node(node_labels, data.labels) &&
        pool.selects_namespace(request.namespace_labels, data.labels))
      chosen_->serving.push_back(id);
  }
}

}  // namespace cidrplan::calico
