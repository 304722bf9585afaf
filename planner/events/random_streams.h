#pragma once

#include <cstdint>
#include <string_view>

namespace cidrplan {

/// A named source of draws in which draw `number` depends on seed, life, name and number only, never on call
/// order. All designs of a scenario that ask for the same draw get the same (common random numbers).
class RandomStream {
 public:
  RandomStream() = default;
  RandomStream(std::uint64_t seed, std::uint64_t life, std::string_view name);

  /// 64 uniform bits.
  std::uint64_t bits(std::uint64_t number) const {
    std::uint64_t x = key_ + 0x9e3779b97f4a7c15u * (number + 1);  // splitmix64 at position `number`
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
  }

  /// Uniform in the open interval (0, 1), a multiple of 2^-53 plus 2^-54.
  double uniform(std::uint64_t number) const {
    return (static_cast<double>(bits(number) >> 11) + 0.5) * 0x1.0p-53;
  }

  /// Uniform integer below `bound` (multiply-shift; bias below bound / 2^64). @pre bound > 0
  std::uint64_t below(std::uint64_t number, std::uint64_t bound) const;

 private:
  std::uint64_t key_ = 0;
};

}  // namespace cidrplan
