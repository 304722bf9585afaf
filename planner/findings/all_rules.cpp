#include <array>

#include "planner/capacity/cures.h"
#include "planner/findings/rules.h"

namespace cidrplan {

std::span<const FindingRule> all_finding_rules() {
  static const std::array rules{
      refuses_rule(),     rollout_overflows_rule(), rows_do_not_add_up_rule(), closed_form_rule(),
      headroom_rule(),    uneven_zones_rule(),      address_choice_rule(),     fragmented_subnets_rule(),
      quota_binds_rule(), api_throttled_rule(),     pod_range_in_vpc_rule(),   unencapsulated_in_vpc_rule(),
  };
  return rules;
}

std::vector<Finding> judge(const Judged& judged) {
  std::vector<Finding> found;
  for (const auto& rule : all_finding_rules()) rule.judge(judged, found);
  if (judged.design.factory) {
    auto evidence = evidence_of(judged.design, judged.ensemble);
    evidence.trials.assign(judged.trials.begin(), judged.trials.end());
    auto own = judged.design.factory->findings(evidence);
    found.insert(found.end(), own.begin(), own.end());
  }
  for (auto& finding : found) finding.design = judged.design.name;
  return found;
}

}  // namespace cidrplan
