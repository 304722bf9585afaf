#include "models/aws/vpc_cni_factory.h"

#include <algorithm>

#include "models/aws/density.h"
#include "models/aws/steady_pool.h"
#include "models/aws/vpc_cni_advice.h"
#include "models/aws/vpc_cni_model.h"

namespace cidrplan::aws {
namespace {

/// What a node with steady growth to `pods` holds beside its own address.
std::int64_t held_beside_own(const PoolRules& rules, std::int64_t pods) {
  return steady_pool(rules, pods).vpc_addresses(rules.unit()) - 1;
}

}  // namespace

std::unique_ptr<IpamModel> VpcCniFactory::make(SubnetSpace& space, std::uint64_t) const {
  return std::make_unique<VpcCniModel>(options_, space);
}

std::vector<Finding> VpcCniFactory::findings(const Evidence& evidence) const {
  return findings_of(options_, evidence);
}

std::vector<Cure> VpcCniFactory::cures(const Evidence& evidence) const {
  return cures_of(options_, evidence);
}

Density VpcCniFactory::density(const NodeShape& shape) const {
  Density density;
  if (shape.limits == nullptr) {
    density.max_pods = shape.max_pods.value_or(density.max_pods);
    return density;
  }
  const auto& settings = options_.settings;
  const bool custom = settings.custom_networking;
  const int by_rule = has_prefixes() && shape.limits->prefix_capable
                          ? max_pods_by_prefix(*shape.limits, custom)
                          : max_pods_by_secondary_address(*shape.limits, custom);
  density.max_pods = shape.max_pods.value_or(by_rule);
  const auto rules = make_pool_rules(settings, *shape.limits, density.max_pods);
  const auto per_unit = static_cast<std::int64_t>(size_of(rules->unit()));
  const auto enis = std::max(rules->max_enis() - (custom ? 1 : 0), 0);
  density.pod_addresses = std::int64_t{enis} * rules->limits().units_per_eni * per_unit;
  // MINIMUM_IP_TARGET alone: the pool never grows beyond it.
  if (settings.has_address_targets() && settings.warm_ip_target == 0) {
    const auto ceiling = (settings.minimum_ip_target + per_unit - 1) / per_unit * per_unit;
    density.pod_addresses = std::min(density.pod_addresses, ceiling);
  }
  return density;
}

/// At least, over a group: every node carries as much less than the even spread as the fullest carries more.
std::int64_t VpcCniFactory::least_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr || group.nodes == 0) return 0;
  const auto max_pods = density(group.shape).max_pods;
  const auto rules = make_pool_rules(options_.settings, *group.shape.limits, max_pods);
  const auto even = group.pods / group.nodes;
  const auto fewest = std::max<std::int64_t>(even - std::max<std::int64_t>(group.most_per_node - even, 1), 0);
  auto pool = steady_pool(*rules, fewest);
  // Growth ends once the pool has as many addresses as the node may have pods.
  const auto per_unit = static_cast<std::int64_t>(size_of(rules->unit()));
  pool.units = std::min(pool.units, (max_pods + per_unit - 1) / per_unit);
  const std::int64_t own = options_.settings.custom_networking ? 1 : 0;
  const auto per_eni = std::max<std::int64_t>(rules->limits().units_per_eni, 1);
  pool.enis = std::max<std::int64_t>((pool.units + per_eni - 1) / per_eni, 1) + own;
  return group.nodes * (pool.vpc_addresses(rules->unit()) - 1);
}

/// At most: every node has once carried the most that one can have carried, and keeps its interfaces.
std::int64_t VpcCniFactory::most_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr) return 0;
  const auto rules = make_pool_rules(options_.settings, *group.shape.limits, density(group.shape).max_pods);
  auto held = held_beside_own(*rules, group.most_per_node);
  if (rules->unit() == UnitKind::prefix && !options_.settings.has_address_targets())
    held += 16 * std::max<std::int64_t>(options_.settings.warm_prefix_target - 1, 0);
  return group.nodes * held;
}

/// What the subnets of the groups could give to the model.
std::int64_t VpcCniFactory::room_of(const DemandAt& demand) const {
  std::vector<bool> counted(options_.subnets.size(), false);
  std::int64_t room = 0;
  std::int64_t nodes = 0;
  const bool custom = options_.settings.custom_networking;
  for (const auto& group : demand.groups) {
    if (!custom) nodes += group.nodes;
    for (const auto id : group.subnets) counted[index_of(id)] = !custom;
  }
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const auto& subnet = options_.subnets[i];
    if (subnet.from > demand.at) continue;
    if (counted[i] || (custom && subnet.role == SubnetRole::pods)) room += subnet.capacity() - subnet.in_use;
  }
  return std::max<std::int64_t>(room - nodes, 0);
}

ClosedForm VpcCniFactory::closed_form(const DemandAt& today, const DemandAt& running_peak) const {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t largest_request = 0;
  std::int64_t addresses_per_eni = 1;
  std::int64_t nodes = 0;
  for (const auto& group : today.groups) {
    low += least_of(group);
    nodes += group.nodes;
    if (group.shape.limits == nullptr) continue;
    addresses_per_eni = std::max<std::int64_t>(addresses_per_eni, group.shape.limits->ipv4_per_eni);
    largest_request = std::max<std::int64_t>(largest_request, group.shape.limits->ipv4_per_eni);
  }
  for (const auto& group : running_peak.groups) high += most_of(group);
  const auto room = room_of(today);
  // A subnet too full for one more interface keeps what is left; so does the region's quota of interfaces.
  if (low > room) low = std::max<std::int64_t>(room - largest_request * std::ssize(options_.subnets), 0);
  const auto interfaces = std::max<std::int64_t>(interface_quota_ - nodes - 4, 0);
  low = std::min(low, nodes * (addresses_per_eni - 1) + interfaces);
  high = std::max(std::min(high, room_of(running_peak)), low);
  return {{static_cast<uint128>(low), static_cast<uint128>(high)}, {0, 0}};
}

}  // namespace cidrplan::aws
