#include <fmt/format.h>

#include "models/aws/call_meter.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;

namespace {

Ec2Calls assigning(std::uint32_t count) {
  Ec2Calls calls;
  calls.add(Ec2Action::assign_addresses, count);
  return calls;
}
SimTime at(std::int64_t seconds) { return SimTime{} + Duration::seconds(seconds); }

/// What became of its only action, of a bucket of 100 calls that gains 5 a second: "150 in the busiest hour,
/// 50 wait from second 600 on, 10 s at most".
std::string told(const CallMeter& meter, SimTime now) {
  const auto all = meter.use(now);
  if (all.empty()) return "nothing";
  REQUIRE(all.size() == 1);
  const auto& use = all[0];
  CHECK(use.action == "AssignPrivateIpAddresses");
  auto text = fmt::format("{} in the busiest hour, {} wait", use.busiest_hour, use.beyond);
  if (use.first_without)
    text += fmt::format(" from second {} on, {} s at most", use.first_without->ms / 1'000,
                        use.longest_wait.ms / 1'000);
  return text;
}

}  // namespace

TEST_CASE("actions have the names of the buckets, in their order") {
  for (std::size_t i = 0; i < ec2_actions; ++i) CHECK(to_string(static_cast<Ec2Action>(i)) == api_actions[i]);
}

TEST_CASE("calls beyond the bucket wait for tokens to come back") {
  CallMeter meter(usual_api_buckets);
  meter.made(assigning(1'000), at(0));  // all first nodes
  meter.made(assigning(1'000), at(299));
  CHECK(told(meter, at(299)) == "nothing");
  meter.made(assigning(150), at(600));  // 100 tokens: 50 are left over, the last one waits 50 / 5 s
  CHECK(told(meter, at(600)) == "150 in the busiest hour, 50 wait from second 600 on, 10 s at most");
  meter.made(assigning(5), at(605));  // 25 of the 50 have gone: 5 more wait, for 30 / 5 s
  CHECK(told(meter, at(605)) == "155 in the busiest hour, 55 wait from second 600 on, 10 s at most");
  meter.made(assigning(100), at(605 + 6 + 20));  // empty after 6 s, full after 20 more
  CHECK(told(meter, at(631)) == "255 in the busiest hour, 55 wait from second 600 on, 10 s at most");
  meter.made(assigning(1), at(632));
  CHECK(told(meter, at(632)) == "256 in the busiest hour, 55 wait from second 600 on, 10 s at most");
}

TEST_CASE("what is repeated takes tokens all the time") {
  CallMeter meter(usual_api_buckets);
  meter.made(assigning(1), at(0));
  meter.begin_repeating(assigning(1), Duration{100}, at(600));  // 10 a second, 5 more than come back
  // 100 tokens last for 20 s; after 20 more 100 calls wait, the last for 20 s.
  CHECK(told(meter, at(619)) == "36000 in the busiest hour, 0 wait");
  CHECK(told(meter, at(640)) == "36000 in the busiest hour, 100 wait from second 620 on, 20 s at most");
  meter.end_repeating(assigning(1), Duration{100}, at(640));
  meter.made(assigning(1), at(660));  // the 100 have been served, and 5 more a second come
  CHECK(told(meter, at(660)) == "36000 in the busiest hour, 101 wait from second 620 on, 20 s at most");
  meter.made(assigning(1), at(661));
  CHECK(told(meter, at(661)) == "36000 in the busiest hour, 101 wait from second 620 on, 20 s at most");
}

TEST_CASE("the last whole hour is told, and not an older one") {
  CallMeter meter(usual_api_buckets);
  meter.made(assigning(7), at(10));
  CHECK(meter.per_hour(at(20)) == 0);
  CHECK(meter.per_hour(at(3'600)) == 7);
  CHECK(meter.per_hour(at(7'200)) == 0);
  meter.made(assigning(2), at(3'700));
  CHECK(meter.per_hour(at(3'700)) == 7);
}
