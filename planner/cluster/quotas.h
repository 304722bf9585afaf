#pragma once

#include <cstdint>

#include "planner/cluster/api_buckets.h"

namespace cidrplan {

/// Service quotas of the provider's account. Defaults: awsdocs/amazon-vpc-user-guide
/// doc_source/amazon-vpc-limits.md.
struct Quotas {
  std::int64_t enis_per_region = 5'000;
  std::int64_t ipv4_cidrs_per_vpc = 5;
  std::int64_t subnets_per_vpc = 200;
  std::int64_t network_address_usage = 64'000;
  std::int64_t routes_per_table = 50;
  ApiBuckets api_buckets = usual_api_buckets;
};

}  // namespace cidrplan
