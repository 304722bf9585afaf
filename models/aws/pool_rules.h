#pragma once

#include <cstdint>
#include <memory>

#include "models/aws/datastore.h"
#include "planner/cluster/instance_catalog.h"

namespace cidrplan::aws {

/// The environment of the VPC CNI's daemon, as far as addresses depend on it.
/// @source aws/amazon-vpc-cni-k8s README.md, pkg/ipamd/ipamd.go
struct Settings {
  std::int64_t warm_eni_target = 1;
  std::int64_t warm_ip_target = 0;     ///< 0: not set
  std::int64_t minimum_ip_target = 0;  ///< 0: not set
  std::int64_t warm_prefix_target = 0;
  std::int64_t max_eni = 0;  ///< 0: not set
  bool prefix_delegation = false;
  bool custom_networking = false;
  bool subnet_discovery = true;
  bool pod_eni = false;
  bool manage_when_cordoned = false;
  bool provisioning = true;  ///< false: attach and release nothing
  Duration cooldown = Duration::seconds(30);

  bool has_address_targets() const { return warm_ip_target != 0 || minimum_ip_target != 0; }
};

/// What one node may have.
struct NodeLimits {
  int enis = 0;           ///< E, before MAX_ENI
  int units_per_eni = 0;  ///< N: slots besides the primary address
  bool can_trunk = true;
  std::int64_t max_pods = 110;
};

/// When a pool is too low or too high, and by how much. Counts are units of the mode (single addresses or
/// /28 prefixes) unless named otherwise.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (isDatastorePoolTooLow, datastoreTargetState, …)
class PoolRules {
 public:
  PoolRules(const Settings& settings, const NodeLimits& limits) : settings_(settings), limits_(limits) {}
  virtual ~PoolRules() = default;

  const Settings& settings() const { return settings_; }
  const NodeLimits& limits() const { return limits_; }
  /// E as the daemon uses it.
  int max_enis() const;

  virtual UnitKind unit() const = 0;
  bool is_low(const PoolStats& pool) const { return pool.total < limits_.max_pods && is_short(pool); }
  /// Units for an interface with room for `room` more.
  virtual std::int64_t wanted(const PoolStats& pool, std::int64_t free_prefixes, std::int64_t room) const = 0;
  /// Units to give back.
  virtual std::int64_t surplus(const PoolStats& pool, std::int64_t free_prefixes) const = 0;
  /// Whether to look for an interface to give up.
  virtual bool may_spare_eni(const PoolStats& pool, bool has_idle_eni) const = 0;

 protected:
  virtual bool is_short(const PoolStats& pool) const = 0;
  std::int64_t short_addresses(const PoolStats& pool) const;
  std::int64_t units_per_eni() const { return limits_.units_per_eni; }

 private:
  Settings settings_;
  NodeLimits limits_;
};

/// One address a slot.
class SecondaryRules final : public PoolRules {
 public:
  using PoolRules::PoolRules;
  UnitKind unit() const override { return UnitKind::single; }
  std::int64_t wanted(const PoolStats& pool, std::int64_t free_prefixes, std::int64_t room) const override;
  std::int64_t surplus(const PoolStats& pool, std::int64_t free_prefixes) const override;
  bool may_spare_eni(const PoolStats& pool, bool has_idle_eni) const override;

 protected:
  bool is_short(const PoolStats& pool) const override;
};

/// One /28 a slot.
class PrefixRules final : public PoolRules {
 public:
  using PoolRules::PoolRules;
  UnitKind unit() const override { return UnitKind::prefix; }
  std::int64_t wanted(const PoolStats& pool, std::int64_t free_prefixes, std::int64_t room) const override;
  std::int64_t surplus(const PoolStats& pool, std::int64_t free_prefixes) const override;
  bool may_spare_eni(const PoolStats& pool, bool has_idle_eni) const override;

 protected:
  bool is_short(const PoolStats& pool) const override;
};

std::unique_ptr<PoolRules> make_pool_rules(const Settings& settings, const NodeLimits& limits);
/// For a node of that type. Where it cannot have prefixes (Xen), the daemon falls back to single addresses.
std::unique_ptr<PoolRules> make_pool_rules(const Settings& settings, const InstanceLimits& type,
                                           std::int64_t max_pods);

}  // namespace cidrplan::aws
