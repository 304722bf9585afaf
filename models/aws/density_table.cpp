#include "models/aws/density_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <tuple>

#include "models/aws/instance_data.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

bool is_custom(DensityRule rule) { return rule == DensityRule::custom || rule == DensityRule::prefix_custom; }
bool has_prefixes(DensityRule rule) {
  return rule == DensityRule::prefix || rule == DensityRule::prefix_custom;
}
bool is_capped(DensityRule rule) {
  return rule == DensityRule::managed || rule == DensityRule::overlay || has_prefixes(rule);
}

int max_pods_by(const InstanceLimits& limits, DensityRule rule) {
  switch (rule) {
    case DensityRule::published:
      return published_max_pods(limits.type).value_or(0);
    case DensityRule::formula:
    case DensityRule::branch:
      return max_pods_by_secondary_address(limits);
    case DensityRule::managed:
      return std::min(max_pods_by_secondary_address(limits), pod_cap(limits));
    case DensityRule::karpenter:
      return max_pods_by_karpenter(limits);
    case DensityRule::custom:
      return max_pods_by_secondary_address(limits, true);
    case DensityRule::prefix:
      return max_pods_by_prefix(limits);
    case DensityRule::prefix_custom:
      return max_pods_by_prefix(limits, true);
    case DensityRule::overlay:
      return pod_cap(limits);
  }
  return 0;
}

std::optional<int> addresses_by(const InstanceLimits& limits, DensityRule rule) {
  if (rule == DensityRule::overlay) return std::nullopt;
  if (rule == DensityRule::branch) return addresses_with_trunk(limits) + limits.trunk_branch_enis.value_or(0);
  if (has_prefixes(rule)) return prefix_pod_addresses(limits, is_custom(rule));
  return pod_addresses(limits, is_custom(rule));
}

std::string why_unusable(const DensityRow& row, const DensityQuery& query) {
  if (row.addresses && *row.addresses == 0) return "unusable: no interface is left for pods";
  const auto pods = [](int count, std::string_view kind) {
    return fmt::format("{} {} pod{}", count, kind, count == 1 ? "" : "s");
  };
  if (row.addresses && *row.addresses <= query.daemonsets)
    return fmt::format("unusable: {} need{} every address", pods(query.daemonsets, "daemonset"),
                       query.daemonsets == 1 ? "s" : "");
  return fmt::format("unusable: {} and {} reach the limit of pods", pods(query.daemonsets, "daemonset"),
                     pods(query.host_network, "host-network"));
}

std::vector<std::string> remarks_on(const DensityRow& row, const DensityQuery& query) {
  const auto& limits = *row.limits;
  std::vector<std::string> remarks;
  if (row.application_pods == 0) remarks.push_back(why_unusable(row, query));
  if (has_prefixes(row.rule) && !limits.prefix_capable)
    remarks.emplace_back("no prefixes without Nitro or bare metal: single addresses");
  if (row.rule == DensityRule::branch)
    remarks.emplace_back("a branch interface serves one pod that has a security group of its own");
  if (is_capped(row.rule) && !limits.vcpus) remarks.emplace_back("vCPUs not known: a cap of 110");
  if (is_capped(row.rule) && limits.vcpus_by_size)
    remarks.emplace_back("vCPUs not listed: the cap is that of the size, 4 for each xlarge");
  return remarks;
}

struct Size {
  int rank = 0;
  int number = 0;

  friend constexpr auto operator<=>(const Size&, const Size&) = default;
};

/// "large" before "xlarge" before "12xlarge" before "metal" before "metal-48xl".
Size size_of(std::string_view name) {
  constexpr std::array<std::string_view, 6> words{"nano", "micro", "small", "medium", "large", "xlarge"};
  const auto at = std::find(words.begin(), words.end(), name);
  if (at != words.end()) return {static_cast<int>(at - words.begin()), 0};
  const bool metal = name.starts_with("metal");
  const auto digit = std::min(name.find_first_of("0123456789"), name.size());
  int number = 0;
  std::from_chars(name.data() + digit, name.data() + name.size(), number);
  return {static_cast<int>(words.size()) + (metal ? 1 : 0), number};
}

}  // namespace

std::string_view to_string(DensityRule rule) {
  switch (rule) {
    case DensityRule::published:
      return "published";
    case DensityRule::formula:
      return "formula";
    case DensityRule::managed:
      return "managed";
    case DensityRule::karpenter:
      return "karpenter";
    case DensityRule::custom:
      return "custom";
    case DensityRule::branch:
      return "branch";
    case DensityRule::prefix:
      return "prefix";
    case DensityRule::prefix_custom:
      return "prefix-custom";
    case DensityRule::overlay:
      return "overlay";
  }
  return "";
}

std::string_view meaning(DensityRule rule) {
  switch (rule) {
    case DensityRule::published:
      return "the table that comes with the VPC CNI";
    case DensityRule::formula:
      return "interfaces x (addresses - 1) + 2 without a cap, as nodeadm has it";
    case DensityRule::managed:
      return "the formula capped at 110, or 250 from 30 vCPUs up, as managed node groups have it";
    case DensityRule::karpenter:
      return "Karpenter's default, which knows of no cap and no prefixes";
    case DensityRule::custom:
      return "custom networking, whose first interface serves no pods";
    case DensityRule::branch:
      return "security groups for pods, a trunk interface serving none and its branches one each";
    case DensityRule::prefix:
      return "prefix delegation, 16 addresses instead of one, capped at 110 or 250";
    case DensityRule::prefix_custom:
      return "prefix delegation and custom networking, capped";
    case DensityRule::overlay:
      return "pod addresses not from the VPC, so that the cap alone counts";
  }
  return "";
}

std::string_view not_applicable(const InstanceLimits& limits, DensityRule rule) {
  if (rule == DensityRule::published && !published_max_pods(limits.type)) return "not in the published table";
  if (rule != DensityRule::branch) return {};
  if (!limits.trunk_branch_enis) return "whether it takes a trunk interface is not known";
  return *limits.trunk_branch_enis == 0 ? "no trunk interface" : "";
}

std::int64_t slot_month(MicroUsd price, int hours, int slots) {
  CIDRPLAN_EXPECTS(slots > 0);
  const auto month = price.per_hour * hours;
  return (month + slots / 2) / slots;
}

DensityRow density_row(const InstanceLimits& limits, DensityRule rule, std::optional<MicroUsd> price,
                       const DensityQuery& query) {
  CIDRPLAN_EXPECTS(not_applicable(limits, rule).empty());
  DensityRow row;
  row.limits = &limits;
  row.rule = rule;
  row.max_pods = max_pods_by(limits, rule);
  row.addresses = addresses_by(limits, rule);
  const int slots = std::max(row.max_pods - query.host_network, 0);
  row.application_pods = std::max(std::min(slots, row.addresses.value_or(slots)) - query.daemonsets, 0);
  if (price && row.application_pods > 0)
    row.slot_month = slot_month(*price, query.month_hours, row.application_pods);
  row.remarks = remarks_on(row, query);
  return row;
}

bool smaller_type(const InstanceLimits& a, const InstanceLimits& b) {
  const auto key = [](std::string_view type) {
    const auto family = type.substr(0, type.find('.'));
    const auto size = type.substr(std::min(family.size() + 1, type.size()));
    return std::tuple(family, size_of(size), size);
  };
  return key(a.type) < key(b.type);
}

}  // namespace cidrplan::aws
