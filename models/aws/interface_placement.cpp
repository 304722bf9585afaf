#include "models/aws/interface_placement.h"

#include <optional>

namespace cidrplan::aws {

std::vector<SubnetId> CustomNetworking::subnets_for(const Node& node, const SubnetSpace& space) const {
  std::optional<SubnetId> best;
  for (std::size_t i = 0; i < subnets_.size(); ++i) {
    if (subnets_[i].role != SubnetRole::pods || subnets_[i].zone != node.zone) continue;
    const auto id = static_cast<SubnetId>(i);
    if (!best || space.free(id) > space.free(*best)) best = id;
  }
  return best ? std::vector{*best} : std::vector<SubnetId>{};
}

std::unique_ptr<InterfacePlacement> make_interface_placement(const VpcCniOptions& options) {
  if (options.settings.custom_networking) return std::make_unique<CustomNetworking>(options.subnets);
  return std::make_unique<OwnSubnet>();
}

}  // namespace cidrplan::aws
