#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "planner/net/contract.h"
#include "planner/net/uint128.h"

namespace cidrplan {

enum class Family : std::uint8_t { ipv4, ipv6 };

/// Address width in bits: 32 or 128.
constexpr int width_of(Family family) { return family == Family::ipv4 ? 32 : 128; }

/// One IPv4 or IPv6 address: a family and a number. Ordered by family, then by number.
/// A default-constructed address is 0.0.0.0.
class Address {
 public:
  constexpr Address() = default;

  /// @pre value < 2^width_of(family); a larger value breaks the contract and stops the program.
  constexpr Address(Family family, uint128 value) : family_(family), value_(value) {
    CIDRPLAN_EXPECTS(family == Family::ipv6 || value >> 32 == 0);
  }

  static constexpr Address v4(std::uint32_t value) { return Address(value); }

  /// Dotted decimal without leading zeros (RFC 6943 section 3.1.1), or RFC 4291 section 2.2 text, without
  /// zone.
  static std::optional<Address> parse(std::string_view text);

  constexpr Family family() const { return family_; }
  constexpr uint128 value() const { return value_; }
  constexpr int width() const { return width_of(family_); }

  /// The address `offset` further on; none beyond the end of the family's space.
  std::optional<Address> plus(uint128 offset) const;

  /// Dotted decimal; IPv6 as RFC 5952 has it.
  std::string to_string() const;

  friend constexpr auto operator<=>(const Address&, const Address&) = default;
  friend constexpr bool operator==(const Address&, const Address&) = default;

 private:
  constexpr explicit Address(std::uint32_t value) : value_(value) {}

  Family family_ = Family::ipv4;
  uint128 value_ = 0;
};

}  // namespace cidrplan
