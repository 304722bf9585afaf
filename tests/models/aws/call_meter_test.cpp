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

/// Its only action: a bucket of 100 calls that gains 5 a second.
ApiUse only_use(const CallMeter& meter, SimTime now) {
  const auto all = meter.use(now);
  REQUIRE(all.size() == 1);
  CHECK(all[0].action == "AssignPrivateIpAddresses");
  return all[0];
}

}  // namespace

TEST_CASE("actions have the names of the buckets, in their order") {
  for (std::size_t i = 0; i < ec2_actions; ++i) CHECK(to_string(static_cast<Ec2Action>(i)) == api_actions[i]);
}

TEST_CASE("calls beyond the bucket wait for tokens to come back") {
  CallMeter meter(usual_api_buckets);
  meter.made(assigning(1'000), at(0));  // all first nodes
  meter.made(assigning(1'000), at(299));
  CHECK(meter.use(at(299)).empty());
  meter.made(assigning(150), at(600));  // 100 tokens: 50 are left over, the last one waits 50 / 5 s
  auto use = only_use(meter, at(600));
  CHECK(use.busiest_hour == 150);
  CHECK(use.beyond == 50);
  CHECK(use.longest_wait == Duration::seconds(10));
  CHECK(use.first_without == at(600));
  meter.made(assigning(5), at(605));  // 25 of the 50 have gone: 5 more wait, for 30 / 5 s
  use = only_use(meter, at(605));
  CHECK(use.beyond == 55);
  CHECK(use.longest_wait == Duration::seconds(10));
  meter.made(assigning(100), at(605 + 6 + 20));  // empty after 6 s, full after 20 more
  CHECK(only_use(meter, at(631)).beyond == 55);
  CHECK(only_use(meter, at(631)).busiest_hour == 255);
  meter.made(assigning(1), at(632));
  CHECK(only_use(meter, at(632)).beyond == 55);
}

TEST_CASE("what is repeated takes tokens all the time") {
  CallMeter meter(usual_api_buckets);
  meter.made(assigning(1), at(0));
  meter.begin_repeating(assigning(1), Duration{100}, at(600));  // 10 a second, 5 more than come back
  // 100 tokens last for 20 s; after 20 more 100 calls wait, the last for 20 s.
  CHECK(meter.use(at(619)).front().beyond == 0);
  const auto use = only_use(meter, at(640));
  CHECK(use.beyond == 100);
  CHECK(use.longest_wait == Duration::seconds(20));
  CHECK(use.first_without == at(620));
  CHECK(use.busiest_hour == 36'000);
  meter.end_repeating(assigning(1), Duration{100}, at(640));
  meter.made(assigning(1), at(660));  // the 100 have been served, and 5 more a second come
  CHECK(only_use(meter, at(660)).beyond == 101);
  meter.made(assigning(1), at(661));
  CHECK(only_use(meter, at(661)).beyond == 101);
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
