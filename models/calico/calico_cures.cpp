#include <algorithm>
#include <fmt/format.h>

#include "models/calico/calico_factory.h"

namespace cidrplan::calico {
namespace {

constexpr int further_sizes = 3;

Cure set(std::string key, std::string value) {
  auto words = fmt::format("{} = {}", key, value);
  return {std::move(key), std::move(value), std::move(words)};
}

Cure block_size(const IpPool& pool, int size) {
  return {fmt::format("pool.{}.block_size", pool.name), std::to_string(size),
          fmt::format("block_size = {}", size)};
}

}  // namespace

/// Wider pools are tried for every design (capacity/cures).
std::vector<Cure> CalicoFactory::cures(const Evidence& evidence) const {
  if (!evidence.first_refusal) return {};
  const auto& [at, cause, place] = *evidence.first_refusal;
  std::vector<Cure> cures;
  const bool windows =
      std::any_of(classes_.begin(), classes_.end(), [](const NodeClass& nodes) { return nodes.windows; });
  const auto named =
      std::find_if(options_.pools.begin(), options_.pools.end(),
                   [&, &where = place](const PoolPlan& plan) { return plan.pool.name == where.name; });
  const auto& spec = named != options_.pools.end() ? named->pool : options_.pools.front().pool;
  switch (cause) {
    case Cause::no_free_block:
      if (!windows) cures.push_back(set("strict_affinity", "false"));
      for (int size = spec.block_size + 1;
           size <= std::min(spec.block_size + further_sizes, spec.cidr.width()); ++size)
        cures.push_back(block_size(spec, size));
      break;
    case Cause::block_cap: {
      std::int64_t most = 0;
      for (const auto& group : groups_) most = std::max(most, group.max_pods);
      const auto size = std::int64_t{1} << spec.block_bits();
      const auto needed = (most + static_cast<std::int64_t>(std::size(all_tunnels)) + size - 1) / size;
      if (needed > block_cap(options_, false))
        cures.push_back(set("max_blocks_per_host", std::to_string(needed)));
      for (int shorter = spec.block_size - 1;
           shorter >= std::max({spec.block_size - further_sizes, spec.cidr.width() - most_block_bits,
                                spec.cidr.length()});
           --shorter)
        cures.push_back(block_size(spec, shorter));
      if (windows && options_.windows_single_network)
        cures.push_back(set("windows_use_single_network", "false"));
      break;
    }
    case Cause::auto_allocate_off:
      cures.push_back(set("auto_allocate_blocks", "true"));
      break;
    case Cause::no_matching_pool:
      for (const auto& plan : options_.pools)
        if (!plan.pool.node_selector.selects_all())
          cures.push_back({fmt::format("pool.{}.node_selector", plan.pool.name), "\"all()\"",
                           fmt::format("{} for all nodes", plan.pool.name)});
      break;
    case Cause::cooling:
      cures.push_back(set("ip_cooldown", "\"0s\""));
      break;
    default:
      break;
  }
  return cures;
}

}  // namespace cidrplan::calico
