#include "models/aws/steady_pool.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return b > 0 ? (a + b - 1) / b : 0; }

/// Where addresses or prefixes are wanted, not whole interfaces.
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

bool wants_whole_enis(const PoolRules& rules) {
  return rules.unit() == UnitKind::single && !rules.settings().has_address_targets();
}

/// Units of a node whose interfaces had no limit.
std::int64_t units_wanted(const PoolRules& rules, std::int64_t pods) {
  if (!wants_whole_enis(rules)) return wanted_units(rules, pods);
  const std::int64_t per_eni = rules.limits().units_per_eni;
  const auto warm = rules.settings().warm_eni_target;
  const auto enis = warm == 0 ? pods / per_eni + 1 : warm + divide_up(pods, per_eni);
  return enis * per_eni;
}

/// Where growth ends because the pool has an address for every pod that kubelet takes: before the first pod
/// it goes in steps of one interface's room, later in steps of what one more pod asks for.
std::int64_t units_for_max_pods(const PoolRules& rules) {
  const auto enough = divide_up(rules.limits().max_pods, static_cast<std::int64_t>(size_of(rules.unit())));
  const auto before_pods = units_wanted(rules, 0);
  if (before_pods < enough && !wants_whole_enis(rules)) return enough;
  const std::int64_t per_eni = rules.limits().units_per_eni;
  const auto in_steps = divide_up(enough, per_eni) * per_eni;
  return wants_whole_enis(rules) ? in_steps : std::min(before_pods, in_steps);
}

SteadyPool pool_of(const PoolRules& rules, std::int64_t units, IdleInterfaces idle) {
  idle.primary = idle.primary || rules.settings().custom_networking;
  const auto serving = serving_enis(rules, idle);
  const std::int64_t per_eni = rules.limits().units_per_eni;
  SteadyPool pool;
  pool.units = std::min(units, serving * per_eni);
  // Of a node with no interface left for pods the primary one, and a trunk.
  if (serving == 0) {
    pool.enis += std::int64_t{idle.trunk};
    return pool;
  }
  pool.enis = std::max<std::int64_t>(divide_up(pool.units, per_eni), 1) + idle.count();
  return pool;
}

}  // namespace

std::int64_t serving_enis(const PoolRules& rules, IdleInterfaces idle) {
  return std::max<std::int64_t>(rules.max_enis() - idle.count(), idle.primary ? 0 : 1);
}

SteadyPool steady_pool(const PoolRules& rules, std::int64_t pods, IdleInterfaces idle) {
  if (rules.limits().units_per_eni <= 0) return pool_of(rules, 0, idle);
  return pool_of(rules, std::min(units_wanted(rules, pods), units_for_max_pods(rules)), idle);
}

SteadyPool unlimited_pool(const PoolRules& rules, std::int64_t pods, IdleInterfaces idle) {
  if (rules.limits().units_per_eni <= 0) return pool_of(rules, 0, idle);
  return pool_of(rules, units_wanted(rules, pods), idle);
}

}  // namespace cidrplan::aws
