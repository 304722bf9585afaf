#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/aws/instance_data.h"

namespace cidrplan::aws {

/// Where a node's limit of pods comes from.
enum class DensityRule : std::uint8_t {
  published,      ///< the table of the VPC CNI, without a cap; nodeadm's default
  managed,        ///< the same, capped at 110 or 250: managed node groups without an AMI of their own
  karpenter,      ///< Karpenter's default
  custom,         ///< custom networking: one interface fewer
  prefix,         ///< prefix delegation, capped
  prefix_custom,  ///< both, capped
  overlay,        ///< addresses not from the VPC: the cap alone
};
inline constexpr DensityRule all_density_rules[] = {
    DensityRule::published, DensityRule::managed,       DensityRule::karpenter, DensityRule::custom,
    DensityRule::prefix,    DensityRule::prefix_custom, DensityRule::overlay,
};
/// published, managed, karpenter, custom, prefix, prefix-custom, overlay
std::string_view to_string(DensityRule rule);

struct DensityQuery {
  int daemonsets = 0;     ///< daemonset pods of a node that take an address
  int month_hours = 730;  ///< 8,760 / 12
};

struct DensityRow {
  std::string_view type;
  DensityRule rule = DensityRule::published;
  int max_pods = 0;                        ///< kubelet's limit, host-network pods included
  std::optional<int> addresses;            ///< that pods of the node can have; none: not bound by the VPC
  int application_pods = 0;                ///< beside host-network and daemonset pods
  std::optional<std::int64_t> slot_month;  ///< millionths of a dollar for each application pod
  std::string remark;
};

/// One row.
DensityRow density_row(const InstanceLimits& limits, DensityRule rule, std::optional<MicroUsd> price,
                       const DensityQuery& query);

/// The cost of one pod slot a month, halves up, in millionths of a dollar.
std::int64_t slot_month(MicroUsd price, int hours, int slots);

/// A figure that an article quotes, beside what the rules give.
struct ArticleFigure {
  std::string figure;
  std::string claimed;
  std::string by_the_rules;
  std::string reproduced_by;  ///< the assumption behind the claim
};

/// The comparison of m5.large and m5.xlarge as widely quoted ("25 pods at $2.66, 55 at $2.62"), figure by
/// figure.
std::vector<ArticleFigure> article_figures();

}  // namespace cidrplan::aws
