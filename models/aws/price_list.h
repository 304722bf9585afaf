#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/price.h"

namespace cidrplan::aws {

struct ListedPrice {
  MicroUsd price;
  std::string source;  ///< "on-demand list", or the file of a person's own price
  bool own = false;
};

/// What the types of a Region cost: on-demand list prices for Linux, shared tenancy, and own ones over them.
/// A price that nobody gave is not known; none is derived from another.
class PriceList {
 public:
  /// Of the list; empty where the Region has none.
  std::string_view date() const { return date_; }
  const ListedPrice* of(std::string_view type) const;
  /// Own prices of this Region, and those of every Region; of two for one type the later counts.
  void add(std::span<const OwnPrice> prices);

 private:
  friend PriceList price_list(std::string_view region);
  std::string region_;
  std::string date_;
  std::map<std::string, ListedPrice, std::less<>> prices_;
};

/// @source data/ondemand-prices.csv
PriceList price_list(std::string_view region);

/// The Regions that have a list, in order of name.
std::vector<std::string_view> priced_regions();

/// Regions of AWS that have none, in order of name.
/// @source AWS General Reference, "Amazon EC2 endpoints and quotas"
std::span<const std::string_view> unpriced_regions();

}  // namespace cidrplan::aws
