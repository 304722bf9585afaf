#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

/// Only ranges that the design draws from: something besides what was there at the start, or a pool.
bool is_used(const Run& run, std::size_t row) {
  return run.places[row].kind != PlaceKind::subnet || run.peak.rows[row].usage.held() > 0;
}

std::uint64_t percent(uint128 part, uint128 whole) { return saturate_to_64(part * 100 / whole); }

void judge_headroom(const Judged& judged, std::vector<Finding>& found) {
  const auto& run = judged.life();
  if (run.first_refusal) return;
  const auto wanted = static_cast<std::uint64_t>(judged.scenario.policy.headroom * 100 + 0.5);
  for (std::size_t i = 0; i < run.peak.rows.size() && i < run.places.size(); ++i) {
    const auto& usage = run.peak.rows[i].usage;
    if (usage.capacity == 0 || usage.capacity > uint128_max / 100 || !is_used(run, i)) continue;
    const auto left = usage.available;
    if (left * 100 >= usage.capacity * wanted) continue;
    found.push_back(
        {Severity::warning, "headroom", "",
         fmt::format("At the peak {} has {} of {} addresses available ({} %); the policy wants {} %.",
                     run.places[i].name, in_figures(left), in_figures(usage.capacity),
                     percent(left, usage.capacity), wanted),
         ""});
  }
}

}  // namespace

FindingRule headroom_rule() {
  return {"headroom",
          "At the peak a range has a smaller share of its addresses available than policy.headroom asks for.",
          "Enlarge the range, hold fewer addresses, or lower policy.headroom.", judge_headroom};
}

}  // namespace cidrplan
