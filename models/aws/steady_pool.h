#pragma once

#include <cstdint>

#include "models/aws/pool_rules.h"

namespace cidrplan::aws {

/// Interfaces of a node that serve no pod of the pool.
struct IdleInterfaces {
  bool primary = false;  ///< custom networking, or its subnet gives no addresses to pods
  bool trunk = false;    ///< for security groups of pods

  std::int64_t count() const { return std::int64_t{primary} + std::int64_t{trunk}; }
};

/// Interfaces that pods of the pool have addresses of, at most. The primary one is there, and serves unless
/// it is idle, whatever a trunk takes off MAX_ENI.
std::int64_t serving_enis(const PoolRules& rules, IdleInterfaces idle);

/// What a node's daemon settles at on the way up.
struct SteadyPool {
  std::int64_t enis = 1;   ///< the primary one included
  std::int64_t units = 0;  ///< single addresses or /28 prefixes, of the mode

  /// VPC addresses drawn, the interfaces' own included.
  std::int64_t vpc_addresses(UnitKind unit) const {
    return enis + units * static_cast<std::int64_t>(size_of(unit));
  }
};

/// The pool of a node that has grown, pod by pod, to `pods` pods with addresses. N slots an interface, E
/// interfaces, W, M and w the targets:
///
///     WARM_ENI_TARGET w        interfaces = min(E, w + ceil(p / N)); w = 0: min(E, floor(p / N) + 1)
///     W >= 1, single           addresses  = min(E N, max(p + W, M))
///     W >= 1, prefixes         prefixes   = min(E N, max(ceil((p + W) / 16), ceil(M / 16)))
///     M alone                  M addresses, whatever p is
///     WARM_PREFIX_TARGET w     prefixes   = min(E N, w + ceil(p / 16))
///
/// Each idle interface takes one off E, and with custom networking at least one further interface is there.
/// Growth ends with the step that brings as many addresses as kubelet takes pods. With w = 0 a node whose
/// pods just fill its units never rests, and the figure is that with one more unit.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go
SteadyPool steady_pool(const PoolRules& rules, std::int64_t pods, IdleInterfaces idle = {});

/// The same if kubelet took any number: where several pods come at once, one step may go beyond its limit.
SteadyPool unlimited_pool(const PoolRules& rules, std::int64_t pods, IdleInterfaces idle = {});

}  // namespace cidrplan::aws
