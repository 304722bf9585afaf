#include "models/aws/vpc_cni_factory.h"

#include <algorithm>

#include "models/aws/node_mode.h"
#include "models/aws/trunk.h"
#include "models/aws/vpc_cni_advice.h"
#include "models/aws/vpc_cni_model.h"
#include "models/aws/warm_advice.h"

namespace cidrplan::aws {
std::unique_ptr<IpamModel> VpcCniFactory::make(SubnetSpace& space, std::uint64_t seed) const {
  return std::make_unique<VpcCniModel>(options_, space, seed);
}

std::vector<Finding> VpcCniFactory::findings(const Evidence& evidence) const {
  auto findings = findings_of(options_, evidence);
  if (auto warm = warm_finding(options_, evidence)) findings.push_back(std::move(*warm));
  return findings;
}

std::optional<SettingTrial> VpcCniFactory::next_trial(const Evidence& evidence) const {
  const auto targets = next_targets(options_, evidence);
  if (!targets) return std::nullopt;
  auto other = options_;
  other.measures_pools = true;
  targets->apply(other.settings);
  return SettingTrial{targets->settings(),
                      std::make_shared<VpcCniFactory>(std::move(other), interface_quota_)};
}

bool VpcCniFactory::has_prefixes() const {
  if (options_.ipv6) return false;
  const auto takes = [&](const NodeGroup& group) {
    return group.os == Os::windows ? options_.windows.prefix_delegation : options_.settings.prefix_delegation;
  };
  return std::any_of(options_.groups.begin(), options_.groups.end(), takes);
}

std::vector<Cure> VpcCniFactory::cures(const Evidence& evidence) const {
  return cures_of(options_, evidence);
}

PodNeed VpcCniFactory::need_of(NamespaceId pods) const {
  if (options_.fargate_profile_of(pods)) return PodNeed::no_node;
  return options_.has_security_groups(pods) ? PodNeed::own_interface : PodNeed::slot;
}

std::vector<SubnetId> VpcCniFactory::subnets_without_node(NamespaceId pods) const {
  const auto profile = options_.fargate_profile_of(pods);
  return profile ? options_.fargate[*profile].subnets : std::vector<SubnetId>{};
}

Density VpcCniFactory::density(const NodeShape& shape) const {
  if (shape.limits != nullptr) {
    auto of_node = make_node_mode(options_, shape)->density();
    of_node.own_interfaces = branch_limit(options_, shape);
    return of_node;
  }
  Density density;
  density.max_pods = shape.max_pods.value_or(density.max_pods);
  return density;
}

}  // namespace cidrplan::aws
