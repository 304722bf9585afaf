#pragma once

#include <cstdint>

namespace cidrplan::bench {

struct YearResult {
  double seconds = 0;
  std::uint64_t pods_started = 0;
  std::int64_t most_turned_away = 0;  ///< nodes at once, over the samples

  double ns_per_event() const { return seconds * 1e9 / static_cast<double>(2 * pods_started); }
};

/// The VPC CNI with its defaults: 4,000 nodes of m5.xlarge and 120,000 pods that live a day on average.
struct Year {
  int days = 365;
  bool half_full = false;  ///< for half of the time other nodes leave too few addresses in the subnets
};

YearResult run_year(const Year& year);

}  // namespace cidrplan::bench
