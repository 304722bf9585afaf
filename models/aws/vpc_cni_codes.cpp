#include "models/aws/vpc_cni_codes.h"

namespace cidrplan::aws {

std::vector<OwnCode> vpc_cni_codes() {
  return {
      {"fargate-profile", false,
       "A Fargate profile names a public subnet, or a namespace that another profile has too.",
       "Give each profile namespaces of its own and private subnets of the VPC."},
      {"ipv6-settings", false,
       "With these settings, this instance type or this subnet the daemon of an IPv6 cluster does not start.",
       "Set prefix_delegation, leave custom_networking out, use Nitro types, and give subnets of nodes an "
       "ipv6_cidr."},
      {"negative-target", false,
       "A target is negative, which the daemon takes for its default, without an error.",
       "Leave the target out, or give one of 0 or more."},
      {"no-trunk", false,
       "Pods with security groups have no node to go to: no instance type takes branch interfaces; as a "
       "warning, those of one group do not.",
       "Choose types with branch interfaces, such as m5.large with 9; none of the T family has any."},
      {"no-pod-subnet", false,
       "Custom networking is on, and a zone of a node group has no subnet of role `pods`, or none of the "
       "name "
       "in the group's ENIConfig label.",
       "Add a [[subnet]] with role = \"pods\" in every zone with nodes."},
      {"pod-eni-settings", false,
       "Pods are to have security groups of their own, and pod_eni is not on: no node offers them an "
       "interface.",
       "Set pod_eni = true, or leave security_group_namespaces out."},
      {"prefixes-not-supported", false,
       "Prefix delegation is on, and an instance type is neither Nitro nor bare metal: its nodes fall back "
       "to "
       "single addresses, without a word in the daemon's log.",
       "Choose a Nitro type, or plan with max_pods and subnets for single addresses there."},
      {"max-pods-above-addresses", true,
       "A group's `max_pods` is more than its nodes have addresses for: kubelet admits pods that get none.",
       "Leave max_pods out, so that the formula for the type applies, or set prefix_delegation = true."},
      {"host-network-pods-missing", true,
       "Pods find no address since the scenario lists no aws-node and kube-proxy: kubelet's limit by the "
       "formula counts these two, which need none.",
       "Add each as a [[daemonset]] with host_network = true."},
      {"shared-range-open", true,
       "A subnet of nodes refuses addresses, and the VPC may still take a range of 100.64.0.0/10 for pods.",
       "Add the range to vpc.cidrs and a [[subnet]] with role = \"pods\" to each zone, and set "
       "custom_networking = true. Nodes have to be replaced."},
      {"least-warm-targets", true,
       "The smallest WARM_IP_TARGET, with MINIMUM_IP_TARGET for the start of a node, under which no pod "
       "waits "
       "for an address that its node's pool could have had: the life was lived again with them, and with one "
       "address less. A warning where pods wait under the present settings.",
       "Set them, and some more for the time that EC2 takes, or keep warm_eni_target where its addresses are "
       "to be had."},
      {"minimum-ip-target-is-a-ceiling", true,
       "MINIMUM_IP_TARGET without WARM_IP_TARGET: a node's pool stays at the minimum, and the next pod gets "
       "no "
       "address.",
       "Set warm_ip_target = 1 or more beside it."},
      {"slots-bind-before-cpu", true,
       "A node's interfaces are full of pods that request `policy.cpu_request` each before its CPU is: the "
       "rest of the CPU is paid for and serves nobody.",
       "Choose a type with more addresses for its vCPUs (`cidrplan density`), set prefix_delegation = true, "
       "or "
       "say in policy.cpu_request what pods request."},
      {"warm-eni-target-holds-most", true,
       "More than half of the addresses drawn from the VPC at the peak lie ready on nodes and serve no pod, "
       "because whole interfaces are kept free.",
       "Set warm_ip_target and minimum_ip_target, which keep single addresses free."},
  };
}

}  // namespace cidrplan::aws
