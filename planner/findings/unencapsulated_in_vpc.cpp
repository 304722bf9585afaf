#include <fmt/format.h>

#include "planner/findings/rules.h"

namespace cidrplan {
namespace {

void judge_ranges(const Judged& judged, std::vector<Finding>& found) {
  if (!judged.scenario.vpc || !judged.design.factory) return;
  for (const auto& range : judged.design.factory->ranges()) {
    if (range.encapsulated) continue;
    found.push_back(
        {Severity::warning, "unencapsulated-in-vpc", "",
         fmt::format(
             "Pods of {} ({}) send from addresses the VPC does not know: switch the source/destination "
             "check off on every node, and keep its routes within the table's {} (quota).",
             range.name, range.cidr.to_string(), judged.scenario.vpc->quota.routes_per_table),
         "awsdocs/amazon-vpc-user-guide doc_source/amazon-vpc-limits.md"});
  }
}

}  // namespace

FindingRule unencapsulated_in_vpc_rule() {
  return {"unencapsulated-in-vpc",
          "Pod traffic leaves the nodes of a VPC without encapsulation, from addresses of no subnet.",
          "Use an encapsulation, or plan for the source/destination check and the route table's quota.",
          judge_ranges};
}

}  // namespace cidrplan
