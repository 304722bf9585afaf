#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "planner/cluster/instance_catalog.h"

namespace cidrplan::aws {

/// Limits of every instance type known (1,420 types).
/// @source aws/amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go; further sources in
/// data/instance-limits.csv
InstanceCatalog make_instance_catalog();

/// Limits in the published table of pods per node; the other types come from Karpenter's table only.
bool is_in_published_table(const InstanceLimits& limits);

/// An on-demand price in millionths of a US dollar an hour.
struct MicroUsd {
  std::int64_t per_hour = 0;
};

struct InstancePrice {
  std::string_view type;
  MicroUsd price;
};

/// What a region's types cost, in order of name.
class PriceList {
 public:
  std::string_view date() const { return date_; }
  std::optional<MicroUsd> of(std::string_view type) const;

 private:
  friend std::optional<PriceList> price_list(std::string_view region);
  std::string_view date_;
  std::vector<InstancePrice> prices_;
};

/// Reads the prices of one region; none where they are not known.
std::optional<PriceList> price_list(std::string_view region);

/// The regions whose prices are known, in order of name.
std::vector<std::string_view> priced_regions();

}  // namespace cidrplan::aws
