#include "models/calico/calico_factory.h"

#include <algorithm>

#include "models/calico/calico_model.h"
#include "models/calico/closed_form.h"

namespace cidrplan::calico {

CalicoFactory::CalicoFactory(CalicoOptions options, std::vector<PodRange> ranges,
                             const DesignContext& context)
    : options_(std::move(options)),
      ranges_(std::move(ranges)),
      classes_(node_classes(options_, context)),
      families_(context.families),
      in_vpc_(context.vpc != nullptr) {
  for (const auto& group : context.groups)
    groups_.push_back({group.name, group.max_pods.value_or(default_max_pods(group.limits)), group.surge});
}

Capabilities CalicoFactory::capabilities() const {
  const auto has = [&](Family family) {
    return std::any_of(options_.pools.begin(), options_.pools.end(), [&](const PoolPlan& plan) {
      return plan.pool.family() == family && plan.serves(Use::workload);
    });
  };
  return {has(Family::ipv4), has(Family::ipv6), true};
}

std::unique_ptr<IpamModel> CalicoFactory::make(SubnetSpace&, std::uint64_t seed) const {
  return std::make_unique<CalicoModel>(options_, seed);
}

ClosedForm CalicoFactory::closed_form(const DemandAt& today, const DemandAt& running_peak) const {
  ClosedForm form;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto held = held_in_blocks(options_, classes_, today, running_peak, family);
    form.ranges.low += held.addresses.low;
    form.ranges.high = saturating_add(form.ranges.high, held.addresses.high);
    form.may_lack = form.may_lack || held.may_lack;
  }
  return form;
}

/// Of families that pods need both of, the smaller binds. A family without a pool is told otherwise: its pods
/// are refused.
Density CalicoFactory::density(const NodeShape& shape) const {
  Density density;
  density.max_pods = shape.max_pods.value_or(default_max_pods(shape.limits));
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    if (family == Family::ipv4 ? !families_.ipv4 : !families_.ipv6) continue;
    std::int64_t most = 0;
    for (const auto& nodes : classes_)
      if (!shape.group || nodes.group == *shape.group)
        most = std::max(most, most_pods(options_, nodes, family));
    if (most > 0) density.pod_addresses = std::min(density.pod_addresses, most);
  }
  return density;
}

}  // namespace cidrplan::calico
