#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "planner/net/uint128.h"

namespace cidrplan::calico {

/// The additive lagged Fibonacci source of Go's math/rand, bit for bit: y(k) = y(k-607) + y(k-273). The same
/// in every Go 1.x.
/// @source golang/go src/math/rand/rng.go, rand.go
class GoRand {
 public:
  static constexpr std::uint32_t length = 607;

  explicit GoRand(std::int64_t seed);

  std::uint64_t next64();
  /// Rand.Uint32.
  std::uint32_t next32() { return static_cast<std::uint32_t>((next64() & ~(std::uint64_t{1} << 63)) >> 31); }
  /// big.Int.Rand: uniform below 2^bits, as a platform with 64-bit words draws it. @pre bits <= 128
  /// @source golang/go src/math/big/nat.go (random)
  uint128 below_power_of_two(int bits);

  /// What seeding XORs into the state: the state of the generator after 7.8e12 outputs. Worked out at first
  /// use by a power of x modulo its polynomial, instead of carried as 607 constants.
  static const std::array<std::uint64_t, length>& seed_table();

 private:
  static constexpr std::uint32_t lag = 273;

  std::uint64_t seeded(std::uint32_t slot) const;
  void fill_state();

  std::uint32_t seed_ = 0;
  std::uint32_t drawn_ = 0;  // outputs so far; the first 273 come straight from the seed
  std::uint32_t tap_ = 0;
  std::uint32_t feed_ = 0;
  std::unique_ptr<std::array<std::uint64_t, length>> state_;
};

}  // namespace cidrplan::calico
