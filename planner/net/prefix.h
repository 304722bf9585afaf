#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "planner/net/address.h"

namespace cidrplan {

enum class PrefixError : std::uint8_t { malformed, bad_address, bad_length, host_bits };

struct PrefixParse;

/// A range of addresses in CIDR form (RFC 4632). Host bits are never set.
/// Ordered by first address, wider prefixes first. A default-constructed prefix is 0.0.0.0/0.
class Prefix {
 public:
  constexpr Prefix() = default;

  /// The prefix of that length that holds `inside`; host bits are cleared.
  /// @pre 0 <= length <= inside.width()
  Prefix(const Address& inside, int length);

  /// Strict: `address/length`, no host bits.
  static std::optional<Prefix> parse(std::string_view text);
  /// Like parse, and says what is wrong; with host_bits the prefix meant is in `prefix`.
  static PrefixParse parse_explained(std::string_view text);

  constexpr Family family() const { return base_.family(); }
  constexpr int width() const { return base_.width(); }
  constexpr int length() const { return length_; }
  constexpr int host_bits() const { return width() - length_; }
  constexpr const Address& first() const { return base_; }
  Address last() const;

  /// 2^host_bits(), capped at 2^128 - 1 for ::/0; host_bits() is exact.
  uint128 size() const;

  constexpr bool contains(const Address& address) const {
    if (address.family() != family()) return false;
    return length_ == 0 || (address.value() ^ base_.value()) >> host_bits() == 0;
  }
  bool contains(const Prefix& other) const;
  bool overlaps(const Prefix& other) const;

  /// How many prefixes of `length` tile this one: 2^(length - length()), capped as size().
  /// @pre length() <= length <= width()
  uint128 count_of(int length) const;
  /// The index-th prefix of `length` inside this one, ascending. @pre index < count_of(length)
  Prefix child(int length, uint128 index) const;
  /// Inverse of child: which slice of `length` holds the address. @pre contains(address)
  uint128 index_of(int length, const Address& address) const;

  std::string to_string() const;

  friend constexpr auto operator<=>(const Prefix&, const Prefix&) = default;
  friend constexpr bool operator==(const Prefix&, const Prefix&) = default;

 private:
  Address base_;
  std::int16_t length_ = 0;
};

struct PrefixParse {
  std::optional<Prefix> prefix;      ///< set on success, and with host_bits
  std::optional<PrefixError> error;  ///< none on success
};

}  // namespace cidrplan
