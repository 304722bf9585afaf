#include "planner/net/prefix.h"

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

/// The low `bits` bits set; 128 gives all ones.
constexpr uint128 low_mask(int bits) { return bits >= 128 ? uint128_max : (uint128{1} << bits) - 1; }

uint128 power_of_two(int exponent) { return exponent >= 128 ? uint128_max : uint128{1} << exponent; }

/// 0 to 128 in decimal, no sign, no leading zero.
std::optional<int> parse_length(std::string_view text) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

Prefix::Prefix(const Address& inside, int length) : length_(static_cast<std::int16_t>(length)) {
  CIDRPLAN_EXPECTS(length >= 0 && length <= inside.width());
  base_ = Address(inside.family(), inside.value() & ~low_mask(inside.width() - length));
}

PrefixParse Prefix::parse_explained(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {std::nullopt, PrefixError::malformed};
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return {std::nullopt, PrefixError::bad_address};
  const auto length = parse_length(text.substr(slash + 1));
  if (!length || *length > address->width()) return {std::nullopt, PrefixError::bad_length};
  const Prefix prefix(*address, *length);
  if (prefix.first() != *address) return {prefix, PrefixError::host_bits};
  return {prefix, std::nullopt};
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const auto parsed = parse_explained(text);
  return parsed.error ? std::nullopt : parsed.prefix;
}

Address Prefix::last() const { return Address(family(), base_.value() | low_mask(host_bits())); }

uint128 Prefix::size() const { return power_of_two(host_bits()); }

bool Prefix::contains(const Prefix& other) const { return other.length_ >= length_ && contains(other.base_); }

bool Prefix::overlaps(const Prefix& other) const { return contains(other) || other.contains(*this); }

uint128 Prefix::count_of(int length) const {
  CIDRPLAN_EXPECTS(length >= length_ && length <= width());
  return power_of_two(length - length_);
}

Prefix Prefix::child(int length, uint128 index) const {
  CIDRPLAN_EXPECTS(length >= length_ && length <= width());
  CIDRPLAN_EXPECTS(length - length_ == 128 || index < count_of(length));
  const int shift = width() - length;
  const uint128 offset = shift >= 128 ? 0 : index << shift;
  return Prefix(Address(family(), base_.value() | offset), length);
}

uint128 Prefix::index_of(int length, const Address& address) const {
  CIDRPLAN_EXPECTS(length >= length_ && length <= width() && contains(address));
  const int shift = width() - length;
  return shift >= 128 ? 0 : (address.value() - base_.value()) >> shift;
}

std::string Prefix::to_string() const { return base_.to_string() + '/' + std::to_string(length_); }

}  // namespace cidrplan
