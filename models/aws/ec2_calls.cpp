#include "models/aws/ec2_calls.h"

#include <numeric>

namespace cidrplan::aws {

std::string_view to_string(Ec2Action action) {
  switch (action) {
    case Ec2Action::assign_addresses:
      return "AssignPrivateIpAddresses";
    case Ec2Action::unassign_addresses:
      return "UnassignPrivateIpAddresses";
    case Ec2Action::create_interface:
      return "CreateNetworkInterface";
    case Ec2Action::attach_interface:
      return "AttachNetworkInterface";
    case Ec2Action::detach_interface:
      return "DetachNetworkInterface";
    case Ec2Action::delete_interface:
      return "DeleteNetworkInterface";
    case Ec2Action::modify_interface:
      return "ModifyNetworkInterfaceAttribute";
    case Ec2Action::create_tags:
      return "CreateTags";
    case Ec2Action::describe_interfaces:
      return "DescribeNetworkInterfaces";
    case Ec2Action::describe_instances:
      return "DescribeInstances";
    case Ec2Action::describe_subnets:
      return "DescribeSubnets";
    case Ec2Action::associate_trunk:
      return "AssociateTrunkInterface";
  }
  return "";
}

std::uint32_t Ec2Calls::total() const { return std::accumulate(by_action.begin(), by_action.end(), 0u); }

}  // namespace cidrplan::aws
