#include <rapidcheck.h>
#include <string>
#include <vector>

#include "models/overlay/host_local.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }
Address address(const char* text) { return Address::parse(text).value(); }

HostLocal of(const std::vector<const char*>& subnets) {
  std::vector<HostRangeInput> inputs;
  for (const char* subnet : subnets)
    inputs.push_back({prefix(subnet).first(), prefix(subnet).length(), {}, {}, {}});
  const auto set = complete(inputs);
  REQUIRE_FALSE(set.error);
  return HostLocal(set.ranges);
}

}  // namespace

// containernetworking/plugins plugins/ipam/host-local/backend/allocator/allocator_test.go
TEST_CASE("the next address after the one given last") {
  struct Row {
    const char* name;
    std::vector<const char*> subnets;
    std::vector<const char*> used;
    const char* last;
    const char* expected;
  };
  const auto row = GENERATE(values<Row>({
      {"fresh", {"10.0.0.0/29"}, {}, "", "10.0.0.2"},
      {"fresh, IPv6", {"2001:db8:1::/64"}, {}, "", "2001:db8:1::2"},
      {"the first is used", {"10.0.0.0/29"}, {"10.0.0.2"}, "", "10.0.0.3"},
      {"after the last", {"10.0.0.0/29"}, {}, "10.0.0.5", "10.0.0.6"},
      {"skips used ones", {"10.0.0.0/29"}, {"10.0.0.4", "10.0.0.5"}, "10.0.0.3", "10.0.0.6"},
      {"wraps", {"10.0.0.0/29"}, {"10.0.0.6"}, "10.0.0.5", "10.0.0.2"},
      {"last lies elsewhere", {"10.0.0.0/29"}, {"10.0.0.2"}, "10.0.0.128", "10.0.0.3"},
      {"only the last is free",
       {"10.0.0.0/29"},
       {"10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"},
       "10.0.0.3",
       "10.0.0.3"},
      {"next range", {"10.0.0.0/30", "10.0.1.0/30"}, {}, "10.0.0.2", "10.0.1.2"},
      {"first range again", {"10.0.0.0/30", "10.0.1.0/30", "10.0.2.0/30"}, {}, "10.0.2.2", "10.0.0.2"},
      {"none left", {"10.0.0.0/30"}, {"10.0.0.2"}, "", "exhausted"},
      {"none left in two", {"10.0.0.0/30", "10.0.1.0/30"}, {"10.0.0.2", "10.0.1.2"}, "", "exhausted"},
      {"IPv6 uses the last address", {"fd00::/126"}, {}, "fd00::2", "fd00::3"},
  }));
  CAPTURE(row.name);
  HostLocal local = of(row.subnets);
  for (const char* used : row.used) local.restore_used(address(used));
  if (*row.last != '\0') local.restore_marker(address(row.last));
  const auto given = local.allocate();
  CHECK((given ? given->to_string() : "exhausted") == row.expected);
}

TEST_CASE("a node range without network, gateway and broadcast") {
  // 2^(32-m) - 3; the widest range, 0.0.0.0/0, keeps three back like all others
  CHECK(HostLocal(prefix("10.0.0.0/24")).usable() == 253);
  CHECK(HostLocal(prefix("10.0.0.0/28")).usable() == 13);
  CHECK(HostLocal(prefix("10.0.0.0/30")).usable() == 1);
  CHECK(HostLocal(prefix("0.0.0.0/0")).usable() == (uint128{1} << 32) - 3);
  CHECK(HostLocal(prefix("fd00::/64")).usable() == (uint128{1} << 64) - 2);

  HostLocal local(prefix("192.168.1.0/29"));
  std::string given;
  while (const auto next = local.allocate()) given += next->to_string().substr(9) + " ";
  CHECK(given == ".2 .3 .4 .5 .6 ");
}

TEST_CASE("what a released address waits for") {
  // Of 5 usable ones one stays in use, so the released one comes back as the fourth (5 - 1): after .4, .5 and
  // .6.
  HostLocal local(prefix("192.168.1.0/29"));
  local.allocate();
  local.allocate();
  local.release(address("192.168.1.3"));
  std::string given;
  for (int i = 0; i < 4; ++i) given += local.allocate()->to_string().substr(9) + " ";
  CHECK(given == ".4 .5 .6 .3 ");
}

TEST_CASE("a particular address") {
  HostLocal local(prefix("10.0.0.0/24"));
  CHECK_FALSE(local.allocate(address("10.0.0.77")));
  CHECK(local.allocate(address("10.0.0.77")) == HostLocalError::not_available);
  CHECK(local.allocate(address("10.0.0.1")) == HostLocalError::gateway);
  CHECK(local.allocate(address("10.0.1.1")) == HostLocalError::request_outside);
  CHECK(local.allocate() == address("10.0.0.78"));
}

TEST_CASE("ranges are checked and completed") {
  const HostRangeInput plain{address("10.0.0.0"), 24, {}, {}, {}};
  HostRangeInput changed = plain;
  const auto error_of = [](const HostRangeInput& input) { return complete(std::vector{input}).error; };
  CHECK_FALSE(error_of(plain));
  changed.subnet_length = 31;
  CHECK(error_of(changed) == HostLocalError::too_small);
  changed = plain;
  changed.subnet_address = address("10.0.0.1");
  CHECK(error_of(changed) == HostLocalError::host_bits);
  changed = plain;
  changed.start = address("10.0.1.0");
  CHECK(error_of(changed) == HostLocalError::range_start);
  changed.start = address("10.0.0.9");
  changed.end = address("10.0.0.8");
  CHECK(error_of(changed) == HostLocalError::range_start);  // the end is in force when the start is looked at
  changed.start.reset();
  changed.end = address("10.0.0.0");
  CHECK(error_of(changed) == HostLocalError::range_end);
  CHECK(complete({}).error == HostLocalError::empty_set);
  CHECK(complete(std::vector{plain, plain}).error == HostLocalError::overlap);
  CHECK(complete(std::vector{plain, HostRangeInput{address("fd00::"), 64, {}, {}, {}}}).error ==
        HostLocalError::mixed_families);
}

TEST_CASE("host-local behaves like a walk round the addresses") {
  CHECK(rc::check([] {
    HostLocal local(prefix("10.0.0.0/27"));  // .2 to .30
    std::vector<bool> used(32);
    std::uint32_t last = 1;
    for (int step = *rc::gen::inRange(0, 120); step > 0; --step) {
      if (*rc::gen::inRange(0, 5) < 3) {
        std::uint32_t expected = last;
        for (int tried = 0; tried < 29; ++tried) {
          expected = expected == 30 ? 2 : expected + 1;
          if (!used[expected]) break;
        }
        const auto given = local.allocate();
        RC_ASSERT(given.has_value() == !used[expected]);
        if (!given) continue;
        RC_ASSERT(*given == Address::v4(0x0a000000 + expected));
        used[expected] = true;
        last = expected;
      } else {
        const auto released = *rc::gen::inRange<std::uint32_t>(2, 31);
        local.release(Address::v4(0x0a000000 + released));
        used[released] = false;
      }
    }
  }));
}
