#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

bool holds_addresses(PlaceKind kind) {
  return kind == PlaceKind::subnet || kind == PlaceKind::pool || kind == PlaceKind::node_range;
}

void judge_rollouts(const Judged& judged, std::vector<Finding>& found) {
  const auto& first = judged.life().first_refusal;
  if (!first || first->rolling.empty() || !holds_addresses(first->place.kind)) return;
  const auto more = first->pods - first->pods_wanted;
  if (more <= 0) return;
  std::string names;
  for (const auto& name : first->rolling) names += (names.empty() ? "" : ", ") + name;
  found.push_back(
      {Severity::info, "rollout-overflows", "",
       fmt::format(
           "The first refusal falls into the rollout of {}: {} pods have or ask for an address at once, {} "
           "more than the {} that are wanted. Those of max_surge and those still in their grace need "
           "room in {} too.",
           names, in_figures(first->pods), in_figures(more), in_figures(first->pods_wanted),
           first->place.name),
       "kubernetes/kubernetes pkg/controller/deployment/rolling.go"});
}

}  // namespace

FindingRule rollout_overflows_rule() {
  return {"rollout-overflows",
          "The first refusal fell into a rollout, which needs addresses for its surge and for pods in their "
          "grace besides those that run.",
          "Leave room for a rollout, or lower max_surge and grace.", judge_rollouts};
}

}  // namespace cidrplan
