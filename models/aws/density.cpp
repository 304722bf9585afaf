#include "models/aws/density.h"

#include <algorithm>

#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {
namespace {

constexpr int addresses_per_prefix = 16;

}  // namespace

int enis_for_pods(const InstanceLimits& limits, bool custom_networking) {
  return std::max(limits.enis - (custom_networking ? 1 : 0), 0);
}

int pod_addresses(const InstanceLimits& limits, bool custom_networking) {
  return enis_for_pods(limits, custom_networking) * std::max(limits.ipv4_per_eni - 1, 0);
}

int addresses_with_trunk(const InstanceLimits& limits) {
  return std::max(limits.enis - 1, 0) * std::max(limits.ipv4_per_eni - 1, 0);
}

int prefix_pod_addresses(const InstanceLimits& limits, bool custom_networking) {
  const int per_slot = limits.prefix_capable ? addresses_per_prefix : 1;
  return pod_addresses(limits, custom_networking) * per_slot;
}

int max_pods_by_secondary_address(const InstanceLimits& limits, bool custom_networking) {
  return pod_addresses(limits, custom_networking) + host_network_pods;
}

int max_pods_by_prefix_uncapped(const InstanceLimits& limits, bool custom_networking) {
  return prefix_pod_addresses(limits, custom_networking) + host_network_pods;
}

int pod_cap(const InstanceLimits& limits) { return default_max_pods(&limits); }

int max_pods_by_prefix(const InstanceLimits& limits, bool custom_networking) {
  return std::min(max_pods_by_prefix_uncapped(limits, custom_networking), pod_cap(limits));
}

int max_pods_by_karpenter(const InstanceLimits& limits, int reserved_enis) {
  const int usable = limits.enis - std::max(reserved_enis, 0);
  if (usable <= 0) return 0;
  return usable * std::max(limits.ipv4_per_eni - 1, 0) + host_network_pods;
}

}  // namespace cidrplan::aws
