#include "models/aws/windows_node.h"

#include "planner/net/contract.h"

namespace cidrplan::aws {

WindowsNode::WindowsNode(const Node& node, WindowsPool pool, VpcSide& vpc)
    : CniNode(node.id), vpc_(vpc), subnet_(*node.subnet), pool_(std::move(pool)) {
  CIDRPLAN_EXPECTS(node.subnet && node.address);
  own_address_ = static_cast<std::uint32_t>(node.address->value());
  if (pool_.kind() == UnitKind::prefix)
    vpc_.openings.expect_prefixes(subnet_);
  else
    vpc_.openings.expect_singles(subnet_, 1);
}

Admission WindowsNode::start(SimTime now) {
  reconcile(now);
  return Admission::grant();
}

void WindowsNode::leave(SimTime now) {
  ask_again(now);
  vpc_.space.forget(id());
  const auto units = pool_.units();
  for (const auto& unit : units) give_back(unit.first, now);
}

// --- pods ---

std::optional<PodHolding> WindowsNode::assign(PodId, SimTime now) {
  if (pool_.denial() != WindowsPool::Denial::none) return std::nullopt;
  const auto address = pool_.assign();
  vpc_.space.move(subnet_, Hold::idle, Hold::in_use);
  reconcile(now);
  return PodHolding{{}, address, 0, subnet_, {}};
}

void WindowsNode::release(PodId, const PodHolding& holding, SimTime now) {
  pool_.release(holding.address, now);
  vpc_.space.move(subnet_, Hold::in_use, Hold::cooling);
  reconcile(now);
}

Assignment WindowsNode::why_waiting(SimTime) const {
  const PlaceRef here{PlaceKind::node, static_cast<std::uint32_t>(id())};
  switch (pool_.denial()) {
    case WindowsPool::Denial::full:
      return Assignment::wait(Cause::eni_slots, here);
    case WindowsPool::Denial::cooling:
      return Assignment::wait(Cause::cooling, here);
    default:
      break;
  }
  if (!turned_away_) return Assignment::wait(Cause::warming, here);
  const bool too_few = vpc_.space.free(subnet_) < SubnetSpace::prefix_addresses;
  const bool prefix = pool_.kind() == UnitKind::prefix && !too_few;
  return Assignment::wait(prefix ? Cause::no_aligned_prefix : Cause::subnet_exhausted,
                          {PlaceKind::subnet, static_cast<std::uint32_t>(subnet_)});
}

// --- the controller ---

void WindowsNode::plan(SimTime) { due_ = pool_.next_cooled().value_or(SimTime::never()); }

bool WindowsNode::look(SimTime now) {
  vpc_.space.move(subnet_, Hold::cooling, Hold::idle, pool_.cool(now));
  reconcile(now);
  const bool news = turned_away_ && !told_;
  told_ = turned_away_;
  return waiting_ > 0 && (news || pool_.denial() == WindowsPool::Denial::none);
}

void WindowsNode::reconcile(SimTime now) {
  const auto wanted = pool_.wanted();
  if (turned_away_ && wanted != asked_for_) ask_again(now);
  if (wanted > 0 && !turned_away_) ask_for(wanted, now);
  if (wanted == 0)
    for (const auto first : pool_.surplus()) give_back(first, now);
  plan(now);
}

void WindowsNode::ask_for(std::int64_t units, SimTime now) {
  Ec2Calls calls;
  calls.add(Ec2Action::assign_addresses);
  vpc_.calls.made(calls, now);
  const auto count = static_cast<std::uint32_t>(units);
  const bool single = pool_.kind() == UnitKind::single;
  std::vector<SubnetSpace::Ipv4> taken;
  if (single && vpc_.space.take(subnet_, count, Hold::idle, taken)) {
    for (const auto address : taken) pool_.add(address);
  } else if (!single && vpc_.space.free_prefixes(subnet_) >= count) {
    for (std::uint32_t i = 0; i < count; ++i) pool_.add(*vpc_.space.take_prefix(subnet_, Hold::idle));
  } else {
    turned_away_ = true;
    asked_for_ = units;
    ++vpc_.nodes_turned_away;
    vpc_.space.turn_away(subnet_, id(), single ? count : 0, single ? 0 : count);
  }
}

void WindowsNode::ask_again(SimTime) {
  if (!turned_away_) return;
  turned_away_ = false;
  told_ = false;
  --vpc_.nodes_turned_away;
}

void WindowsNode::give_back(std::uint32_t first, SimTime now) {
  Ec2Calls calls;
  calls.add(Ec2Action::unassign_addresses);
  vpc_.calls.made(calls, now);
  for (const auto& unit : pool_.units()) {
    if (unit.first != first) continue;
    if (pool_.kind() == UnitKind::prefix)
      vpc_.space.release_prefix(subnet_, first, 0, unit.cooling);
    else
      vpc_.space.release(subnet_, first, unit.cooling > 0 ? Hold::cooling : Hold::idle);
  }
  pool_.remove(first);
}

std::optional<DrainGain> WindowsNode::drain_gain(SubnetId subnet) const {
  if (subnet != subnet_ || pool_.kind() != UnitKind::prefix) return std::nullopt;
  const auto own_block = vpc_.space.closed_around(subnet, own_address_) == 1;
  return DrainGain{id(), static_cast<std::uint32_t>(pool_.units().size()) + (own_block ? 1 : 0),
                   static_cast<std::uint32_t>(pool_.used())};
}

}  // namespace cidrplan::aws
