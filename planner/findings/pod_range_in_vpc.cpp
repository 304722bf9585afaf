#include <algorithm>
#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

void judge_ranges(const Judged& judged, std::vector<Finding>& found) {
  const auto& vpc = judged.scenario.vpc;
  if (!vpc || !judged.design.factory) return;
  for (const auto& range : judged.design.factory->ranges()) {
    if (!vpc->contains(range.cidr)) continue;
    found.push_back(
        {Severity::warning, "pod-range-in-vpc", "",
         fmt::format("{} ({}) lies inside the VPC's ranges but in no subnet: no subnet can be made there "
                     "while it is in use.",
                     range.name, range.cidr.to_string()),
         "awsdocs/amazon-vpc-user-guide doc_source/subnet-sizing.md"});
  }
}

}  // namespace

FindingRule pod_range_in_vpc_rule() {
  return {"pod-range-in-vpc", "A pod range of the design takes VPC space without being a subnet of the VPC.",
          "Reserve the range in the IP plan, or move it outside the VPC's ranges.", judge_ranges};
}

}  // namespace cidrplan
