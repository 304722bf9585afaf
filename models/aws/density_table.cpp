#include "models/aws/density_table.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/aws/density.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

constexpr int per_prefix = 16;

bool is_custom(DensityRule rule) { return rule == DensityRule::custom || rule == DensityRule::prefix_custom; }
bool has_prefixes(DensityRule rule) {
  return rule == DensityRule::prefix || rule == DensityRule::prefix_custom;
}

int max_pods_by(const InstanceLimits& limits, DensityRule rule) {
  switch (rule) {
    case DensityRule::published:
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
  const int slots = pod_addresses(limits, is_custom(rule));
  return has_prefixes(rule) && limits.prefix_capable ? slots * per_prefix : slots;
}

std::string remark_on(const InstanceLimits& limits, const DensityRow& row, const DensityQuery& query) {
  if (row.application_pods == 0) {
    if (row.addresses && *row.addresses == 0)
      return "holds no application pod: no interface is left for pods";
    return fmt::format("holds no application pod: {} addresses, {} daemonset pods", row.addresses.value_or(0),
                       query.daemonsets);
  }
  if (has_prefixes(row.rule) && !limits.prefix_capable) return "no prefixes without Nitro: single addresses";
  if (row.rule == DensityRule::published && !is_in_published_table(limits))
    return "not in the published table; by its formula";
  const bool capped =
      row.rule == DensityRule::managed || has_prefixes(row.rule) || row.rule == DensityRule::overlay;
  if (capped && !limits.vcpus) return "vCPUs not known: cap of 110";
  return {};
}

/// 2.596 of 2,596,000 millionths: dollars with three digits, halves up.
std::string dollars(std::int64_t micro_usd) {
  const auto thousandths = (micro_usd + 500) / 1000;
  return fmt::format("${}.{:03}", thousandths / 1000, thousandths % 1000);
}

}  // namespace

std::string_view to_string(DensityRule rule) {
  switch (rule) {
    case DensityRule::published:
      return "published";
    case DensityRule::managed:
      return "managed";
    case DensityRule::karpenter:
      return "karpenter";
    case DensityRule::custom:
      return "custom";
    case DensityRule::prefix:
      return "prefix";
    case DensityRule::prefix_custom:
      return "prefix-custom";
    case DensityRule::overlay:
      return "overlay";
  }
  return "";
}

std::int64_t slot_month(MicroUsd price, int hours, int slots) {
  CIDRPLAN_EXPECTS(slots > 0);
  const auto month = price.per_hour * hours;
  return (month + slots / 2) / slots;
}

DensityRow density_row(const InstanceLimits& limits, DensityRule rule, std::optional<MicroUsd> price,
                       const DensityQuery& query) {
  DensityRow row;
  row.type = limits.type;
  row.rule = rule;
  row.max_pods = max_pods_by(limits, rule);
  row.addresses = addresses_by(limits, rule);
  const int slots = row.max_pods - host_network_pods;
  row.application_pods = std::max(std::min(slots, row.addresses.value_or(slots)) - query.daemonsets, 0);
  if (price && row.application_pods > 0)
    row.slot_month = slot_month(*price, query.month_hours, row.application_pods);
  row.remark = remark_on(limits, row, query);
  return row;
}

std::vector<ArticleFigure> article_figures() {
  const auto catalog = make_instance_catalog();
  const auto prices = price_list("us-east-1");
  const auto* large = catalog.find("m5.large");
  const auto* xlarge = catalog.find("m5.xlarge");
  CIDRPLAN_EXPECTS(prices && large != nullptr && xlarge != nullptr);
  const auto large_price = *prices->of("m5.large");
  const auto xlarge_price = *prices->of("m5.xlarge");
  const int large_slots = pod_addresses(*large);
  const int xlarge_slots = pod_addresses(*xlarge);
  constexpr int month = 730;
  constexpr int long_month = 750;

  std::vector<ArticleFigure> figures = {
      {"m5.large, pod addresses", "25", std::to_string(large_slots),
       fmt::format("{} less 2 daemonset pods", large_slots)},
      {"m5.xlarge, pod addresses", "55", std::to_string(xlarge_slots),
       fmt::format("{} less 1: not the same rule", xlarge_slots)},
      {"m5.large, a slot and month", "$2.66", dollars(slot_month(large_price, month, large_slots)),
       fmt::format("{} h over all {} addresses: {}, cut", long_month, large_slots,
                   dollars(slot_month(large_price, long_month, large_slots)))},
      {"m5.xlarge, a slot and month", "$2.62", dollars(slot_month(xlarge_price, month, xlarge_slots)),
       fmt::format("{} h over {} addresses: {}", long_month, xlarge_slots - 1,
                   dollars(slot_month(xlarge_price, long_month, xlarge_slots - 1)))},
      {"the cheaper of the two", "m5.large", "m5.xlarge", "none: its own figures say m5.xlarge"},
  };
  for (int daemonsets = 1; daemonsets <= 4; ++daemonsets)
    figures.push_back(
        {fmt::format("{} daemonset pod{} with an address", daemonsets, daemonsets == 1 ? "" : "s"), "-",
         fmt::format("{} and {}", dollars(slot_month(large_price, month, large_slots - daemonsets)),
                     dollars(slot_month(xlarge_price, month, xlarge_slots - daemonsets))),
         "m5.large and m5.xlarge at 730 h"});
  const auto cap = pod_cap(*large) - host_network_pods;
  figures.push_back({"with prefixes or an overlay", "-",
                     fmt::format("{} and {}", dollars(slot_month(large_price, month, cap)),
                                 dollars(slot_month(xlarge_price, month, cap))),
                     fmt::format("both take {} pods: smaller is cheaper", cap)});
  return figures;
}

}  // namespace cidrplan::aws
