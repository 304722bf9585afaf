#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

constexpr std::int64_t notable_share = 80;  // per cent of a quota

struct QuotaCheck {
  std::string_view what;  ///< used so many …
  std::string_view key;   ///< in [vpc.quota]
  std::int64_t used = 0;
  std::int64_t quota = 0;
  std::string_view raised;  ///< how far AWS goes
  bool surely = true;       ///< false: it depends on what the scenario does not say
};

/// Routes that the VPC's route table would need where nothing wraps the pods' packets: one for each block or
/// node range.
std::int64_t routes_of(const Judged& judged) {
  if (!judged.design.factory) return 0;
  const auto ranges = judged.design.factory->ranges();
  if (std::all_of(ranges.begin(), ranges.end(), [](const PodRange& range) { return range.encapsulated; }))
    return 0;
  for (const auto& measure : judged.life().peak.measures)
    if (measure.name == "routes_per_node") return measure.value + 1;  // and the node's own
  return 0;
}

void judge_quotas(const Judged& judged, std::vector<Finding>& found) {
  const auto& scenario = judged.scenario;
  if (!scenario.vpc) return;
  const auto& quota = scenario.vpc->quota;
  const auto& most = judged.life().most;
  const std::array checks{
      QuotaCheck{"network interfaces in the Region", "enis_per_region", most.interfaces,
                 quota.enis_per_region, "AWS raises it on request"},
      QuotaCheck{"units of Network Address Usage in the VPC", "network_address_usage", most.address_usage,
                 quota.network_address_usage, "AWS raises it to at most 256,000"},
      QuotaCheck{"routes in the VPC's route table, if it is to carry the pods' packets", "routes_per_table",
                 routes_of(judged), quota.routes_per_table, "AWS raises it to at most 1,000", false},
  };
  for (const auto& check : checks) {
    if (check.used * 100 < check.quota * notable_share) continue;
    const bool beyond = check.surely && check.used > check.quota;
    found.push_back(
        {beyond ? Severity::error : Severity::warning, "quota-binds", "",
         fmt::format("At the most {} {}: {} % of the quota of {} (vpc.quota.{}). {}{}.",
                     in_figures(check.used), check.what, check.used * 100 / check.quota,
                     in_figures(check.quota), check.key,
                     beyond ? "Beyond it AWS refuses what the simulation grants. " : "", check.raised),
         "awsdocs/amazon-vpc-user-guide doc_source/amazon-vpc-limits.md"});
  }
}

}  // namespace

FindingRule quota_binds_rule() {
  return {
      "quota-binds",
      "The design comes to 80 % of a quota of the provider's account (network interfaces, Network Address "
      "Usage, routes), or beyond it.",
      "Have the quota raised before and say so in [vpc.quota], or take a design that needs less.",
      judge_quotas};
}

}  // namespace cidrplan
