#include "models/aws/fargate.h"

namespace cidrplan::aws {

FargatePods::FargatePods(NodeId key, const FargateProfile& profile, VpcSide& vpc)
    : CniNode(key), vpc_(vpc), profile_(profile) {
  for (const auto subnet : profile_.subnets) vpc_.openings.expect_singles(subnet, 1);
}

SubnetId FargatePods::roomiest() const {
  auto best = profile_.subnets.front();
  for (const auto subnet : profile_.subnets)
    if (vpc_.space.free_singles(subnet) > vpc_.space.free_singles(best)) best = subnet;
  return best;
}

std::optional<PodHolding> FargatePods::assign(PodId, SimTime now) {
  if (turned_away_) return std::nullopt;
  const auto subnet = roomiest();
  const auto taken = vpc_.take_interface(subnet, Hold::in_use, id());
  if (!taken.address) {
    cause_ = taken.cause;
    full_ = subnet;
    if (cause_ == Cause::subnet_exhausted)
      for (const auto each : profile_.subnets) vpc_.space.turn_away(each, id(), 1, 0);
    turned_away_ = true;
    return std::nullopt;
  }
  plan(now);
  ++vpc_.fargate_pods;
  return PodHolding{{}, *taken.address, 0, subnet, {}};
}

Assignment FargatePods::grant_of(const PodHolding& holding) const {
  return vpc_.grant_of_interface(holding.subnet, holding.address);
}

void FargatePods::release(PodId, const PodHolding& holding, SimTime) {
  vpc_.give_back_interface(holding.subnet, holding.address, Hold::in_use);
  --vpc_.fargate_pods;
}

Assignment FargatePods::why_waiting(SimTime) const { return VpcSide::wait_for_interface(cause_, full_); }

void FargatePods::ask_again(SimTime) {
  if (!turned_away_) return;
  turned_away_ = false;
  news_ = true;
  vpc_.space.forget(id());
}

void FargatePods::plan(SimTime now) {
  due_ = SimTime::never();
  if (news_) due_ = now;
}

bool FargatePods::look(SimTime now) {
  news_ = false;
  plan(now);
  return waiting_ > 0;
}

}  // namespace cidrplan::aws
