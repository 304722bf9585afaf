#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/overlay/run_set.h"

namespace cidrplan::overlay {

/// Some of the numbers 0 … count-1: one bit each where they are few, runs where they are many (an IPv6 /64).
class OffsetSet {
 public:
  explicit OffsetSet(uint128 count);

  uint128 count() const { return count_; }
  bool contains(uint128 offset) const;
  /// False: it was in the set already, or was not.
  bool insert(uint128 offset);
  bool erase(uint128 offset);
  /// The lowest number >= `from` that is not in the set.
  std::optional<uint128> next_absent(uint128 from) const;

 private:
  uint128 count_ = 0;
  std::vector<std::uint64_t> bits_;  // empty: `runs_` counts
  RunSet runs_;
};

}  // namespace cidrplan::overlay
