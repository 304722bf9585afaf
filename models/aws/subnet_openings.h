#pragma once

#include <cstdint>
#include <vector>

#include "models/aws/datastore.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan::aws {

/// Who could still take something of each subnet, and so what of its free addresses is of no use to anybody:
/// a request is met whole or not at all.
class SubnetOpenings {
 public:
  explicit SubnetOpenings(std::size_t subnets) : subnets_(subnets) {}

  /// Nodes ask the subnet for interfaces, the smallest of which takes `addresses` at once.
  void expect_singles(SubnetId subnet, std::uint32_t addresses);
  /// Nodes ask the subnet for interfaces with prefixes.
  void expect_prefixes(SubnetId subnet) { subnets_[index_of(subnet)].prefixes = true; }
  /// An interface can take one more single address, or can no longer.
  void open(SubnetId subnet) { ++subnets_[index_of(subnet)].open_for_singles; }
  void close(SubnetId subnet) { --subnets_[index_of(subnet)].open_for_singles; }

  /// Tells the subnets what of them is unusable.
  void tell(SubnetSpace& space) const;

 private:
  struct Openings {
    std::uint32_t least_singles = 0;     ///< of one request for a new interface; 0: nobody asks
    std::uint32_t open_for_singles = 0;  ///< interfaces
    bool prefixes = false;
  };

  static std::uint32_t usable(const Openings& openings, const SubnetSpace& space, SubnetId subnet);

  std::vector<Openings> subnets_;
};

}  // namespace cidrplan::aws
