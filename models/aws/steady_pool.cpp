#include "models/aws/steady_pool.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return b > 0 ? (a + b - 1) / b : 0; }

/// Units wanted by the targets, before the node's limits; none where whole interfaces are wanted.
std::int64_t wanted_units(const PoolRules& rules, std::int64_t pods) {
  const auto& settings = rules.settings();
  const auto per_unit = static_cast<std::int64_t>(size_of(rules.unit()));
  if (settings.has_address_targets()) {
    const auto for_minimum = divide_up(settings.minimum_ip_target, per_unit);
    if (settings.warm_ip_target == 0) return for_minimum;
    return std::max(divide_up(pods + settings.warm_ip_target, per_unit), for_minimum);
  }
  if (settings.warm_prefix_target == 0) return pods / per_unit + 1;
  return settings.warm_prefix_target + divide_up(pods, per_unit);
}

}  // namespace

SteadyPool steady_pool(const PoolRules& rules, std::int64_t pods, IdleInterfaces idle) {
  const auto& settings = rules.settings();
  idle.primary = idle.primary || settings.custom_networking;
  const auto serving = std::max<std::int64_t>(rules.max_enis() - idle.count(), 0);
  const std::int64_t per_eni = rules.limits().units_per_eni;
  SteadyPool pool;
  pool.enis += std::int64_t{idle.trunk};
  if (per_eni <= 0 || serving == 0) return pool;
  const bool whole_enis = rules.unit() == UnitKind::single && !settings.has_address_targets();
  if (whole_enis) {
    const auto warm = settings.warm_eni_target;
    const auto wanted = warm == 0 ? pods / per_eni + 1 : warm + divide_up(pods, per_eni);
    pool.enis = std::min(serving, std::max<std::int64_t>(wanted, 1));
    pool.units = pool.enis * per_eni;
  } else {
    pool.units = std::min(serving * per_eni, wanted_units(rules, pods));
    pool.enis = std::max<std::int64_t>(divide_up(pool.units, per_eni), 1);
  }
  pool.enis += idle.count();
  return pool;
}

}  // namespace cidrplan::aws
