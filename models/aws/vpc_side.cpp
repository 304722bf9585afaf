#include "models/aws/vpc_side.h"

namespace cidrplan::aws {

VpcSide::TakenInterface VpcSide::take_interface(SubnetId subnet, Hold hold, NodeId who) {
  if (!space.attach_interface()) {
    quota_waiters.push_back(who);
    return {std::nullopt, Cause::quota_enis};
  }
  const auto address = space.take(subnet, hold);
  if (!address) space.detach_interface();
  return {address, Cause::subnet_exhausted};
}

void VpcSide::give_back_interface(SubnetId subnet, std::uint32_t address, Hold hold) {
  space.release(subnet, address, hold);
  space.detach_interface();
  interface_went = true;
}

Assignment VpcSide::wait_for_interface(Cause cause, SubnetId subnet) {
  if (cause == Cause::quota_enis) return Assignment::wait(cause, {PlaceKind::vpc, 0});
  return Assignment::wait(cause, {PlaceKind::subnet, static_cast<std::uint32_t>(subnet)});
}

Assignment VpcSide::grant_of_interface(SubnetId subnet, std::uint32_t address) const {
  if (!options.ipv6) return Assignment::grant(Address::v4(address));
  const auto number =
      address - static_cast<std::uint32_t>(options.subnets[index_of(subnet)].cidr.first().value());
  return Assignment::grant({}, Address(Family::ipv6, ipv6_ranges.first_of(subnet, 0) + number));
}

}  // namespace cidrplan::aws
