#include "planner/net/address.h"

#include <array>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

/// Takes one decimal octet off the front; no sign, no leading zero, at most 255.
std::optional<std::uint32_t> take_octet(std::string_view& text) {
  std::size_t digits = 0;
  std::uint32_t value = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == 3) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(text[digits] - '0');
    ++digits;
  }
  if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<std::uint32_t> parse_v4(std::string_view text) {
  std::uint32_t value = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    const auto part = take_octet(text);
    if (!part) return std::nullopt;
    value = value << 8 | *part;
  }
  if (!text.empty()) return std::nullopt;
  return value;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<uint128> parse_v6(std::string_view text) {
  std::array<std::uint16_t, 8> groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == 8) return std::nullopt;
    const auto end = text.find(':');
    const auto group = text.substr(0, end);
    if (end == std::string_view::npos && group.find('.') != std::string_view::npos) {
      const auto tail = parse_v4(group);  // the last 32 bits may be dotted decimal
      if (!tail || count > 6) return std::nullopt;
      groups[count++] = static_cast<std::uint16_t>(*tail >> 16);
      groups[count++] = static_cast<std::uint16_t>(*tail & 0xffff);
      break;
    }
    if (group.empty() || group.size() > 4) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : group) {
      const int digit = hex_digit(c);
      if (digit < 0) return std::nullopt;
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    groups[count++] = static_cast<std::uint16_t>(value);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (text.empty()) return std::nullopt;
    if (text.front() == ':') {
      if (gap) return std::nullopt;
      gap = count;
      text.remove_prefix(1);
    }
  }
  if (gap ? count == 8 : count != 8) return std::nullopt;
  uint128 value = 0;
  const std::size_t zeros = 8 - count;
  for (std::size_t i = 0; i < count; ++i) {
    if (gap && i == *gap) value <<= 16 * zeros;
    value = value << 16 | groups[i];
  }
  if (gap && *gap == count) value = zeros == 8 ? 0 : value << 16 * zeros;
  return value;
}

std::string v4_text(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    if (shift < 24) text += '.';
    text += std::to_string(value >> shift & 0xff);
  }
  return text;
}

std::string v6_text(uint128 value) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(value >> (112 - 16 * i) & 0xffff);
  if (value >> 32 == 0xffff) return "::ffff:" + v4_text(static_cast<std::uint32_t>(value));
  // RFC 5952 section 4.2.3: the longest run of two or more zero groups, the first of equals.
  std::size_t best = 8, best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t end = i;
    while (end < 8 && groups[end] == 0) ++end;
    if (end - i > best_length) best = i, best_length = end - i;
    if (end > i) i = end - 1;
  }
  static constexpr char hex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      text += "::";
      i += best_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    bool started = false;
    for (int shift = 12; shift >= 0; shift -= 4) {
      const unsigned digit = groups[i] >> shift & 0xf;
      if (digit != 0 || started || shift == 0) text += hex[digit], started = true;
    }
  }
  return text;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const auto value = parse_v4(text);
    return value ? std::optional(v4(*value)) : std::nullopt;
  }
  const auto value = parse_v6(text);
  return value ? std::optional(Address(Family::ipv6, *value)) : std::nullopt;
}

std::optional<Address> Address::plus(uint128 offset) const {
  const uint128 highest = family_ == Family::ipv4 ? uint128{0xffffffff} : uint128_max;
  if (offset > highest - value_) return std::nullopt;
  return Address(family_, value_ + offset);
}

std::string Address::to_string() const {
  return family_ == Family::ipv4 ? v4_text(static_cast<std::uint32_t>(value_)) : v6_text(value_);
}

}  // namespace cidrplan
