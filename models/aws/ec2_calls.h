#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cidrplan::aws {

/// EC2's actions that the VPC CNI uses.
enum class Ec2Action : std::uint8_t {
  assign_addresses,
  unassign_addresses,
  create_interface,
  attach_interface,
  detach_interface,
  delete_interface,
  modify_interface,
  create_tags,
  describe_interfaces,
  describe_instances,
  describe_subnets,
  associate_trunk,
};
inline constexpr std::size_t ec2_actions = 12;
/// AssignPrivateIpAddresses, …
std::string_view to_string(Ec2Action action);

/// Calls by action.
struct Ec2Calls {
  std::array<std::uint32_t, ec2_actions> by_action{};

  void add(Ec2Action action, std::uint32_t count = 1) {
    by_action[static_cast<std::size_t>(action)] += count;
  }
  std::uint32_t total() const;
};

}  // namespace cidrplan::aws
