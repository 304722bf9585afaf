#include <rapidcheck.h>
#include <string>

#include "planner/net/contract.h"
#include "planner/net/prefix.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }
Address address(const char* text) { return Address::parse(text).value(); }

}  // namespace

TEST_CASE("a prefix knows its first and last address and its size") {
  struct Row {
    const char* text;
    const char* last;
    const char* size;
  };
  // 2^(width - length); ::/0 is capped at 2^128 - 1, which ends in ...455, not ...456
  const auto row = GENERATE(values<Row>({
      {"0.0.0.0/0", "255.255.255.255", "4294967296"},
      {"128.0.0.0/1", "255.255.255.255", "2147483648"},
      {"10.40.0.0/21", "10.40.7.255", "2048"},
      {"10.40.0.4/31", "10.40.0.5", "2"},
      {"10.40.0.4/32", "10.40.0.4", "1"},
      {"255.255.255.255/32", "255.255.255.255", "1"},
      {"::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "340282366920938463463374607431768211455"},
      {"8000::/1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "170141183460469231731687303715884105728"},
      {"2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", "18446744073709551616"},
      {"fd00::/127", "fd00::1", "2"},
      {"fd00::1/128", "fd00::1", "1"},
  }));
  CAPTURE(row.text);
  const Prefix value = prefix(row.text);
  CHECK(value.to_string() == row.text);
  CHECK(value.last() == address(row.last));
  CHECK(to_string(value.size()) == row.size);
  CHECK(value.host_bits() == value.width() - value.length());
  CHECK(value.contains(value.first()));
  CHECK(value.contains(value.last()));
}

TEST_CASE("what is no prefix is refused, and why") {
  struct Row {
    const char* text;
    PrefixError error;
  };
  const auto row = GENERATE(values<Row>({
      {"", PrefixError::malformed},
      {"10.0.0.0", PrefixError::malformed},
      {"/8", PrefixError::bad_address},
      {"10.0.0/8", PrefixError::bad_address},
      {"10.0.0.0/", PrefixError::bad_length},
      {"10.0.0.0/33", PrefixError::bad_length},
      {"10.0.0.0/08", PrefixError::bad_length},
      {"10.0.0.0/+8", PrefixError::bad_length},
      {"10.0.0.0/8/8", PrefixError::bad_length},
      {"10.0.0.0/4294967304", PrefixError::bad_length},
      {"::/129", PrefixError::bad_length},
      {"10.64.12.0/14", PrefixError::host_bits},
      {"0.0.0.1/0", PrefixError::host_bits},
      {"::1/0", PrefixError::host_bits},
  }));
  CAPTURE(row.text);
  CHECK(Prefix::parse_explained(row.text).error == row.error);
  CHECK_FALSE(Prefix::parse(row.text));
}

TEST_CASE("host bits: the prefix that was meant comes with the error") {
  CHECK(Prefix::parse_explained("10.64.12.0/14").prefix == prefix("10.64.0.0/14"));
  CHECK(Prefix::parse_explained("::1/0").prefix == prefix("::/0"));
}

TEST_CASE("a prefix holds what lies inside, of its own family only") {
  struct Row {
    const char* outer;
    const char* inner;
    bool contains;
    bool overlaps;
  };
  const auto row = GENERATE(values<Row>({
      {"0.0.0.0/0", "255.255.255.255/32", true, true},
      {"::/0", "ffff::/16", true, true},
      {"::/0", "10.0.0.0/8", false, false},
      {"0.0.0.0/0", "::/128", false, false},
      {"10.0.0.0/8", "10.0.0.0/8", true, true},
      {"10.0.0.0/9", "10.0.0.0/8", false, true},
      {"10.0.0.0/9", "10.128.0.0/9", false, false},
      {"10.0.0.1/32", "10.0.0.1/32", true, true},
      {"10.0.0.1/32", "10.0.0.0/32", false, false},
      {"fd00::/128", "fd00::1/128", false, false},
  }));
  CAPTURE(row.outer, row.inner);
  CHECK(prefix(row.outer).contains(prefix(row.inner)) == row.contains);
  CHECK(prefix(row.outer).overlaps(prefix(row.inner)) == row.overlaps);
  CHECK(prefix(row.inner).overlaps(prefix(row.outer)) == row.overlaps);
}

TEST_CASE("a prefix is tiled by narrower ones") {
  struct Row {
    const char* outer;
    int length;
    const char* count;
    const char* index;
    const char* child;
  };
  // 2001:db8:1234::/48 at /64: block 15 is 2001:db8:1234:f::/64
  const auto row = GENERATE(values<Row>({
      {"0.0.0.0/0", 0, "1", "0", "0.0.0.0/0"},
      {"0.0.0.0/0", 32, "4294967296", "4294967295", "255.255.255.255/32"},
      {"10.0.0.0/8", 26, "262144", "188362", "10.183.242.128/26"},
      {"10.1.2.3/32", 32, "1", "0", "10.1.2.3/32"},
      {"2001:db8:1234::/48", 64, "65536", "15", "2001:db8:1234:f::/64"},
      {"::/0", 1, "2", "1", "8000::/1"},
      {"::/0", 128, "340282366920938463463374607431768211455", "1", "::1/128"},
      {"fd00::1/128", 128, "1", "0", "fd00::1/128"},
  }));
  CAPTURE(row.outer, row.length);
  uint128 index = 0;
  for (const char* c = row.index; *c != '\0'; ++c) index = index * 10 + static_cast<uint128>(*c - '0');
  const Prefix outer = prefix(row.outer);
  CHECK(to_string(outer.count_of(row.length)) == row.count);
  CHECK(outer.child(row.length, index) == prefix(row.child));
  CHECK(outer.index_of(row.length, prefix(row.child).last()) == index);
}

TEST_CASE("a broken precondition stops the program") {
  CHECK_THROWS_AS(Prefix(Address::v4(0), 33), ContractViolation);
  CHECK_THROWS_AS(Prefix(Address::v4(0), -1), ContractViolation);
  CHECK_THROWS_AS(Address(Family::ipv4, uint128{1} << 32), ContractViolation);
  CHECK_THROWS_AS(prefix("10.0.0.0/8").child(9, 2), ContractViolation);
  CHECK_THROWS_AS(prefix("10.0.0.0/8").child(7, 0), ContractViolation);
}

TEST_CASE("steps beyond the end of the space have no address") {
  CHECK(address("255.255.255.254").plus(1) == address("255.255.255.255"));
  CHECK_FALSE(address("255.255.255.255").plus(1));
  CHECK_FALSE(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").plus(1));
  CHECK(address("::").plus(uint128_max) == address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

TEST_CASE("every prefix is read back from its text") {
  CHECK(rc::check([](bool six, std::uint64_t high, std::uint64_t low, unsigned length) {
    const Family family = six ? Family::ipv6 : Family::ipv4;
    const uint128 value = six ? uint128{high} << 64 | low : uint128{low & 0xffffffff};
    const Prefix made(Address(family, value),
                      static_cast<int>(length % static_cast<unsigned>(width_of(family) + 1)));
    RC_ASSERT(Prefix::parse(made.to_string()) == made);
  }));
}
