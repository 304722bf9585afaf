#include "models/aws/vpc_cni_spec.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "models/aws/pod_places.h"
#include "models/aws/vpc_cni_checks.h"
#include "models/aws/vpc_cni_codes.h"
#include "models/aws/vpc_cni_factory.h"
#include "models/aws/vpc_cni_option_list.h"

namespace cidrplan::aws {
namespace {

/// The first /16 of 100.64.0.0/10 that clashes with no range that the scenario knows. Every VPC may take one.
/// @source awsdocs/amazon-vpc-user-guide doc_source/vpc-cidr-blocks.md
std::optional<Prefix> open_shared_range(const Vpc& vpc) {
  constexpr int pieces = 64;
  const auto shared = Prefix::parse("100.64.0.0/10").value();
  const auto overlap = [](const std::vector<Prefix>& ranges, const Prefix& one) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Prefix& each) { return each.overlaps(one); });
  };
  if (overlap(vpc.cidrs, shared)) return std::nullopt;
  for (int i = 0; i < pieces; ++i) {
    const auto piece = shared.child(16, static_cast<uint128>(i));
    if (!overlap(vpc.peers, piece) && !overlap(vpc.on_premises, piece)) return piece;
  }
  return std::nullopt;
}

std::shared_ptr<const ModelFactory> configure(const OptionTable& table, const DesignContext& context,
                                              Diagnostics& diagnostics) {
  auto chosen = chosen_options(table);
  if (!check_options(chosen, table, context, diagnostics)) return nullptr;
  if (!read_pod_places(chosen, table, context, diagnostics)) return nullptr;
  chosen.subnets.assign(context.subnets.begin(), context.subnets.end());
  chosen.groups.assign(context.groups.begin(), context.groups.end());
  chosen.host_network_pods.assign(context.host_network_pods.begin(), context.host_network_pods.end());
  const auto quota = context.vpc != nullptr ? context.vpc->quota : Quotas{};
  chosen.api_buckets = quota.api_buckets;
  chosen.cpu_request = context.cpu_request;
  if (context.vpc != nullptr && std::ssize(context.vpc->cidrs) < quota.ipv4_cidrs_per_vpc)
    chosen.open_shared_range = open_shared_range(*context.vpc);
  return std::make_shared<VpcCniFactory>(std::move(chosen), quota.enis_per_region);
}

}  // namespace

ModelSpec vpc_cni_spec() {
  ModelSpec spec;
  spec.name = "vpc-cni";
  spec.summary = "pods take addresses of the VPC's subnets, attached to their node (Amazon VPC CNI)";
  spec.options = vpc_cni_option_list();
  spec.sources = {
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/ipamd/ipamd.go",
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/ipamd/datastore/data_store.go",
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/awsutils/awsutils.go",
      "aws/amazon-vpc-cni-k8s v1.23.1 pkg/vpc/vpc_ip_resource_limit.go",
      "aws/amazon-vpc-resource-controller-k8s pkg/pool/pool.go",
      "aws/amazon-vpc-resource-controller-k8s pkg/provider/branch/trunk/trunk.go",
  };
  spec.simplified = {
      "Walks through interfaces and addresses go in ascending order (first fit) or are drawn (address_walk); "
      "the "
      "daemon's own order is open. Of interfaces that nobody needs the first one goes.",
      "EC2 answers at once; which free address it gives is vpc.address_choice, as it is not documented.",
      "A removed interface's addresses return at once, not after the 2 s until it is deleted.",
      "A node's daemon starts when the node joins and does not restart.",
      "A trunk interface is attached when its node joins, and the daemon sees it at once.",
      "Fargate takes the subnet with the most free addresses; which one it takes is not documented.",
      "The controller of Windows nodes works at once, not from a queue.",
  };
  spec.codes = vpc_cni_codes();
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::aws
