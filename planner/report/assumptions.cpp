#include "planner/report/assumptions.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/config/quantities.h"

namespace cidrplan {
namespace {

bool any_automatic(const Scenario& scenario) {
  return std::any_of(scenario.groups.begin(), scenario.groups.end(),
                     [](const auto& group) { return !group.nodes; });
}

bool nothing_else_in_subnets(const Scenario& scenario) {
  return std::all_of(scenario.subnets.begin(), scenario.subnets.end(),
                     [](const auto& subnet) { return subnet.in_use == 0; });
}

/// Types of a person's own, each once.
void add_own_types(const Scenario& scenario, std::vector<Assumption>& list) {
  for (std::size_t i = 0; i < scenario.groups.size(); ++i) {
    const auto* const limits = scenario.groups[i].limits;
    const auto same = [limits](const NodeGroup& group) { return group.limits == limits; };
    const auto end = scenario.groups.begin() + static_cast<std::ptrdiff_t>(i);
    if (limits == nullptr || !limits->own || std::any_of(scenario.groups.begin(), end, same)) continue;
    const bool in_file = limits->source != "the scenario";
    list.push_back({fmt::format("{} has {} interfaces of {} addresses, as {} says", limits->type,
                                limits->enis, limits->ipv4_per_eni, limits->source),
                    in_file ? "catalog" : "instance_type." + limits->type, limits->source, true});
  }
}

std::string choice_words(AddressChoice choice) {
  const std::string lead = "EC2 does not document which free address it gives; here ";
  switch (choice) {
    case AddressChoice::packed:
      return lead + "single addresses go where a /28 is broken already";
    case AddressChoice::random:
      return lead + "any, by chance";
    case AddressChoice::worst:
      return lead + "each single address breaks a wholly free /28 while there is one";
  }
  return lead;
}

void add_course_of_lives(const Scenario& scenario, std::vector<Assumption>& list) {
  list.push_back({scenario.warm_up.ms == 0
                      ? std::string("the cluster starts fresh")
                      : fmt::format("the cluster has lived {} at its first day's counts before the start",
                                    to_string(scenario.warm_up)),
                  "warm_up", "", false});
  list.push_back({"a pod that gets no address asks again on whole 10 s of its age", "",
                  "kubernetes/kubernetes pkg/kubelet/kuberuntime", false});
}

}  // namespace

std::vector<Assumption> assumptions_of(const Scenario& scenario, bool simulated) {
  std::vector<Assumption> list;
  if (simulated)
    list.push_back({fmt::format("a pod without an address counts as refused after {}",
                                to_string(scenario.policy.max_wait)),
                    "policy.max_wait", "", true});
  add_own_types(scenario, list);
  if (simulated && scenario.lives == 1)
    list.push_back({"one life is simulated, so no spread is known", "lives", "", true});
  if (any_automatic(scenario)) {
    list.push_back(
        {"node counts follow the pods by each design's density", "node_group.NAME.nodes", "", false});
  }
  if (scenario.vpc && nothing_else_in_subnets(scenario)) {
    list.push_back(
        {"nothing but nodes and pods takes addresses from the subnets", "subnet.NAME.in_use", "", true});
  }
  if (scenario.vpc) {
    list.push_back({choice_words(scenario.vpc->address_choice), "vpc.address_choice",
                    "awsdocs/amazon-ec2-user-guide doc_source/ec2-prefix-eni.md", false});
    list.push_back({fmt::format("the account may have {} network interfaces in the Region",
                                in_figures(scenario.vpc->quota.enis_per_region)),
                    "vpc.quota.enis_per_region",
                    "awsdocs/amazon-vpc-user-guide doc_source/amazon-vpc-limits.md", false});
  }
  if (simulated) add_course_of_lives(scenario, list);
  std::stable_partition(list.begin(), list.end(), [](const auto& assumption) { return assumption.decisive; });
  return list;
}

}  // namespace cidrplan
