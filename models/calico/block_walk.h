#pragma once

#include <cstdint>
#include <string_view>

#include "planner/net/uint128.h"

namespace cidrplan::calico {

/// FNV-1 with 32 bits: multiply, then XOR. @source golang/go src/hash/fnv/fnv.go
constexpr std::uint32_t fnv1_32(std::string_view bytes) {
  std::uint32_t hash = 2'166'136'261u;
  for (const char c : bytes) hash = (hash * 16'777'619u) ^ static_cast<unsigned char>(c);
  return hash;
}

/// The order in which a host looks at the 2^bits blocks of a pool: a start of its own, then one by one
/// upwards and round.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_block_reader_writer.go (randomBlockGenerator)
class BlockWalk {
 public:
  /// @pre 0 <= bits <= 128
  BlockWalk(std::uint64_t seed, int bits);

  uint128 start() const { return start_; }
  uint128 last() const { return last_; }  ///< the highest block number
  /// The block looked at after `steps` others. @pre steps <= last()
  uint128 at(uint128 steps) const { return (start_ + steps) & last_; }

 private:
  uint128 start_ = 0;
  uint128 last_ = 0;
};

}  // namespace cidrplan::calico
