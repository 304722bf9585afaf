#include <string>

#include "planner/net/contract.h"
#include "planner/net/prefix_set.h"
#include "tests/net/small_space.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

/// Prefixes with a blank between them.
PrefixSet set_of(const std::string& text) {
  PrefixSet::Builder builder;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    builder.add(Prefix::parse(text.substr(at, end - at)).value());
    at = end + 1;
  }
  return builder.build();
}

std::string text_of(const PrefixSet& set) {
  std::string text;
  for (const auto& prefix : set.prefixes()) text += (text.empty() ? "" : " ") + prefix.to_string();
  return text;
}

SmallSpace::Bitmap bitmap_of(const SmallSpace& space, const PrefixSet& set) {
  SmallSpace::Bitmap bitmap;
  for (std::size_t i = 0; i < bitmap.size(); ++i) bitmap[i] = set.contains(space.at(i));
  return bitmap;
}

}  // namespace

TEST_CASE("sets are joined, met and cut") {
  struct Row {
    const char* a;
    const char* b;
    const char* both;
    const char* common;
    const char* rest;
  };
  const auto row = GENERATE(values<Row>({
      {"", "", "", "", ""},
      {"10.0.0.0/24", "", "10.0.0.0/24", "", "10.0.0.0/24"},
      {"", "10.0.0.0/24", "10.0.0.0/24", "", ""},
      // two halves are the whole; halves that are no buddies are not
      {"10.0.0.0/25", "10.0.0.128/25", "10.0.0.0/24", "", "10.0.0.0/25"},
      {"10.0.1.0/24", "10.0.2.0/24", "10.0.1.0/24 10.0.2.0/24", "", "10.0.1.0/24"},
      // a hole in the middle: 64 to 79 of 256 goes
      {"10.0.0.0/24", "10.0.0.64/28", "10.0.0.0/24", "10.0.0.64/28",
       "10.0.0.0/26 10.0.0.80/28 10.0.0.96/27 10.0.0.128/25"},
      {"0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", ""},
      {"0.0.0.0/0", "0.0.0.0/1", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"},
      {"0.0.0.0/0", "255.255.255.255/32 0.0.0.0/1 192.0.0.0/2", "0.0.0.0/0", "0.0.0.0/1 192.0.0.0/2",
       "128.0.0.0/2"},
      {"::/0", "::/1", "::/0", "::/1", "8000::/1"},
      {"::/0", "8000::/1", "::/0", "8000::/1", "::/1"},
      {"::1/128", "::/128", "::/127", "", "::1/128"},
      // the families lie side by side and never touch
      {"255.255.255.255/32", "::/128", "255.255.255.255/32 ::/128", "", "255.255.255.255/32"},
      {"0.0.0.0/0", "::/0", "0.0.0.0/0 ::/0", "", "0.0.0.0/0"},
  }));
  CAPTURE(row.a, row.b);
  CHECK(text_of(set_of(row.a) | set_of(row.b)) == row.both);
  CHECK(text_of(set_of(row.a) & set_of(row.b)) == row.common);
  CHECK(text_of(set_of(row.a) - set_of(row.b)) == row.rest);
  CHECK(set_of(row.a).overlaps(set_of(row.b)) == (std::string(row.common) != ""));
}

TEST_CASE("a set counts its addresses by family") {
  const PrefixSet mixed = set_of("10.0.0.0/24 10.0.0.0/25 10.0.1.0/32 fd00::/64");
  CHECK(mixed.size(Family::ipv4) == 257);
  CHECK(mixed.size(Family::ipv6) == uint128{1} << 64);
  CHECK(set_of("::/0").size(Family::ipv6) == uint128_max);
  CHECK(set_of("0.0.0.0/0").size(Family::ipv4) == uint128{1} << 32);
  CHECK(PrefixSet().size(Family::ipv4) == 0);
}

TEST_CASE("ranges that are no prefixes become the fewest prefixes") {
  const auto range = [](const char* first, const char* last) {
    return PrefixSet::Builder().add({Address::parse(first).value(), Address::parse(last).value()}).build();
  };
  CHECK(text_of(range("10.0.0.1", "10.0.0.6")) == "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32");
  CHECK(range("0.0.0.1", "255.255.255.255").prefixes().size() == 32);
  CHECK(range("::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").prefixes().size() == 128);
  CHECK_THROWS_AS(range("10.0.0.2", "10.0.0.1"), ContractViolation);
  CHECK_THROWS_AS(range("10.0.0.2", "::1"), ContractViolation);
}

TEST_CASE("sets behave like bitmaps") {
  CHECK(rc::check([] {
    const SmallSpace space = SmallSpace::any();
    PrefixSet sets[2];
    SmallSpace::Bitmap bitmaps[2];
    for (int side = 0; side < 2; ++side) {
      PrefixSet::Builder builder;
      for (int n = *rc::gen::inRange(0, 6); n > 0; --n) {
        const Prefix prefix = space.any_prefix();
        builder.add(prefix);
        bitmaps[side] |= space.bitmap_of(prefix);
      }
      sets[side] = builder.build();
    }
    const auto& [a, b] = sets;
    RC_ASSERT(bitmap_of(space, a) == bitmaps[0]);
    RC_ASSERT(bitmap_of(space, a | b) == (bitmaps[0] | bitmaps[1]));
    RC_ASSERT(bitmap_of(space, a & b) == (bitmaps[0] & bitmaps[1]));
    RC_ASSERT(bitmap_of(space, a - b) == (bitmaps[0] & ~bitmaps[1]));
    RC_ASSERT(a.overlaps(b) == (bitmaps[0] & bitmaps[1]).any());
    RC_ASSERT(a.size(space.whole.family()) == bitmaps[0].count());

    const Prefix probe = space.any_prefix();
    const auto bits = space.bitmap_of(probe);
    RC_ASSERT(a.contains(probe) == ((bitmaps[0] & bits) == bits));
    RC_ASSERT(a.overlaps(probe) == (bitmaps[0] & bits).any());

    const auto prefixes = a.prefixes();
    RC_ASSERT(PrefixSet(prefixes) == a);
    for (std::size_t i = 0; i + 1 < prefixes.size(); ++i) {
      RC_ASSERT(prefixes[i].last() < prefixes[i + 1].first());
      const bool buddies = prefixes[i].length() == prefixes[i + 1].length() &&
                           Prefix(prefixes[i].first(), prefixes[i].length() - 1).contains(prefixes[i + 1]);
      RC_ASSERT_FALSE(buddies);
    }
  }));
}
