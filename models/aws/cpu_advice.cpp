#include "models/aws/cpu_advice.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/aws/density.h"
#include "models/aws/node_mode.h"
#include "models/aws/trunk.h"

namespace cidrplan::aws {
namespace {

/// Empty where prefixes would not let a node take more.
std::string prefix_words(const VpcCniOptions& options, const InstanceLimits& limits, std::int64_t slots,
                         std::int64_t by_cpu) {
  if (options.settings.prefix_delegation || !limits.prefix_capable) return "";
  const auto by_prefix = max_pods_by_prefix(limits, options.settings.custom_networking) - host_network_pods;
  const auto with_prefixes = std::min<std::int64_t>(by_prefix, by_cpu);
  return with_prefixes > slots ? fmt::format(" With prefix_delegation it takes {}.", with_prefixes) : "";
}

}  // namespace

std::int64_t cpu_for_pods(int vcpus) {
  struct Share {
    std::int64_t up_to;  ///< thousandths of a core
    std::int64_t of_10000;
  };
  const std::int64_t total = std::int64_t{vcpus} * 1000;
  std::int64_t reserved = 0;
  std::int64_t from = 0;
  for (const auto& share : {Share{1000, 600}, Share{2000, 100}, Share{4000, 50}, Share{total, 25}}) {
    const auto to = std::min(share.up_to, total);
    if (to > from) reserved += (to - from) * share.of_10000 / 10'000;
    from = std::max(from, to);
  }
  return total - reserved;
}

void judge_cpu(const VpcCniOptions& options, std::string_view design, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < options.groups.size(); ++i) {
    const auto& group = options.groups[i];
    if (group.nodes || group.limits == nullptr || !group.limits->vcpus || group.os == Os::windows) continue;
    const NodeShape shape{group.limits, group.max_pods, group.os, static_cast<GroupId>(i)};
    const auto density = make_node_mode(options, shape)->density();
    const auto slots = density.pod_addresses + branch_limit(options, shape);
    if (density.max_pods < slots + host_network_pods) continue;  // kubelet's limit comes first
    const auto cpu = cpu_for_pods(*group.limits->vcpus);
    const auto requested = slots * options.cpu_request;
    if (requested + options.cpu_request > cpu) continue;  // there is none left for one more
    findings.push_back(
        {Severity::info, "slots-bind-before-cpu", std::string(design),
         fmt::format(
             "A node of {} ({}, {} vCPUs) has addresses for {} pods. At policy.cpu_request = {}m they "
             "request {}m of the {}m that pods can have: {} % of its CPU serves nobody.{}",
             group.name, group.limits->type, *group.limits->vcpus, slots, options.cpu_request, requested, cpu,
             (cpu - requested) * 100 / cpu,
             prefix_words(options, *group.limits, slots, cpu / options.cpu_request)),
         "awslabs/amazon-eks-ami templates/al2/runtime/bootstrap.sh"});
  }
}

}  // namespace cidrplan::aws
