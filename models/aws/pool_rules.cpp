#include "models/aws/pool_rules.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

constexpr std::int64_t addresses_per_prefix = 16;

std::int64_t prefixes_for(std::int64_t addresses) {
  return (addresses + addresses_per_prefix - 1) / addresses_per_prefix;
}

}  // namespace

int PoolRules::max_enis() const {
  const auto own = settings_.max_eni;
  return own >= 1 && own < limits_.enis ? static_cast<int>(own) : limits_.enis;
}

std::int64_t PoolRules::short_addresses(const PoolStats& pool) const {
  return std::max({settings_.warm_ip_target - pool.available(), settings_.minimum_ip_target - pool.total,
                   std::int64_t{0}});
}

// --- single addresses ---

bool SecondaryRules::is_short(const PoolStats& pool) const {
  if (settings().has_address_targets()) return short_addresses(pool) > 0;
  const auto available = pool.available();
  const auto warm = settings().warm_eni_target;
  return available < warm * units_per_eni() || (warm == 0 && available == 0);
}

std::int64_t SecondaryRules::wanted(const PoolStats& pool, std::int64_t, std::int64_t room) const {
  return settings().has_address_targets() ? std::min(room, short_addresses(pool)) : room;
}

std::int64_t SecondaryRules::surplus(const PoolStats& pool, std::int64_t) const {
  if (!settings().has_address_targets()) return 0;
  const auto over_warm = pool.available() - settings().warm_ip_target;
  return std::max(std::min(over_warm, pool.total - settings().minimum_ip_target), std::int64_t{0});
}

bool SecondaryRules::may_spare_eni(const PoolStats& pool, bool) const {
  if (settings().has_address_targets()) return true;
  return pool.available() >= (settings().warm_eni_target + 1) * units_per_eni();
}

// --- prefixes ---

bool PrefixRules::is_short(const PoolStats& pool) const {
  if (settings().has_address_targets()) return short_addresses(pool) > 0;
  const auto available = pool.available();
  const auto warm = settings().warm_prefix_target;
  return available < warm * addresses_per_prefix || (warm == 0 && available == 0);
}

std::int64_t PrefixRules::wanted(const PoolStats& pool, std::int64_t free_prefixes, std::int64_t room) const {
  const auto target = settings().has_address_targets() ? prefixes_for(short_addresses(pool))
                                                       : settings().warm_prefix_target - free_prefixes;
  return std::min(room, std::max(target, std::int64_t{1}));
}

std::int64_t PrefixRules::surplus(const PoolStats& pool, std::int64_t free_prefixes) const {
  if (!settings().has_address_targets())
    return std::max(free_prefixes - settings().warm_prefix_target, std::int64_t{0});
  const auto for_warm = prefixes_for(pool.assigned + settings().warm_ip_target);
  const auto for_minimum = prefixes_for(settings().minimum_ip_target);
  return std::max(std::min({free_prefixes, pool.prefixes - for_warm, pool.prefixes - for_minimum}),
                  std::int64_t{0});
}

bool PrefixRules::may_spare_eni(const PoolStats& pool, bool has_idle_eni) const {
  if (settings().has_address_targets() || has_idle_eni) return true;
  const auto per_eni = units_per_eni() * addresses_per_prefix;
  return pool.available() >= (settings().warm_prefix_target + 1) * per_eni;
}

std::unique_ptr<PoolRules> make_pool_rules(const Settings& settings, const NodeLimits& limits) {
  if (settings.prefix_delegation) return std::make_unique<PrefixRules>(settings, limits);
  return std::make_unique<SecondaryRules>(settings, limits);
}

std::unique_ptr<PoolRules> make_pool_rules(const Settings& settings, const InstanceLimits& type,
                                           std::int64_t max_pods) {
  NodeLimits limits;
  limits.enis = type.enis;
  limits.units_per_eni = type.ipv4_per_eni - 1;
  limits.can_trunk = type.trunk_branch_enis.value_or(1) > 0;
  limits.max_pods = max_pods;
  auto own = settings;
  own.prefix_delegation = settings.prefix_delegation && type.prefix_capable;
  return make_pool_rules(own, limits);
}

}  // namespace cidrplan::aws
