#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

constexpr std::uint64_t notable_gap = 25;  // per cent of capacity between the fullest zone and the emptiest

struct ZoneFill {
  uint128 capacity = 0;
  uint128 held = 0;
  std::uint64_t percent() const { return saturate_to_64(held * 100 / capacity); }
};

void judge_zones(const Judged& judged, std::vector<Finding>& found) {
  const auto& run = judged.life();
  std::map<std::string, ZoneFill> zones;
  const auto rows = std::min(run.peak.rows.size(), judged.scenario.subnets.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto role = judged.scenario.subnets[i].role;
    const auto& usage = run.peak.rows[i].usage;
    if (run.places[i].kind != PlaceKind::subnet || usage.capacity == 0) continue;
    if (role != SubnetRole::nodes && role != SubnetRole::pods) continue;
    auto& zone = zones[run.places[i].zone];
    zone.capacity += usage.capacity;
    zone.held += usage.held();
  }
  if (zones.size() < 2) return;
  const auto fuller = [](const auto& a, const auto& b) { return a.second.percent() < b.second.percent(); };
  const auto [least, most] = std::minmax_element(zones.begin(), zones.end(), fuller);
  const auto low = least->second.percent();
  const auto high = most->second.percent();
  if (high < 50 || high - low < notable_gap) return;
  found.push_back(
      {Severity::info, "uneven-zones", "",
       fmt::format("At the peak zone {} holds {} % of its subnets' addresses and zone {} {} %: the one fills "
                   "long before the other.",
                   most->first, high, least->first, low),
       ""});
}

}  // namespace

FindingRule uneven_zones_rule() {
  return {
      "uneven-zones", "One zone's subnets fill much earlier than another's, at least 25 points at the peak.",
      "Size the subnets for what each zone carries, or give the node groups the same zones.", judge_zones};
}

}  // namespace cidrplan
