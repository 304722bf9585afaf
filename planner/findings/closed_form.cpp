#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

struct Held {
  uint128 subnets = 0;
  uint128 ranges = 0;
};

Held held_in(const Run& run, const Snapshot& snapshot) {
  Held held;
  for (std::size_t i = 0; i < snapshot.rows.size() && i < run.places.size(); ++i) {
    auto& sum = run.places[i].kind == PlaceKind::subnet ? held.subnets : held.ranges;
    sum += snapshot.rows[i].usage.held();
  }
  return held;
}

struct Compared {
  std::string_view moment;
  std::string_view what;
  uint128 held = 0;
  Interval expected;
};

void compare(const Compared& compared, std::vector<Finding>& found) {
  const auto& [moment, what, held, expected] = compared;
  if (expected.contains(held)) return;
  const bool below = held < expected.low;
  const auto gap = below ? expected.low - held : held - expected.high;
  found.push_back(
      {Severity::warning, "closed-form-misses", "",
       fmt::format("At the {} the simulation holds {} addresses of {}, {} {} the closed form's {} to {}.",
                   moment, in_figures(held), what, in_figures(gap), below ? "below" : "above",
                   in_figures(expected.low), in_figures(expected.high)),
       ""});
}

void judge_closed_form(const Judged& judged, std::vector<Finding>& found) {
  const auto& run = judged.life();
  const auto compare_at = [&](std::string_view moment, const Snapshot& snapshot, const ClosedForm& closed) {
    // A refused pod or node holds nothing, and others may be asked for in its place.
    if (run.first_refusal && run.first_refusal->at <= snapshot.at) return;
    const auto held = held_in(run, snapshot);
    compare({moment, "subnets", held.subnets, closed.subnets}, found);
    compare({moment, "pod ranges", held.ranges, closed.ranges}, found);
  };
  compare_at("start", run.start, judged.closed_start);
  compare_at("end", run.end, judged.closed_end);
}

}  // namespace

FindingRule closed_form_rule() {
  return {"closed-form-misses",
          "The interval that the model's closed form gives for the addresses held does not contain what the "
          "simulation held.",
          "It says something about the model, not about the cluster: trust the simulation, and report it.",
          judge_closed_form};
}

}  // namespace cidrplan
