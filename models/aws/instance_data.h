#pragma once

#include <optional>
#include <string_view>

#include "planner/cluster/instance_catalog.h"

namespace cidrplan::aws {

/// Limits of every instance type known (1,420 types).
/// @source aws/amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go; further sources in
/// data/instance-limits.csv
InstanceCatalog make_instance_catalog();

/// Pods of a node in the table that comes with the VPC CNI; none for types that it does not have.
/// @source aws/amazon-vpc-cni-k8s misc/eni-max-pods.txt (1,391 types)
std::optional<int> published_max_pods(std::string_view type);

}  // namespace cidrplan::aws
