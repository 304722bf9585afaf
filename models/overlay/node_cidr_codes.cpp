#include "models/overlay/node_cidr_codes.h"

namespace cidrplan::overlay {

std::vector<OwnCode> node_cidr_codes() {
  return {
      {"cluster-cidr-families", false,
       "Ranges of both families are given, and not one of each with one date.",
       "Give one IPv4 and one IPv6 range, both from one day."},
      {"cluster-cidr-too-wide", false, "An IPv6 cluster range is wider than /16.",
       "Take a narrower range; a /48 has 65,536 node ranges of /64."},
      {"cluster-cidrs-overlap", false, "Two cluster ranges of one design share addresses.",
       "Move one of them."},
      {"node-mask-too-long", false,
       "A node range has less than four addresses, or an IPv6 node mask is more than 16 bits longer than the "
       "cluster range.",
       "Lower the node mask, or narrow the cluster range."},
      {"node-mask-too-short", false, "A cluster range is smaller than the range of one node.",
       "Raise the node mask, or widen the cluster range."},
      {"node-mask-beyond-kubeadm", true,
       "The node mask is more than 16 bits longer than the cluster range: the controller accepts it for "
       "IPv4, kubeadm does not.",
       "Lower the node mask where kubeadm installs the cluster."},
      {"node-range-below-max-pods", true, "A node admits more pods than its range has addresses for.",
       "Lower the node mask as the finding says, or lower max_pods."},
      {"node-ranges-lost", true,
       "Nodes that found no range of the second family took one of the first, which nobody has until the "
       "controller restarts.",
       "Widen the cluster range of the second family, or raise its node mask; restart the controller to get "
       "the lost ranges back."},
      {"node-ranges-poorly-used", true,
       "Pods use less than a quarter of the IPv4 addresses that node ranges hold, and a smaller range would "
       "do for every node.",
       "Raise the node mask as the finding says."},
  };
}

}  // namespace cidrplan::overlay
