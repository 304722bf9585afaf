#include "models/aws/ipv6_ranges.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

constexpr int node_range = 80;
constexpr uint128 most_ranges = uint128{1} << 20;  // of one subnet; more than it can have nodes

}  // namespace

Ipv6Ranges::Ipv6Ranges(std::span<const Subnet> subnets) {
  for (const auto& subnet : subnets) {
    Range range;
    if (subnet.ipv6) {
      range.first = subnet.ipv6->first().value();
      range.count = static_cast<std::uint32_t>(std::min(subnet.ipv6->count_of(node_range), most_ranges));
    }
    ranges_.push_back(range);
  }
}

std::optional<std::uint32_t> Ipv6Ranges::take(SubnetId subnet) {
  auto& range = ranges_[index_of(subnet)];
  std::uint32_t number = 0;
  if (!range.returned.empty()) {
    number = range.returned.first();
    range.returned.erase(number);
  } else if (range.next + 1 < range.count) {
    number = range.next++;
  } else {
    return std::nullopt;
  }
  ++held_;
  return number;
}

void Ipv6Ranges::give_back(SubnetId subnet, std::uint32_t number) {
  ranges_[index_of(subnet)].returned.insert(number);
  --held_;
}

uint128 Ipv6Ranges::first_of(SubnetId subnet, std::uint32_t number) const {
  return ranges_[index_of(subnet)].first + (uint128{number} << (128 - node_range));
}

}  // namespace cidrplan::aws
