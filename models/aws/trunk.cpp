#include "models/aws/trunk.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

constexpr int most_vlans = 120;  // of one trunk; each branch interface has one

void count_calls(VpcSide& vpc, std::initializer_list<Ec2Action> actions, SimTime now) {
  Ec2Calls calls;
  for (const auto action : actions) calls.add(action);
  vpc.calls.made(calls, now);
}

}  // namespace

int branch_limit(const VpcCniOptions& options, const NodeShape& shape) {
  if (!options.settings.pod_eni || shape.os == Os::windows || shape.limits == nullptr) return 0;
  return std::min(shape.limits->trunk_branch_enis.value_or(0), most_vlans);
}

Trunk::Trunk(NodeId key, NodeId node, SubnetId subnet, int most, VpcSide& vpc)
    : CniNode(key), vpc_(vpc), node_(node), subnet_(subnet), most_(most) {
  vpc_.openings.expect_singles(subnet_, 1);
}

Admission Trunk::start(SimTime now) {
  attach(now);
  return Admission::grant();
}

bool Trunk::attach(SimTime now) {
  if (own_address_) return true;
  own_address_ = take_interface(Hold::overhead, now);
  if (!own_address_) return false;
  ++vpc_.further_interfaces;
  count_calls(vpc_, {Ec2Action::describe_instances, Ec2Action::attach_interface, Ec2Action::modify_interface},
              now);
  return true;
}

void Trunk::leave(SimTime now) {
  ask_again(now);
  vpc_.space.forget(id());
  gone_ = true;
  if (own_address_) {
    give_back_interface(*own_address_, Hold::overhead);
    --vpc_.further_interfaces;
    own_address_.reset();
  }
  plan(now);
}

std::optional<std::uint32_t> Trunk::take_interface(Hold hold, SimTime now) {
  count_calls(vpc_, {Ec2Action::create_interface}, now);
  const auto taken = vpc_.take_interface(subnet_, hold, id());
  if (taken.address) {
    vpc_.space.add_address_usage(1);
    ask_again(now);
    return taken.address;
  }
  cause_ = taken.cause;
  if (cause_ == Cause::subnet_exhausted) vpc_.space.turn_away(subnet_, id(), 1, 0);
  if (!turned_away_) ++vpc_.nodes_turned_away;
  turned_away_ = true;
  return std::nullopt;
}

void Trunk::give_back_interface(std::uint32_t address, Hold hold) {
  vpc_.give_back_interface(subnet_, address, hold);
  vpc_.space.add_address_usage(-1);
}

// --- pods ---

std::optional<PodHolding> Trunk::assign(PodId, SimTime now) {
  if (turned_away_ || !attach(now) || is_full()) return std::nullopt;
  const auto address = take_interface(Hold::in_use, now);
  if (!address) return std::nullopt;
  count_calls(vpc_, {Ec2Action::associate_trunk}, now);
  ++used_;
  ++vpc_.branch_interfaces;
  return PodHolding{{}, *address, 0, subnet_, {}};
}

Assignment Trunk::grant_of(const PodHolding& holding) const {
  return vpc_.grant_of_interface(holding.subnet, holding.address);
}

void Trunk::release(PodId, const PodHolding& holding, SimTime now) {
  --used_;
  cooling_.push_back({now + cooldown, holding.address});
  vpc_.space.move(subnet_, Hold::in_use, Hold::cooling);
  plan(now);
}

Assignment Trunk::why_waiting(SimTime) const {
  const PlaceRef here{PlaceKind::node, static_cast<std::uint32_t>(node_)};
  if (!turned_away_) return Assignment::wait(cooling_.empty() ? Cause::eni_slots : Cause::cooling, here);
  return VpcSide::wait_for_interface(cause_, subnet_);
}

// --- what comes next ---

void Trunk::ask_again(SimTime) {
  if (!turned_away_) return;
  turned_away_ = false;
  news_ = true;
  --vpc_.nodes_turned_away;
}

void Trunk::plan(SimTime now) {
  due_ = SimTime::never();
  if (!cooling_.empty()) due_ = cooling_.front().end;
  if (news_) due_ = now;
}

bool Trunk::look(SimTime now) {
  while (!cooling_.empty() && cooling_.front().end <= now) {
    give_back_interface(cooling_.front().address, Hold::cooling);
    --vpc_.branch_interfaces;
    count_calls(vpc_, {Ec2Action::delete_interface}, now);
    cooling_.pop_front();
  }
  if (news_ && !gone_) attach(now);
  news_ = false;
  plan(now);
  return waiting_ > 0 && !turned_away_ && !is_full();
}

}  // namespace cidrplan::aws
