#pragma once

#include <cstdint>

#include "planner/cluster/instance_catalog.h"

namespace cidrplan::aws {

/// Pods of a stock node that use the host's network (the CNI and kube-proxy): they count against kubelet's
/// limit, not against the addresses.
inline constexpr int host_network_pods = 2;

/// Interfaces whose addresses pods can have: E, one fewer with custom networking, where the primary one
/// carries only the node's own address.
int enis_for_pods(const InstanceLimits& limits, bool custom_networking);

/// Addresses that pods of one node can have, one a slot: E (A - 1).
int pod_addresses(const InstanceLimits& limits, bool custom_networking = false);

/// The same with security groups for pods: the trunk interface takes one of the E and gives no addresses.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (hasRoomForEni); m5.large = 18
int addresses_with_trunk(const InstanceLimits& limits);

/// With a /28 a slot, 16 addresses each where the type takes prefixes, else 1.
int prefix_pod_addresses(const InstanceLimits& limits, bool custom_networking = false);

/// What the published table holds: E (A - 1) + 2, without a cap.
/// @source aws/amazon-vpc-cni-k8s misc/eni-max-pods.txt, scripts/gen_vpc_ip_limits.go; m5.large = 29
int max_pods_by_secondary_address(const InstanceLimits& limits, bool custom_networking = false);

/// With a /28 a slot, before the cap: E (A - 1) 16 + 2. Types without Nitro and not bare metal fall back to
/// single addresses.
/// @source awslabs/amazon-eks-ami templates/al2/runtime/max-pods-calculator.sh
int max_pods_by_prefix_uncapped(const InstanceLimits& limits, bool custom_networking = false);

/// 110, or 250 above 30 vCPUs; 110 where vCPUs are not known. What EKS writes for managed node groups.
int pod_cap(const InstanceLimits& limits);

/// Prefixes, capped.
int max_pods_by_prefix(const InstanceLimits& limits, bool custom_networking = false);

/// What Karpenter sets: (E - reserved) (A - 1) + 2, and 0, not 2, where no interface is left.
/// @source aws/karpenter-provider-aws pkg/providers/instancetype/types.go (ENILimitedPods)
int max_pods_by_karpenter(const InstanceLimits& limits, int reserved_enis = 0);

}  // namespace cidrplan::aws
