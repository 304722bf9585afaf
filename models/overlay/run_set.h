#pragma once

#include <map>
#include <optional>

#include "planner/net/uint128.h"

namespace cidrplan::overlay {

/// A set of numbers kept as runs of neighbours, so that a range of 2^24 costs as much as one number.
/// Every operation takes the logarithm of the number of runs, plus the runs it touches.
class RunSet {
 public:
  bool contains(uint128 number) const;
  /// The lowest number >= `from` that is not in the set; beyond 2^128 - 1 there is none.
  std::optional<uint128> next_absent(uint128 from) const;

  /// Adds or takes out first … last, both included, and says how many numbers changed sides.
  /// @pre first <= last
  uint128 insert(uint128 first, uint128 last);
  uint128 erase(uint128 first, uint128 last);

  uint128 size() const { return size_; }

 private:
  std::map<uint128, uint128> runs_;  // first -> last; no two touch
  uint128 size_ = 0;
};

}  // namespace cidrplan::overlay
