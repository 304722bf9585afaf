#include "models/aws/linux_mode.h"

#include <algorithm>

#include "models/aws/density.h"
#include "models/aws/interface_placement.h"
#include "models/aws/ipamd_node.h"
#include "models/aws/trunk.h"

namespace cidrplan::aws {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Kubelet's limit where the group gives none.
int max_pods_by_rule(const Settings& settings, const InstanceLimits& limits) {
  const bool custom = settings.custom_networking;
  return settings.prefix_delegation && limits.prefix_capable ? max_pods_by_prefix(limits, custom)
                                                             : max_pods_by_secondary_address(limits, custom);
}

}  // namespace

LinuxMode::LinuxMode(const VpcCniOptions& options, const NodeShape& shape) {
  const auto& settings = options.settings;
  idle_.primary = settings.custom_networking || primary_serves_no_pod(options, shape);
  const int max_pods = shape.max_pods.value_or(max_pods_by_rule(settings, *shape.limits));
  rules_ = make_pool_rules(settings, *shape.limits, max_pods);
  // The daemon keeps a slot for the trunk also where the controller knows of none for the type.
  idle_.trunk = settings.pod_eni && rules_->limits().can_trunk;
  trunk_missing_ = idle_.trunk && branch_limit(options, shape) == 0;
  density_.max_pods = max_pods;
  const auto per_unit = static_cast<std::int64_t>(size_of(rules_->unit()));
  density_.pod_addresses = serving_enis(*rules_, idle_) * rules_->limits().units_per_eni * per_unit;
  // MINIMUM_IP_TARGET alone: the pool never grows beyond it.
  if (settings.has_address_targets() && settings.warm_ip_target == 0) {
    const auto ceiling = divide_up(settings.minimum_ip_target, per_unit) * per_unit;
    density_.pod_addresses = std::min(density_.pod_addresses, ceiling);
  }
}

std::int64_t LinuxMode::grown_to(std::int64_t pods) const {
  return steady_pool(*rules_, pods, idle_).vpc_addresses(rules_->unit()) - 1 - (trunk_missing_ ? 1 : 0);
}

std::int64_t LinuxMode::at_most(std::int64_t pods) const {
  auto held = unlimited_pool(*rules_, pods, idle_).vpc_addresses(rules_->unit()) - 1;
  const auto& settings = rules_->settings();
  if (rules_->unit() == UnitKind::prefix && !settings.has_address_targets())
    held += 16 * std::max<std::int64_t>(settings.warm_prefix_target - 1, 0);
  return held;
}

std::unique_ptr<CniNode> LinuxMode::make_node(const Node& node, std::vector<SubnetId> for_new,
                                              VpcSide& vpc) const {
  auto made = std::make_unique<IpamdNode>(node, *rules_, std::move(for_new), vpc);
  if (vpc.options.measures_pools && rules_->unit() == UnitKind::single)
    made->measure_pool(density_.pod_addresses);
  return made;
}

}  // namespace cidrplan::aws
