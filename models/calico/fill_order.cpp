#include "models/calico/fill_order.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "models/calico/affinity_name.h"

namespace cidrplan::calico {

std::vector<FillOrder> fill_orders(const IpPool& pool, std::span<const std::uint64_t> starts, int blocks) {
  const auto there_are = saturate_to_64(pool.cidr.count_of(pool.block_size));
  std::map<std::vector<int>, std::uint64_t> found;
  for (const auto start : starts) {
    std::vector<std::string> names;
    for (int k = 0; k < blocks; ++k) {
      const auto number = (start + static_cast<std::uint64_t>(k)) % there_are;
      names.push_back(dashed(pool.cidr.child(pool.block_size, number)));
    }
    std::vector<int> claim(names.size());
    std::iota(claim.begin(), claim.end(), 0);
    std::sort(claim.begin(), claim.end(), [&](int a, int b) {
      return names[static_cast<std::size_t>(a)] < names[static_cast<std::size_t>(b)];
    });
    ++found[claim];
  }
  std::vector<FillOrder> orders;
  for (const auto& [claim, count] : found)
    orders.push_back({claim, static_cast<double>(count) / static_cast<double>(starts.size())});
  std::stable_sort(orders.begin(), orders.end(),
                   [](const FillOrder& a, const FillOrder& b) { return a.share > b.share; });
  return orders;
}

std::vector<FillOrder> fill_orders(const IpPool& pool, int blocks) {
  constexpr std::uint64_t most_starts = 4096;
  const auto there_are = saturate_to_64(pool.cidr.count_of(pool.block_size));
  std::vector<std::uint64_t> starts(static_cast<std::size_t>(std::min(there_are, most_starts)));
  // An odd step visits all residues of the octets' digits, whatever power of two the pool has.
  const auto step = starts.size() == there_are ? 1 : there_are / starts.size() | 1u;
  for (std::size_t i = 0; i < starts.size(); ++i) starts[i] = i * step % there_are;
  return fill_orders(pool, starts, blocks);
}

}  // namespace cidrplan::calico
