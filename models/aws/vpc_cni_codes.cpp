#include "models/aws/vpc_cni_codes.h"

namespace cidrplan::aws {

std::vector<OwnCode> vpc_cni_codes() {
  return {
      {"ipv6-settings", false,
       "With these settings, this instance type or this subnet the daemon of an IPv6 cluster does not start.",
       "Set prefix_delegation, leave custom_networking out, use Nitro types, and give subnets of nodes an "
       "ipv6_cidr."},
      {"no-pod-subnet", false,
       "Custom networking is on, and a zone of a node group has no subnet of role `pods`, or none of the "
       "name "
       "in the group's ENIConfig label.",
       "Add a [[subnet]] with role = \"pods\" in every zone with nodes."},
      {"prefixes-not-supported", false,
       "Prefix delegation is on, and an instance type is neither Nitro nor bare metal: its nodes fall back "
       "to "
       "single addresses, without a word in the daemon's log.",
       "Choose a Nitro type, or plan with max_pods and subnets for single addresses there."},
      {"minimum-ip-target-is-a-ceiling", true,
       "MINIMUM_IP_TARGET without WARM_IP_TARGET: a node's pool stays at the minimum, and the next pod gets "
       "no "
       "address.",
       "Set warm_ip_target = 1 or more beside it."},
      {"warm-eni-target-holds-most", true,
       "More than half of the addresses drawn from the VPC at the peak lie ready on nodes and serve no pod, "
       "because whole interfaces are kept free.",
       "Set warm_ip_target and minimum_ip_target, which keep single addresses free."},
  };
}

}  // namespace cidrplan::aws
