#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace cidrplan {

/// Address values and counts of addresses. `__extension__` because -Wpedantic rejects the bare name.
__extension__ using uint128 = unsigned __int128;

inline constexpr uint128 uint128_max = ~static_cast<uint128>(0);

/// Decimal digits, no separators.
std::string to_string(uint128 value);

/// For people: 12,273. Beyond 2^53 no reader wants every digit: a power of two as 2^64, anything else with
/// four of them as 1.845e19. Documents for machines have them all.
std::string in_figures(uint128 count);
std::string in_figures(std::int64_t count);
inline std::string in_figures(std::uint64_t count) { return in_figures(uint128{count}); }

/// The value as 64 bits, capped at 2^64 - 1.
constexpr std::uint64_t saturate_to_64(uint128 value) {
  constexpr auto limit = std::numeric_limits<std::uint64_t>::max();
  return value > limit ? limit : static_cast<std::uint64_t>(value);
}

/// Counts of addresses stop at 2^128 - 1, as Prefix::size() does for ::/0.
constexpr uint128 saturating_add(uint128 a, uint128 b) { return a > uint128_max - b ? uint128_max : a + b; }

}  // namespace cidrplan
