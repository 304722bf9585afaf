// Addresses against the C library, prefixes against bits compared one by one.

#include <arpa/inet.h>
#include <array>
#include <rapidcheck.h>
#include <string>

#include "planner/net/prefix.h"
#include "tests/net/small_space.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

/// Any address; half of the 16-bit groups are zero, so that there is something to shorten.
Address any_address() {
  const auto family = *rc::gen::element(Family::ipv4, Family::ipv6);
  uint128 value = 0;
  for (int group = 0; group < width_of(family) / 16; ++group) {
    value = value << 16 | (*rc::gen::arbitrary<bool>() ? 0u : *rc::gen::arbitrary<std::uint16_t>());
  }
  return Address(family, value);
}

std::array<unsigned char, 16> bytes_of(const Address& address) {
  std::array<unsigned char, 16> bytes{};
  for (int i = 0; i < address.width() / 8; ++i) {
    bytes[static_cast<std::size_t>(i)] =
        static_cast<unsigned char>(address.value() >> (address.width() - 8 * (i + 1)) & 0xff);
  }
  return bytes;
}

std::string text_by_library(const Address& address) {
  char text[INET6_ADDRSTRLEN];
  const auto bytes = bytes_of(address);
  inet_ntop(address.family() == Family::ipv4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return text;
}

std::optional<Address> parsed_by_library(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  const bool ipv4 = text.find(':') == std::string::npos;
  if (inet_pton(ipv4 ? AF_INET : AF_INET6, text.c_str(), bytes.data()) != 1) return std::nullopt;
  uint128 value = 0;
  for (std::size_t i = 0; i < (ipv4 ? 4u : 16u); ++i) value = value << 8 | bytes[i];
  return Address(ipv4 ? Family::ipv4 : Family::ipv6, value);
}

bool bit(const Address& address, int number) {
  return (address.value() >> (address.width() - 1 - number) & 1) != 0;
}

/// The definition: the first `length` bits are the same.
bool holds(const Prefix& prefix, const Address& address) {
  if (prefix.family() != address.family()) return false;
  for (int i = 0; i < prefix.length(); ++i) {
    if (bit(prefix.first(), i) != bit(address, i)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("addresses are written as the C library writes them") {
  CHECK(rc::check([] {
    const auto address = any_address();
    // ::/96 is left out: there the library still shows the obsolete ::10.0.0.1.
    RC_PRE(address.family() == Family::ipv4 || address.value() >> 32 != 0);
    RC_ASSERT(address.to_string() == text_by_library(address));
  }));
}

TEST_CASE("texts are addresses exactly where the C library says so") {
  CHECK(rc::check([] {
    auto text = any_address().to_string();
    // A character is changed, doubled or taken out.
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    const auto character = *rc::gen::element('0', '1', '9', 'a', 'F', 'g', ':', '.', ' ', '/');
    switch (*rc::gen::inRange(0, 4)) {
      case 0:
        text[at] = character;
        break;
      case 1:
        text.insert(at, 1, character);
        break;
      case 2:
        text.erase(at, 1);
        break;
      default:
        break;
    }
    const auto expected = parsed_by_library(text);
    RC_TAG(expected ? "an address" : "none");
    RC_ASSERT(Address::parse(text) == expected);
  }));
}

TEST_CASE("a prefix holds the addresses that share its bits") {
  CHECK(rc::check([] {
    const auto space = SmallSpace::any();
    const auto prefix = space.any_prefix(), other = space.any_prefix();
    uint128 size = 0, shared = 0, foreign = 0;
    for (std::size_t i = 0; i < SmallSpace::Bitmap().size(); ++i) {
      const auto address = space.at(i);
      RC_ASSERT(prefix.contains(address) == holds(prefix, address));
      RC_ASSERT((prefix.first() <= address && address <= prefix.last()) == holds(prefix, address));
      size += holds(prefix, address);
      shared += holds(prefix, address) && holds(other, address);
      foreign += holds(other, address) && !holds(prefix, address);
    }
    RC_ASSERT(prefix.size() == size);
    RC_ASSERT(prefix.overlaps(other) == (shared > 0));
    RC_ASSERT(prefix.contains(other) == (foreign == 0));
  }));
}

TEST_CASE("narrower prefixes tile a wider one in order") {
  CHECK(rc::check([] {
    const auto space = SmallSpace::any();
    const auto prefix = space.any_prefix();
    const int length = *rc::gen::inRange(prefix.length(), prefix.width() + 1);
    std::size_t next = 0;  // of the prefix's own addresses
    for (uint128 index = 0; index < prefix.count_of(length); ++index) {
      const auto child = prefix.child(length, index);
      RC_ASSERT(child.length() == length);
      for (uint128 i = 0; i < child.size(); ++i, ++next) {
        const auto address = *prefix.first().plus(next);
        RC_ASSERT(holds(child, address));
        RC_ASSERT(prefix.index_of(length, address) == index);
      }
    }
    RC_ASSERT(prefix.size() == next);
  }));
}
