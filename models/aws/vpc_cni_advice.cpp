#include "models/aws/vpc_cni_advice.h"

#include <fmt/format.h>

#include "models/aws/cpu_advice.h"
#include "models/aws/density.h"
#include "models/aws/node_mode.h"
#include "models/aws/trunk.h"

namespace cidrplan::aws {
namespace {

constexpr std::string_view daemon_source = "aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go";

/// "60 %", "more than 50 %": a share cut to whole per cents never says less than the figures beside it.
std::string share_words(uint128 part, uint128 whole) {
  const auto percent = part * 100 / whole;
  return fmt::format("{}{} %", percent * whole == part * 100 ? "" : "more than ",
                     cidrplan::to_string(percent));
}

/// Kubelet does not know of addresses: it admits pods that then wait for one.
void judge_max_pods(const VpcCniOptions& options, std::string_view design, std::vector<Finding>& findings) {
  for (std::size_t i = 0; i < options.groups.size(); ++i) {
    const auto& group = options.groups[i];
    if (!group.max_pods || group.limits == nullptr || group.os == Os::windows) continue;
    const NodeShape shape{group.limits, group.max_pods, group.os, static_cast<GroupId>(i)};
    const auto addresses = make_node_mode(options, shape)->density().pod_addresses;
    const auto useful = addresses + branch_limit(options, shape) + host_network_pods;
    if (*group.max_pods <= useful) continue;
    findings.push_back(
        {Severity::warning, "max-pods-above-addresses", std::string(design),
         fmt::format(
             "max_pods = {} of {} is more than a node has addresses for: {} has {} for pods under "
             "these settings, and with {} pods on the host's network {} are of use. Kubelet admits the "
             "others, and they stay without an address.",
             *group.max_pods, group.name, group.limits->type, addresses, host_network_pods, useful),
         "awsdocs/amazon-eks-user-guide latest/ug/nodes/choosing-instance-type.adoc"});
  }
}

/// Kubelet's limit by the formula leaves room for the stock pods on the host's network: where the scenario
/// lists none, others take their place and find no address.
void judge_host_network(const VpcCniOptions& options, const Evidence& evidence,
                        std::vector<Finding>& findings) {
  if (!evidence.first_refusal || evidence.first_refusal->cause != Cause::eni_slots) return;
  for (std::size_t i = 0; i < options.groups.size(); ++i) {
    const auto& group = options.groups[i];
    if (group.limits == nullptr || group.os == Os::windows) continue;
    const NodeShape shape{group.limits, group.max_pods, group.os, static_cast<GroupId>(i)};
    const auto density = make_node_mode(options, shape)->density();
    const auto addresses = density.pod_addresses + branch_limit(options, shape);
    const auto listed = options.host_network_pods[i];
    const bool would_suffice = density.max_pods - host_network_pods <= addresses;
    if (!would_suffice || density.max_pods - listed <= addresses) continue;
    findings.push_back(
        {Severity::warning, "host-network-pods-missing", evidence.design,
         fmt::format(
             "A node of {} ({}) admits {} pods and has addresses for {}, since {} are to be on the host's "
             "network; the scenario lists {} there. Every node of EKS runs aws-node and kube-proxy: with "
             "both as daemonsets of host_network = true no pod goes to a node that has no address for it.",
             group.name, group.limits->type, density.max_pods, addresses, host_network_pods,
             listed == 0 ? "none" : std::to_string(listed)),
         "aws/amazon-vpc-cni-k8s misc/eni-max-pods.txt"});
  }
}

void judge_shared_range(const VpcCniOptions& options, const Evidence& evidence,
                        std::vector<Finding>& findings) {
  const auto& settings = options.settings;
  if (!options.open_shared_range || settings.custom_networking || options.ipv6) return;
  const auto& refusal = evidence.first_refusal;
  if (!refusal || refusal->place.kind != PlaceKind::subnet) return;
  Usage end;
  for (const auto& row : evidence.end)
    if (row.place.kind == PlaceKind::subnet) end += row.usage;
  findings.push_back(
      {Severity::info, "shared-range-open", evidence.design,
       fmt::format(
           "100.64.0.0/10 is open to this VPC: with custom_networking pods take their addresses there, "
           "for instance from {}, in a subnet of role pods for each zone. Of the {} addresses held in "
           "subnets at the end nodes need {} for themselves.",
           options.open_shared_range->to_string(), in_figures(end.held()), in_figures(evidence.nodes_end)),
       "awsdocs/amazon-vpc-user-guide doc_source/vpc-cidr-blocks.md"});
}

}  // namespace

std::vector<Finding> findings_of(const VpcCniOptions& options, const Evidence& evidence) {
  std::vector<Finding> findings;
  const auto& settings = options.settings;
  Usage peak;
  for (const auto& row : evidence.peak)
    if (row.place.kind == PlaceKind::subnet) peak += row.usage;
  const auto held = peak.held();
  if (held > 0 && peak.idle * 2 > held && !settings.has_address_targets() && !settings.prefix_delegation) {
    findings.push_back(
        {Severity::warning, "warm-eni-target-holds-most", evidence.design,
         fmt::format(
             "At the peak {} of the {} addresses drawn ({}) lie ready on nodes and serve no pod: "
             "warm_eni_target = {} keeps whole interfaces free. warm_ip_target keeps single addresses.",
             in_figures(peak.idle), in_figures(held), share_words(peak.idle, held), settings.warm_eni_target),
         "aws/amazon-vpc-cni-k8s docs/eni-and-ip-target.md"});
  }
  if (settings.minimum_ip_target > 0 && settings.warm_ip_target == 0) {
    findings.push_back(
        {Severity::warning, "minimum-ip-target-is-a-ceiling", evidence.design,
         fmt::format("minimum_ip_target = {} without warm_ip_target is a ceiling: a node's pool never grows "
                     "beyond it, and pod {} on a node gets no address.",
                     settings.minimum_ip_target, settings.minimum_ip_target + 1),
         std::string(daemon_source) + " (datastoreTargetState)"});
  } else {
    judge_max_pods(options, evidence.design, findings);
  }
  judge_host_network(options, evidence, findings);
  judge_shared_range(options, evidence, findings);
  judge_cpu(options, evidence.design, findings);
  return findings;
}

std::vector<Cure> cures_of(const VpcCniOptions& options, const Evidence& evidence) {
  if (!evidence.first_refusal) return {};
  const auto& settings = options.settings;
  std::vector<Cure> cures;
  const auto add = [&](std::string key, std::string value) {
    auto words = fmt::format("{} = {}", key, value);
    cures.push_back({std::move(key), std::move(value), std::move(words)});
  };
  switch (evidence.first_refusal->cause) {
    case Cause::subnet_exhausted:
    case Cause::quota_enis:
      for (const std::int64_t target : {2, 5})
        if (settings.warm_ip_target == 0 || settings.warm_ip_target > target)
          add("warm_ip_target", std::to_string(target));
      // Not warm_eni_target = 0: where pods fill all interfaces of a node, a spare one comes and goes for
      // ever.
      break;
    case Cause::no_aligned_prefix:
      add("prefix_delegation", "false");
      break;
    case Cause::target_ceiling:
      add("warm_ip_target", "2");
      break;
    case Cause::eni_slots:
      if (!settings.prefix_delegation) add("prefix_delegation", "true");
      if (settings.max_eni > 0) add("max_eni", std::to_string(settings.max_eni + 1));
      break;
    case Cause::warming:
      add("warm_ip_target", std::to_string(std::max<std::int64_t>(settings.warm_ip_target * 2, 5)));
      break;
    default:
      break;
  }
  return cures;
}

}  // namespace cidrplan::aws
