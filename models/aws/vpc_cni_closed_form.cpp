// What a design holds, by arithmetic.

#include <algorithm>
#include <limits>
#include <map>

#include "models/aws/interface_placement.h"
#include "models/aws/node_mode.h"
#include "models/aws/trunk.h"
#include "models/aws/vpc_cni_factory.h"

namespace cidrplan::aws {

/// At least: every node carries as much less than the even spread as the fullest carries more.
std::int64_t VpcCniFactory::least_on_node(const GroupDemand& group) const {
  if (group.shape.limits == nullptr || group.nodes == 0) return 0;
  const auto even = group.pods / group.nodes;
  const auto fewest = std::max<std::int64_t>(even - std::max<std::int64_t>(group.most_per_node - even, 1), 0);
  return make_node_mode(options_, group.shape)->grown_to(fewest);
}

/// At most: it has once carried the most that one can have carried, and keeps what it then had; a trunk is
/// full of branch interfaces, cooling ones among them.
std::int64_t VpcCniFactory::most_on_node(const GroupDemand& group) const {
  if (group.shape.limits == nullptr) return 0;
  const std::int64_t branches = group.with_own_interface > 0 ? branch_limit(options_, group.shape) : 0;
  return make_node_mode(options_, group.shape)->at_most(group.most_per_node) + branches;
}

/// A zone's share of the nodes, which are spread evenly over the zones of their group.
VpcCniFactory::ZoneDemand VpcCniFactory::demand_in(ZoneId zone, const DemandAt& today,
                                                   const DemandAt& running_peak) const {
  ZoneDemand demand;
  for (std::size_t i = 0; i < today.groups.size(); ++i) {
    const auto& group = today.groups[i];
    if (index_of(group.group) >= options_.groups.size() || group.shape.limits == nullptr) continue;
    const auto& zones = options_.groups[index_of(group.group)].zones;
    if (std::find(zones.begin(), zones.end(), zone) == zones.end()) continue;
    const auto count = std::ssize(zones);
    const auto most = (running_peak.groups[i].nodes + count - 1) / count;
    demand.least += group.nodes / count * least_on_node(group);
    demand.most += most * most_on_node(running_peak.groups[i]);
    demand.nodes += most;
    demand.interfaces += most * (group.shape.limits->enis - 1);
    demand.largest_request = std::max<std::int64_t>(demand.largest_request, group.shape.limits->ipv4_per_eni);
  }
  return demand;
}

/// What the subnet can give to a zone's nodes, whichever free address EC2 chooses; with prefixes, in /28s.
std::int64_t VpcCniFactory::sure_room(SubnetId id, const ZoneDemand& demand, std::int64_t on_fargate) const {
  const auto& subnet = options_.subnets[index_of(id)];
  const auto others = subnet.in_use + (subnet.role == SubnetRole::cluster ? 2 : 0) + demand.nodes +
                      (serves_fargate(id) ? on_fargate : 0);
  // Single addresses come from outside all reservations, prefixes also from those for prefixes.
  std::int64_t kept = 0;
  for (const auto& reservation : subnet.reservations)
    if (!has_prefixes() || reservation.kind == CidrReservation::Kind::by_hand_only)
      kept += static_cast<std::int64_t>(reservation.cidr.size());
  if (!has_prefixes()) return std::max<std::int64_t>(subnet.capacity() - kept - others, 0);
  // The first and the last are broken by what the provider keeps.
  const auto blocks = static_cast<std::int64_t>(subnet.cidr.count_of(28)) - 2 - (kept + 15) / 16;
  return 16 * std::max<std::int64_t>(blocks - others - demand.interfaces, 0);
}

/// At least, in all. Where a zone's nodes may ask for more than one of its subnets has, some may stay with
/// less than they want: that subnet then is full, but for what one request found too little.
VpcCniFactory::Least VpcCniFactory::least_in_all(const DemandAt& today, const DemandAt& running_peak) const {
  const auto used = subnets_of_nodes(today).used;
  std::map<ZoneId, std::vector<SubnetId>> zones;
  for (std::size_t i = 0; i < used.size(); ++i)
    if (used[i]) zones[options_.subnets[i].zone].push_back(static_cast<SubnetId>(i));
  Least in_zones;
  bool scarce = false;
  for (const auto& [zone, subnets] : zones) {
    const auto demand = demand_in(zone, today, running_peak);
    auto room = std::numeric_limits<std::int64_t>::max();
    for (const auto subnet : subnets)
      room = std::min(room, sure_room(subnet, demand, running_peak.without_node));
    const bool may_fill = demand.most > room;
    const auto sure = std::clamp<std::int64_t>(room - demand.largest_request, 0, demand.least);
    in_zones.addresses += may_fill ? sure : demand.least;
    scarce = scarce || may_fill;
    in_zones.may_spread = in_zones.may_spread || (may_fill && subnets.size() > 1);
  }
  if (scarce) return in_zones;
  Least least;
  for (const auto& group : today.groups)
    least.addresses += group.nodes * least_on_node(group) + group.with_own_interface;
  return least;
}

VpcCniFactory::UsedSubnets VpcCniFactory::subnets_of_nodes(const DemandAt& demand) const {
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
  for (std::size_t i = 0; i < result.used.size(); ++i)
    result.used[i] = result.used[i] && options_.subnets[i].from <= demand.at;
  return result;
}

bool VpcCniFactory::serves_fargate(SubnetId subnet) const {
  return std::any_of(options_.fargate.begin(), options_.fargate.end(), [&](const FargateProfile& profile) {
    return std::find(profile.subnets.begin(), profile.subnets.end(), subnet) != profile.subnets.end();
  });
}

VpcCniFactory::UsedSubnets VpcCniFactory::subnets_used(const DemandAt& demand) const {
  auto result = subnets_of_nodes(demand);
  for (std::size_t i = 0; i < result.used.size(); ++i)
    if (serves_fargate(static_cast<SubnetId>(i)) && options_.subnets[i].from <= demand.at)
      result.used[i] = true;
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
    if (!serves_fargate(static_cast<SubnetId>(i)) || subnet.from > demand.at) continue;
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
  const auto least = least_in_all(today, running_peak);
  auto low = least.addresses;
  std::int64_t high = 0;
  std::int64_t largest_request = 0;
  std::int64_t addresses_per_eni = 1;
  std::int64_t nodes = 0;
  for (const auto& group : today.groups) {
    nodes += group.nodes;
    if (group.shape.limits == nullptr) continue;
    addresses_per_eni = std::max<std::int64_t>(addresses_per_eni, group.shape.limits->ipv4_per_eni);
    largest_request = std::max<std::int64_t>(largest_request, group.shape.limits->ipv4_per_eni);
  }
  for (const auto& group : running_peak.groups) {
    high += group.nodes * most_on_node(group);
    // What an interface cannot have, as its subnet is full, comes with a further one in another.
    if (least.may_spread && group.shape.limits != nullptr)
      high += group.nodes * (group.shape.limits->enis - 1);
  }
  // What others can hold of the same subnets is no room for certain.
  const auto others = shares_fargate_subnets(today) ? nodes + high : 0;
  low += std::clamp<std::int64_t>(fargate_room(today) - others, 0, today.without_node);
  const auto asked = high + running_peak.without_node;
  bool may_lack = asked > room_of(running_peak) || running_peak.without_node > fargate_room(running_peak);
  if (has_prefixes()) may_lack = may_lack || high > 16 * sure_prefixes(running_peak);
  high += std::min(running_peak.without_node, fargate_room(running_peak));
  const auto room = room_of(today);
  // A subnet too full for one more interface keeps what is left; so does the region's quota of interfaces.
  if (low > room) low = std::max<std::int64_t>(room - largest_request * std::ssize(options_.subnets), 0);
  const auto interfaces = std::max<std::int64_t>(interface_quota_ - nodes - 4, 0);
  low = std::min(low, nodes * (addresses_per_eni - 1) + interfaces);
  high = std::max(std::min(high, room_of(running_peak)), low);
  return {{static_cast<uint128>(low), static_cast<uint128>(high)}, {0, 0}, may_lack};
}

}  // namespace cidrplan::aws
