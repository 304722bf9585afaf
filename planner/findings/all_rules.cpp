#include <array>

#include "planner/findings/rules.h"

namespace cidrplan {

std::span<const FindingRule> all_finding_rules() {
  static const std::array rules{
      refuses_rule(),      rows_do_not_add_up_rule(), closed_form_rule(),           headroom_rule(),
      uneven_zones_rule(), range_in_no_subnet_rule(), unencapsulated_in_vpc_rule(),
  };
  return rules;
}

std::string in_figures(uint128 count) {
  auto digits = to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

Evidence evidence_of(const std::string& design, const Run& run) {
  Evidence evidence;
  evidence.design = design;
  evidence.start = run.start.rows;
  evidence.end = run.end.rows;
  evidence.peak = run.peak.rows;
  evidence.end_measures = run.end.measures;
  evidence.peak_measures = run.peak.measures;
  evidence.nodes_end = run.end.nodes;
  evidence.pods_end = run.end.pods_with_address;
  evidence.refused = run.end.refused;
  if (run.first_refusal) {
    evidence.first_refusal =
        Evidence::FirstRefusal{run.first_refusal->at, run.first_refusal->cause, run.first_refusal->place};
  }
  return evidence;
}

std::vector<Finding> judge(const Judged& judged) {
  std::vector<Finding> found;
  for (const auto& rule : all_finding_rules()) rule.judge(judged, found);
  if (judged.design.factory) {
    auto own = judged.design.factory->findings(evidence_of(judged.design.name, judged.life()));
    found.insert(found.end(), own.begin(), own.end());
  }
  for (auto& finding : found) finding.design = judged.design.name;
  return found;
}

}  // namespace cidrplan
