#include "planner/net/special_ranges.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <tuple>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

using Kind = SpecialRange::Kind;

struct Row {
  const char* prefix;
  const char* name;
  Kind kind;
  const char* why;
  const char* source;
};

constexpr Row rows[] = {
    {"0.0.0.0/8", "this network", Kind::reserved, "not an address a host may be given",
     "RFC 1122 section 3.2.1.3"},
    {"10.0.0.0/8", "RFC 1918 (10/8)", Kind::open, "private; free to use inside one organisation", "RFC 1918"},
    {"10.0.0.0/8", "Cilium cluster-pool", Kind::product,
     "default pod range; takes in every 10.x network behind the cluster",
     "cilium/cilium Documentation/helm-values.rst"},
    {"10.42.0.0/16", "k3s and RKE2 pods", Kind::product, "default pod range",
     "k3s-io/k3s pkg/cli/cmds/server.go"},
    {"10.43.0.0/16", "k3s and RKE2 services", Kind::product, "default service range",
     "k3s-io/k3s pkg/cli/cmds/server.go"},
    {"10.96.0.0/12", "kubeadm services", Kind::product, "default service range; ends at 10.111.255.255",
     "kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/v1beta3/defaults.go"},
    {"10.100.0.0/16", "EKS services", Kind::product, "service range of a cluster whose VPC has no 10.x range",
     "Amazon EKS user guide, creating a cluster"},
    {"10.128.0.0/14", "OpenShift pods", Kind::product, "default cluster network",
     "ovn-org/ovn-kubernetes go-controller/pkg/config/config.go"},
    {"10.244.0.0/16", "Flannel and Canal pods", Kind::product, "pod range of the stock manifests",
     "flannel-io/flannel Documentation/kube-flannel.yml"},
    {"10.32.0.0/12", "Weave Net", Kind::product, "default range; ends at 10.47.255.255",
     "weaveworks/weave prog/weave-kube/launch.sh"},
    {"100.64.0.0/10", "RFC 6598 (shared address space)", Kind::open,
     "meant for carriers; common as pod range that is not routed outside, and in use by some VPNs",
     "RFC 6598"},
    {"100.64.0.0/16", "OVN-Kubernetes and Kube-OVN join network", Kind::product,
     "each node takes an address of it for itself", "kubeovn/kube-ovn dist/images/install.sh"},
    {"100.96.0.0/16", "Gardener pods", Kind::product, "default pod range of shoot clusters",
     "gardener/gardener docs/usage/shoot_networking.md"},
    {"127.0.0.0/8", "loopback", Kind::reserved, "never leaves the host", "RFC 1122 section 3.2.1.3"},
    {"169.254.0.0/16", "IPv4 link-local", Kind::reserved,
     "never routed; cloud metadata and node-local DNS answer in it", "RFC 3927"},
    {"169.254.172.0/22", "Amazon VPC CNI, egress of IPv6 pods", Kind::node,
     "used between pod and node where the CNI runs", "aws/amazon-vpc-cni-k8s cmd/routed-eni-cni-plugin"},
    {"172.16.0.0/12", "RFC 1918 (172.16/12)", Kind::open, "private; free to use inside one organisation",
     "RFC 1918"},
    {"172.17.0.0/16", "Docker bridge", Kind::machine,
     "machines that run Docker send it to their own bridge, so that they cannot reach this cluster",
     "moby/moby libnetwork/ipamutils"},
    {"172.20.0.0/16", "EKS services", Kind::product, "service range of a cluster whose VPC has a 10.x range",
     "Amazon EKS user guide, creating a cluster"},
    {"172.31.0.0/16", "AWS default VPC", Kind::product,
     "the range of every default VPC; no peering between equal ranges",
     "Amazon VPC user guide, default VPCs"},
    {"192.0.2.0/24", "documentation", Kind::reserved, "for examples only", "RFC 5737"},
    {"192.168.0.0/16", "RFC 1918 (192.168/16)", Kind::open, "private; home and office networks live here",
     "RFC 1918"},
    {"192.168.0.0/16", "Calico fallback pool", Kind::product,
     "pool made at the first start when none is configured",
     "projectcalico/calico node/pkg/lifecycle/startup/startup.go"},
    {"198.18.0.0/15", "benchmarking", Kind::reserved,
     "meant for test networks; AWS refuses 198.19.0.0/16 beside an RFC 1918 range", "RFC 2544"},
    {"198.51.100.0/24", "documentation", Kind::reserved, "for examples only", "RFC 5737"},
    {"203.0.113.0/24", "documentation", Kind::reserved, "for examples only", "RFC 5737"},
    {"224.0.0.0/4", "multicast", Kind::reserved, "groups, not hosts", "RFC 5771"},
    {"240.0.0.0/4", "reserved", Kind::reserved, "many network stacks drop it", "RFC 1112 section 4"},
    {"::/128", "unspecified address", Kind::reserved, "stands for no address", "RFC 4291 section 2.5.2"},
    {"::1/128", "IPv6 loopback", Kind::reserved, "never leaves the host", "RFC 4291 section 2.5.3"},
    {"64:ff9b::/96", "NAT64", Kind::reserved, "IPv4 addresses as a translator shows them",
     "RFC 6052 section 2.1"},
    {"2001:db8::/32", "IPv6 documentation", Kind::reserved, "for examples only", "RFC 3849"},
    {"fc00::/7", "unique local", Kind::open, "private IPv6; use fd00::/8 with a random part", "RFC 4193"},
    {"fd00::ac:0/118", "Amazon VPC CNI, IPv6 egress of IPv4 pods", Kind::node,
     "used between pod and node where the CNI runs", "aws/amazon-vpc-cni-k8s cmd/routed-eni-cni-plugin"},
    {"fe80::/10", "IPv6 link-local", Kind::reserved, "never routed", "RFC 4291 section 2.5.6"},
    {"ff00::/8", "IPv6 multicast", Kind::reserved, "groups, not hosts", "RFC 4291 section 2.7"},
};

std::vector<SpecialRange> build() {
  std::vector<SpecialRange> ranges;
  for (const auto& row : rows) {
    const auto prefix = Prefix::parse(row.prefix);
    CIDRPLAN_EXPECTS(prefix.has_value());
    ranges.push_back({row.name, *prefix, row.kind, row.why, row.source});
  }
  std::sort(ranges.begin(), ranges.end(), [](const SpecialRange& a, const SpecialRange& b) {
    return std::tie(a.prefix, a.name) < std::tie(b.prefix, b.name);
  });
  return ranges;
}

}  // namespace

std::span<const SpecialRange> special_ranges() {
  static const std::vector<SpecialRange> ranges = build();
  return ranges;
}

std::vector<SpecialRange> special_ranges_overlapping(const Prefix& prefix) {
  std::vector<SpecialRange> found;
  const auto all = special_ranges();
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const SpecialRange& range) { return range.prefix.overlaps(prefix); });
  return found;
}

bool is_rfc1918(const Prefix& prefix) {
  static const std::array<Prefix, 3> ranges = {Prefix(Address::v4(0x0a000000), 8),
                                               Prefix(Address::v4(0xac100000), 12),
                                               Prefix(Address::v4(0xc0a80000), 16)};
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Prefix& range) { return range.contains(prefix); });
}

}  // namespace cidrplan
