#include "models/aws/vpc_cni_factory.h"

#include <algorithm>

#include "models/aws/interface_placement.h"
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

/// At least, over a group: every node carries as much less than the even spread as the fullest carries more.
std::int64_t VpcCniFactory::least_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr || group.nodes == 0) return 0;
  const auto even = group.pods / group.nodes;
  const auto fewest = std::max<std::int64_t>(even - std::max<std::int64_t>(group.most_per_node - even, 1), 0);
  return group.nodes * make_node_mode(options_, group.shape)->grown_to(fewest) + group.with_own_interface;
}

/// At most: every node has once carried the most that one can have carried, and keeps what it then had; a
/// trunk is full of branch interfaces, cooling ones among them.
std::int64_t VpcCniFactory::most_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr) return 0;
  const std::int64_t branches = group.with_own_interface > 0 ? branch_limit(options_, group.shape) : 0;
  return group.nodes * (make_node_mode(options_, group.shape)->at_most(group.most_per_node) + branches);
}

VpcCniFactory::UsedSubnets VpcCniFactory::subnets_used(const DemandAt& demand) const {
  const auto placement = make_interface_placement(options_);
  UsedSubnets result{std::vector<bool>(options_.subnets.size(), false), 0};
  for (const auto& group : demand.groups) {
    if (index_of(group.group) >= options_.groups.size()) continue;
    const auto& spec = options_.groups[index_of(group.group)];
    bool with_nodes = false;
    for (std::size_t i = 0; i < result.used.size(); ++i) {
      const auto id = static_cast<SubnetId>(i);
      const bool own = std::find(spec.subnets.begin(), spec.subnets.end(), id) != spec.subnets.end();
      const bool windows = own && spec.os == Os::windows;
      if (!windows && !placement->may_hold(id, spec)) continue;
      result.used[i] = true;
      with_nodes = with_nodes || own;
    }
    result.nodes += with_nodes ? group.nodes : 0;
  }
  for (const auto& profile : options_.fargate)
    for (const auto subnet : profile.subnets) result.used[index_of(subnet)] = true;
  for (std::size_t i = 0; i < result.used.size(); ++i)
    result.used[i] = result.used[i] && options_.subnets[i].from <= demand.at;
  return result;
}

/// What the subnets could give to the model. Nodes' own addresses are taken off where they lie in the same
/// ones.
std::int64_t VpcCniFactory::room_of(const DemandAt& demand) const {
  const auto subnets = subnets_used(demand);
  std::int64_t room = 0;
  for (std::size_t i = 0; i < subnets.used.size(); ++i)
    if (subnets.used[i]) room += options_.subnets[i].capacity() - options_.subnets[i].in_use;
  return std::max<std::int64_t>(room - subnets.nodes, 0);
}

/// What the profiles' subnets can give to pods on Fargate; the control plane's interfaces are taken off.
std::int64_t VpcCniFactory::fargate_room(const DemandAt& demand) const {
  std::int64_t room = 0;
  for (std::size_t i = 0; i < options_.subnets.size(); ++i) {
    const auto& subnet = options_.subnets[i];
    const auto id = static_cast<SubnetId>(i);
    const bool of_profile =
        std::any_of(options_.fargate.begin(), options_.fargate.end(), [&](const auto& each) {
          return std::find(each.subnets.begin(), each.subnets.end(), id) != each.subnets.end();
        });
    if (!of_profile || subnet.from > demand.at) continue;
    const auto control_plane = subnet.role == SubnetRole::cluster ? 2 : 0;
    room += std::max<std::int64_t>(subnet.capacity() - subnet.in_use - control_plane, 0);
  }
  return room;
}

/// Whether nodes or their interfaces may stand in a profile's subnets.
bool VpcCniFactory::shares_fargate_subnets(const DemandAt& demand) const {
  const auto placement = make_interface_placement(options_);
  const auto may_stand = [&](SubnetId id) {
    return std::any_of(demand.groups.begin(), demand.groups.end(), [&](const GroupDemand& group) {
      if (index_of(group.group) >= options_.groups.size()) return true;
      const auto& spec = options_.groups[index_of(group.group)];
      const bool own = std::find(spec.subnets.begin(), spec.subnets.end(), id) != spec.subnets.end();
      return own || placement->may_hold(id, spec);
    });
  };
  return std::any_of(options_.fargate.begin(), options_.fargate.end(), [&](const FargateProfile& profile) {
    return std::any_of(profile.subnets.begin(), profile.subnets.end(), may_stand);
  });
}

/// /28s that can be had whichever free address EC2 gives to nodes and other consumers: the first and the last
/// of a subnet are broken by what the provider keeps.
std::int64_t VpcCniFactory::sure_prefixes(const DemandAt& demand) const {
  const auto subnets = subnets_used(demand);
  std::int64_t clear = 0;
  for (std::size_t i = 0; i < subnets.used.size(); ++i) {
    if (!subnets.used[i]) continue;
    const auto blocks = static_cast<std::int64_t>(options_.subnets[i].cidr.count_of(28));
    clear += std::max<std::int64_t>(blocks - 2 - options_.subnets[i].in_use, 0);
  }
  return std::max<std::int64_t>(clear - subnets.nodes, 0);
}

ClosedForm VpcCniFactory::closed_form(const DemandAt& today, const DemandAt& running_peak) const {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t largest_request = 0;
  std::int64_t addresses_per_eni = 1;
  std::int64_t nodes = 0;
  for (const auto& group : today.groups) {
    low += least_of(group);
    nodes += group.nodes;
    if (group.shape.limits == nullptr) continue;
    addresses_per_eni = std::max<std::int64_t>(addresses_per_eni, group.shape.limits->ipv4_per_eni);
    largest_request = std::max<std::int64_t>(largest_request, group.shape.limits->ipv4_per_eni);
  }
  for (const auto& group : running_peak.groups) high += most_of(group);
  // What others can hold of the same subnets is no room for certain.
  const auto others = shares_fargate_subnets(today) ? nodes + high : 0;
  low += std::clamp<std::int64_t>(fargate_room(today) - others, 0, today.without_node);
  const auto asked = high + running_peak.without_node;
  bool may_lack = asked > room_of(running_peak) || running_peak.without_node > fargate_room(running_peak);
  if (has_prefixes()) may_lack = may_lack || high > 16 * sure_prefixes(running_peak);
  high += std::min(running_peak.without_node, fargate_room(running_peak));
  const auto room = room_of(today);
  // A node that finds no /28 stays with what it has.
  if (has_prefixes()) low = std::min(low, 16 * sure_prefixes(today));
  // A subnet too full for one more interface keeps what is left; so does the region's quota of interfaces.
  if (low > room) low = std::max<std::int64_t>(room - largest_request * std::ssize(options_.subnets), 0);
  const auto interfaces = std::max<std::int64_t>(interface_quota_ - nodes - 4, 0);
  low = std::min(low, nodes * (addresses_per_eni - 1) + interfaces);
  high = std::max(std::min(high, room_of(running_peak)), low);
  return {{static_cast<uint128>(low), static_cast<uint128>(high)}, {0, 0}, may_lack};
}

}  // namespace cidrplan::aws
