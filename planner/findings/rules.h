#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "planner/capacity/choice_sensitivity.h"
#include "planner/ipam/finding.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/ensemble.h"

namespace cidrplan {

/// What a rule may look at: one design and the lives it lived.
struct Judged {
  const Scenario& scenario;
  const Design& design;
  const Ensemble& ensemble;
  ClosedForm closed_start, closed_end;
  std::span<const ChoiceOutcome> choices = {};  ///< where EC2's choice of addresses matters
  std::span<const TrialLife> trials = {};       ///< with settings that the model wanted to see

  const Run& life() const { return ensemble.life(); }
};

/// A rule about any design: looks at the evidence and adds what it finds.
struct FindingRule {
  std::string_view code;     ///< of the findings it adds
  std::string_view meaning;  ///< one sentence, for `cidrplan explain`
  std::string_view remedy;
  void (*judge)(const Judged&, std::vector<Finding>&);
};

/// Every rule, in the order in which findings are told. One file each, named as the rule.
std::span<const FindingRule> all_finding_rules();

FindingRule refuses_rule();
FindingRule rollout_overflows_rule();
FindingRule rows_do_not_add_up_rule();
FindingRule closed_form_rule();
FindingRule headroom_rule();
FindingRule uneven_zones_rule();
FindingRule address_choice_rule();
FindingRule fragmented_subnets_rule();
FindingRule quota_binds_rule();
FindingRule api_throttled_rule();
FindingRule pod_range_in_vpc_rule();
FindingRule unencapsulated_in_vpc_rule();

/// What all rules and the model's own say about a design.
std::vector<Finding> judge(const Judged& judged);

}  // namespace cidrplan
