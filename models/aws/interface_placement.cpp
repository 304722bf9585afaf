#include "models/aws/interface_placement.h"

#include <algorithm>
#include <optional>

namespace cidrplan::aws {
namespace {

constexpr std::string_view cni_tag = "kubernetes.io/role/cni";
constexpr std::string_view cluster_tag = "cni.networking.k8s.aws/cluster/";

bool forbids_pods(const Subnet& subnet) {
  const auto at = subnet.tags.find(cni_tag);
  return at != subnet.tags.end() && at->second == "0";
}

/// Tagged for some cluster, and not for this one. Without a name of its own a cluster does not look.
bool is_of_another_cluster(const Subnet& subnet, const std::string& cluster) {
  if (cluster.empty() || subnet.tags.count(std::string(cluster_tag) + cluster) > 0) return false;
  return std::any_of(subnet.tags.begin(), subnet.tags.end(),
                     [](const auto& tag) { return tag.first.starts_with(cluster_tag); });
}

template <typename List, typename Item>
bool has(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

std::vector<SubnetId> OwnSubnet::subnets_for(const Node& node, const SubnetSpace&) const {
  if (forbids_pods(options_.subnets[index_of(*node.subnet)])) return {};
  return {*node.subnet};
}

bool OwnSubnet::may_hold(SubnetId subnet, const NodeGroup& group) const {
  return has(group.subnets, subnet) && !forbids_pods(options_.subnets[index_of(subnet)]);
}

bool SubnetDiscovery::is_valid(SubnetId id, SubnetId own) const {
  const auto& subnet = options_.subnets[index_of(id)];
  if (subnet.tags.count(std::string(cni_tag)) == 0) return id == own;
  return !forbids_pods(subnet) && !is_of_another_cluster(subnet, options_.cluster_name);
}

std::vector<SubnetId> SubnetDiscovery::subnets_for(const Node& node, const SubnetSpace&) const {
  std::vector<SubnetId> valid;
  for (std::size_t i = 0; i < options_.subnets.size(); ++i) {
    const auto id = static_cast<SubnetId>(i);
    if (options_.subnets[i].zone == node.zone && is_valid(id, *node.subnet)) valid.push_back(id);
  }
  return valid;
}

bool SubnetDiscovery::may_hold(SubnetId subnet, const NodeGroup& group) const {
  if (!has(group.zones, options_.subnets[index_of(subnet)].zone)) return false;
  return std::any_of(group.subnets.begin(), group.subnets.end(),
                     [&](SubnetId own) { return is_valid(subnet, own); });
}

bool SubnetDiscovery::is_excluded(SubnetId id) const {
  const auto& subnet = options_.subnets[index_of(id)];
  if (subnet.tags.count(std::string(cni_tag)) == 0) return false;
  return forbids_pods(subnet) || is_of_another_cluster(subnet, options_.cluster_name);
}

std::vector<SubnetId> CustomNetworking::subnets_for(const Node& node, const SubnetSpace& space) const {
  const auto* name = node.labels != nullptr ? eni_config_of(*node.labels) : nullptr;
  std::optional<SubnetId> best;
  for (std::size_t i = 0; i < options_.subnets.size(); ++i) {
    const auto& subnet = options_.subnets[i];
    if (subnet.role != SubnetRole::pods || subnet.zone != node.zone) continue;
    if (name != nullptr && subnet.name != *name) continue;
    const auto id = static_cast<SubnetId>(i);
    if (!best || space.free(id) > space.free(*best)) best = id;
  }
  return best ? std::vector{*best} : std::vector<SubnetId>{};
}

bool CustomNetworking::may_hold(SubnetId id, const NodeGroup& group) const {
  const auto& subnet = options_.subnets[index_of(id)];
  const auto* name = eni_config_of(group.labels);
  return subnet.role == SubnetRole::pods && has(group.zones, subnet.zone) &&
         (name == nullptr || *name == subnet.name);
}

std::unique_ptr<InterfacePlacement> make_interface_placement(const VpcCniOptions& options) {
  if (options.settings.custom_networking) return std::make_unique<CustomNetworking>(options);
  if (options.settings.subnet_discovery) return std::make_unique<SubnetDiscovery>(options);
  return std::make_unique<OwnSubnet>(options);
}

const std::string* eni_config_of(const Labels& labels) {
  for (const std::string_view key : {"vpc.amazonaws.com/externalEniConfig", "k8s.amazonaws.com/eniConfig"}) {
    const auto at = labels.find(key);
    if (at != labels.end()) return &at->second;
  }
  return nullptr;
}

bool primary_serves_no_pod(const VpcCniOptions& options, const NodeShape& shape) {
  if (!shape.group || index_of(*shape.group) >= options.groups.size()) return false;
  const auto& subnets = options.groups[index_of(*shape.group)].subnets;
  const auto placement = make_interface_placement(options);
  return !subnets.empty() &&
         std::all_of(subnets.begin(), subnets.end(), [&](SubnetId id) { return placement->is_excluded(id); });
}

}  // namespace cidrplan::aws
