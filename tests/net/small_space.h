#pragma once

#include <bitset>
#include <rapidcheck.h>

#include "planner/net/prefix.h"

namespace cidrplan {

/// 64 neighbouring addresses, one bit each: a set of addresses so plain that nobody doubts it. Placed at both
/// ends of both families, where arithmetic overflows, and in the middle of IPv4.
struct SmallSpace {
  static constexpr int bits = 6;
  using Bitmap = std::bitset<1u << bits>;

  Prefix whole;

  Address at(std::size_t index) const { return *whole.first().plus(index); }

  Bitmap bitmap_of(const Prefix& prefix) const {
    Bitmap bitmap;
    for (std::size_t i = 0; i < bitmap.size(); ++i) bitmap[i] = prefix.contains(at(i));
    return bitmap;
  }

  /// Any of the 127 prefixes inside.
  Prefix any_prefix() const {
    const int length = whole.length() + *rc::gen::inRange(0, bits + 1);
    const auto count = static_cast<std::uint64_t>(whole.count_of(length));
    return whole.child(length, *rc::gen::inRange<std::uint64_t>(0, count));
  }

  static SmallSpace any() {
    static const char* const places[] = {"0.0.0.0/26", "10.9.8.64/26", "255.255.255.192/26", "::/122",
                                         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffc0/122"};
    return {Prefix::parse(places[*rc::gen::inRange<std::size_t>(0, std::size(places))]).value()};
  }
};

}  // namespace cidrplan
