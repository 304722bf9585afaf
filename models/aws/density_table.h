#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/aws/density.h"
#include "planner/cluster/price.h"

namespace cidrplan::aws {

/// Where a node's limit of pods comes from.
enum class DensityRule : std::uint8_t {
  published,      ///< the table that comes with the VPC CNI
  formula,        ///< interfaces × (addresses - 1) + 2, no cap: nodeadm's default
  managed,        ///< the same, capped at 110 or 250: managed node groups without an AMI of their own
  karpenter,      ///< Karpenter's default
  custom,         ///< custom networking: one interface fewer
  branch,         ///< security groups for pods: a trunk takes one interface, each branch serves one pod
  prefix,         ///< prefix delegation, capped
  prefix_custom,  ///< both, capped
  overlay,        ///< addresses not from the VPC: the cap alone
};
inline constexpr DensityRule all_density_rules[] = {
    DensityRule::published, DensityRule::formula,       DensityRule::managed,
    DensityRule::karpenter, DensityRule::custom,        DensityRule::branch,
    DensityRule::prefix,    DensityRule::prefix_custom, DensityRule::overlay,
};
/// published, formula, managed, karpenter, custom, branch, prefix, prefix-custom, overlay
std::string_view to_string(DensityRule rule);
/// In a few words.
std::string_view meaning(DensityRule rule);

struct DensityQuery {
  int daemonsets = 0;                    ///< daemonset pods of a node that take an address
  int host_network = host_network_pods;  ///< pods of a node on the host's network
  int month_hours = 730;                 ///< 8,760 / 12
};

struct DensityRow {
  const InstanceLimits* limits = nullptr;  ///< outlives the row
  DensityRule rule = DensityRule::published;
  int max_pods = 0;                        ///< kubelet's limit, host-network pods included
  std::optional<int> addresses;            ///< that pods of the node can have; none: not bound by the VPC
  int application_pods = 0;                ///< beside host-network and daemonset pods; 0: unusable
  std::optional<std::int64_t> slot_month;  ///< millionths of a dollar for each application pod
  std::vector<std::string> remarks;        ///< without figures of the type, so that few differ
};

/// Why the rule says nothing about the type; empty where it does.
std::string_view not_applicable(const InstanceLimits& limits, DensityRule rule);

/// One row. The rule applies to the type.
DensityRow density_row(const InstanceLimits& limits, DensityRule rule, std::optional<MicroUsd> price,
                       const DensityQuery& query);

/// The cost of one pod slot a month, halves up, in millionths of a dollar.
std::int64_t slot_month(MicroUsd price, int hours, int slots);

/// By family, then by size: nano to large, the xlarges by number, metal last.
bool smaller_type(const InstanceLimits& a, const InstanceLimits& b);

}  // namespace cidrplan::aws
