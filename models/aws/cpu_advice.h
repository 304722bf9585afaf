#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/finding.h"

namespace cidrplan::aws {

/// CPU that pods of a stock Linux node can have, in thousandths of a core: kubelet's reservation is taken
/// off, 6 % of the first core, 1 % of the second, 0.5 % of the next two and 0.25 % of the others.
/// @source awslabs/amazon-eks-ami templates/al2/runtime/bootstrap.sh (get_cpu_millicores_to_reserve); 2
/// vCPUs: 1930
std::int64_t cpu_for_pods(int vcpus);

/// Groups of as many nodes as pods need, whose nodes have no address left while they have CPU.
void judge_cpu(const VpcCniOptions& options, std::string_view design, std::vector<Finding>& findings);

}  // namespace cidrplan::aws
