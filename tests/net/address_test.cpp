#include "planner/net/address.h"
#include "planner/net/prefix.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("addresses are read and written back") {
  const char* const row =
      GENERATE("0.0.0.0", "10.40.255.1", "255.255.255.255", "::", "::1", "2001:db8::", "fd00:1:2:3:4:5:6:7",
               "2001:db8:0:1:1:1:1:1", "1:0:0:2::3", "::ffff:10.0.0.1");
  CAPTURE(row);
  const auto address = Address::parse(row);
  REQUIRE(address);
  CHECK(address->to_string() == row);
}

TEST_CASE("what is no address is refused") {
  const char* const row = GENERATE("", "10", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "10.0.0.0.1",
                                   ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                                   "1:2:3:4:5:6:7:8::", "g::", "::10.0.0", "12345::", "fe80::1%eth0", "1:");
  CAPTURE(row);
  CHECK_FALSE(Address::parse(row));
}
