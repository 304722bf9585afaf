#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

void judge_refusals(const Judged& judged, std::vector<Finding>& found) {
  const auto& ensemble = judged.ensemble;
  if (ensemble.refused_lives == 0) return;
  const auto lives = ensemble.runs.size();
  const auto& calendar = judged.scenario.calendar;
  const Run* earliest = nullptr;
  for (const auto& run : ensemble.runs) {
    if (run.first_refusal && (!earliest || run.first_refusal->at < earliest->first_refusal->at))
      earliest = &run;
  }
  const auto& shown = judged.life().first_refusal ? judged.life() : *earliest;
  const auto& first = *shown.first_refusal;
  const auto of_lives =
      lives == 1 ? std::string() : fmt::format("{} of {} lives refuse; ", ensemble.refused_lives, lives);
  found.push_back(
      {ensemble.fits ? Severity::warning : Severity::error, "refuses", "",
       fmt::format("{}the {} refusal is {} at {} {} on {}, {} in all until the end.", of_lives,
                   lives == 1 ? "first" : "median", to_string(first.cause), to_string(first.place.kind),
                   first.place.name, to_string(calendar.date_of(first.at)), in_figures(shown.end.refused)),
       ""});
}

}  // namespace

FindingRule refuses_rule() {
  return {"refuses", "A pod or node was refused an address before the horizon.",
          "Look at the cause and the cures that `cidrplan check` tries.", judge_refusals};
}

}  // namespace cidrplan
