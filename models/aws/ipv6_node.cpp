#include "models/aws/ipv6_node.h"

#include "models/aws/density.h"
#include "models/aws/trunk.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {

Ipv6Mode::Ipv6Mode(const VpcCniOptions& options, const NodeShape& shape)
    : cooldown_(options.settings.cooldown), trunks_(branch_limit(options, shape) > 0 ? 1 : 0) {
  density_.max_pods = shape.max_pods.value_or(max_pods_by_prefix(*shape.limits));
}

std::unique_ptr<CniNode> Ipv6Mode::make_node(const Node& node, std::vector<SubnetId>, VpcSide& vpc) const {
  return std::make_unique<Ipv6Node>(node, cooldown_, vpc);
}

Ipv6Node::Ipv6Node(const Node& node, Duration cooldown, VpcSide& vpc)
    : CniNode(node.id), vpc_(vpc), subnet_(*node.subnet), store_(true, cooldown) {}

Admission Ipv6Node::start(SimTime now) {
  const auto range = vpc_.ipv6_ranges.take(subnet_);
  if (!range)
    return Admission::refuse(Cause::subnet_exhausted,
                             {PlaceKind::subnet, static_cast<std::uint32_t>(subnet_)});
  range_ = *range;
  vpc_.space.add_address_usage(1);
  first_ = vpc_.ipv6_ranges.first_of(subnet_, range_);
  store_.add_eni(EniId{0}, 0, {.primary = true}, now);
  store_.add_unit(EniId{0}, {first_, UnitKind::prefix6});
  Ec2Calls calls;
  calls.add(Ec2Action::describe_interfaces);
  calls.add(Ec2Action::assign_addresses);
  vpc_.calls.made(calls, now);
  return Admission::grant();
}

void Ipv6Node::leave(SimTime) {
  vpc_.space.add_address_usage(-1);
  vpc_.ipv6_ranges.give_back(subnet_, range_);
}

std::optional<PodHolding> Ipv6Node::assign(PodId pod, SimTime now) {
  const auto done = store_.assign6(pod, now);
  if (done.error) return std::nullopt;
  return PodHolding{{}, static_cast<std::uint32_t>(done.at.address - first_), 0, subnet_, {}};
}

Assignment Ipv6Node::grant_of(const PodHolding& holding) const {
  return Assignment::grant({}, Address(Family::ipv6, first_ + holding.address));
}

void Ipv6Node::release(PodId pod, const PodHolding&, SimTime now) {
  CIDRPLAN_EXPECTS(!store_.unassign(pod, now).error);
}

Assignment Ipv6Node::why_waiting(SimTime) const {
  return Assignment::wait(Cause::cooling, {PlaceKind::node, static_cast<std::uint32_t>(id())});
}

}  // namespace cidrplan::aws
