#include <string>
#include <vector>

#include "models/overlay/cidr_set.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }

std::string next_of(CidrSet& set) {
  const auto block = set.allocate();
  return block ? block->to_string() : "exhausted";
}

}  // namespace

// kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set_test.go

TEST_CASE("a set of one node range") {  // TestCIDRSetFullyAllocated
  auto set = CidrSet::make(prefix("127.123.234.0/30"), 30).value();
  CHECK(next_of(set) == "127.123.234.0/30");
  CHECK(next_of(set) == "exhausted");
  REQUIRE(set.release(prefix("127.123.234.0/30")));
  CHECK(next_of(set) == "127.123.234.0/30");
  CHECK(next_of(set) == "exhausted");
}

TEST_CASE("a released range rests until the search comes round") {
  auto set = CidrSet::make(prefix("10.244.0.0/22"), 24).value();
  CHECK(next_of(set) == "10.244.0.0/24");
  CHECK(next_of(set) == "10.244.1.0/24");
  REQUIRE(set.release(prefix("10.244.0.0/24")));
  CHECK(set.used() == 1);
  CHECK(next_of(set) == "10.244.2.0/24");
  CHECK(next_of(set) == "10.244.3.0/24");
  CHECK(next_of(set) == "10.244.0.0/24");
  CHECK(next_of(set) == "exhausted");
}

TEST_CASE("what is occupied twice counts once") {  // TestDoubleOccupyRelease
  auto set = CidrSet::make(prefix("10.42.0.0/16"), 24).value();
  struct Row {
    bool occupy;
    const char* cidr;
    std::uint64_t used;
  };
  const Row rows[] = {{true, "10.42.5.0/24", 1}, {true, "10.42.9.0/24", 2},  {true, "10.42.8.0/22", 5},
                      {true, "10.42.9.0/24", 5}, {false, "10.42.9.0/24", 4}, {false, "10.42.9.0/24", 4},
                      {false, "10.42.4.0/22", 3}};
  for (const auto& row : rows) {
    REQUIRE((row.occupy ? set.occupy(prefix(row.cidr)) : set.release(prefix(row.cidr))));
    CHECK(set.used() == row.used);
  }
  // 256 ranges, three of them used: .8, .10 and .11
  for (int i = 0; i < 253; ++i) REQUIRE(set.allocate());
  CHECK(next_of(set) == "exhausted");
}

TEST_CASE("a prefix covers these node ranges") {
  struct Row {
    const char* cluster;
    int mask;
    const char* cidr;
    std::uint64_t first, last;
  };
  const auto row = GENERATE(values<Row>({
      // TestOccupy: 127.0.0.0/7 is 126.0.0.0/7, so 127/8 begins at half of the set
      {"126.0.0.0/7", 16, "127.0.0.0/15", 256, 257},
      {"126.0.0.0/7", 15, "127.0.0.0/15", 128, 128},
      {"126.0.0.0/7", 18, "127.0.0.0/15", 1024, 1031},
      {"0.0.0.0/0", 32, "255.255.255.255/32", 4294967295, 4294967295},
      {"0.0.0.0/0", 0, "10.0.0.0/8", 0, 0},
      {"10.0.0.0/16", 24, "10.0.0.0/8", 0, 255},
      {"10.0.0.0/16", 24, "10.0.7.9/32", 7, 7},
      {"2001:db8:85a3::/50", 63, "2001:db8:85a3:3232::/63", 6425, 6425},
      {"fd00::/112", 128, "fd00::/112", 0, 65535},
      {"::/0", 0, "fd00::1/128", 0, 0},
  }));
  CAPTURE(row.cluster, row.mask, row.cidr);
  const auto set = CidrSet::make(prefix(row.cluster), row.mask).value();
  const auto slice = set.slice_of(prefix(row.cidr));
  REQUIRE(slice);
  CHECK(slice->first == row.first);
  CHECK(slice->last == row.last);
}

TEST_CASE("sizes of sets") {
  CHECK(CidrSet::make(prefix("10.0.0.0/8"), 24)->blocks() == 65536);
  CHECK(CidrSet::make(prefix("10.0.0.0/11"), 24)->blocks() == 8192);
  CHECK(CidrSet::make(prefix("0.0.0.0/0"), 32)->blocks() == 4294967296);
  CHECK(CidrSet::make(prefix("fd00::/64"), 80)->blocks() == 65536);
  CHECK_FALSE(CidrSet::make(prefix("beef:1234::/32"), 49));  // 17 bits, TestCIDRSetv6

  auto none = CidrSet::make(prefix("10.0.0.0/24"), 22).value();
  CHECK(none.blocks() == 0);
  CHECK(next_of(none) == "exhausted");
  CHECK_FALSE(none.occupy(prefix("10.0.0.0/25")));
  CHECK(none.occupy(prefix("10.0.0.0/8")));
}

TEST_CASE("a set of 2^24 node ranges is dealt with at once") {
  auto set = CidrSet::make(prefix("127.0.0.0/8"), 32).value();
  REQUIRE(set.occupy(prefix("127.0.0.0/9")));
  REQUIRE(set.occupy(prefix("127.192.0.0/10")));
  CHECK(set.used() == 3 * (1u << 22));
  CHECK(next_of(set) == "127.128.0.0/32");
  CHECK_FALSE(set.occupy(prefix("10.0.0.0/8")));
  REQUIRE(set.release(prefix("0.0.0.0/0")));
  CHECK(set.used() == 0);
  CHECK(next_of(set) == "127.128.0.1/32");
}
