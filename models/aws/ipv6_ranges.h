#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "planner/cluster/vpc.h"
#include "planner/ipam/id_set.h"
#include "planner/net/uint128.h"

namespace cidrplan::aws {

/// The /80s of the subnets' IPv6 ranges, by number: the lowest free one is given first. The provider keeps
/// the first and the last addresses of a range, and with them its first and last /80.
class Ipv6Ranges {
 public:
  explicit Ipv6Ranges(std::span<const Subnet> subnets);

  /// None: the subnet has no IPv6 range, or nodes hold all of it.
  std::optional<std::uint32_t> take(SubnetId subnet);
  void give_back(SubnetId subnet, std::uint32_t number);
  uint128 first_of(SubnetId subnet, std::uint32_t number) const;
  std::int64_t held() const { return held_; }

 private:
  struct Range {
    uint128 first = 0;
    std::uint32_t count = 0;  ///< /80s; 0: no range
    std::uint32_t next = 1;   ///< never given yet from here on
    IdSet returned;
  };

  std::vector<Range> ranges_;  // by SubnetId
  std::int64_t held_ = 0;
};

}  // namespace cidrplan::aws
