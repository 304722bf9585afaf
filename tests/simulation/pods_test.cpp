#include <algorithm>
#include <cmath>
#include <map>

#include "tests/simulation/setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;

TEST_CASE("a pod that ends is recreated at once") {
  Setting setting;
  setting.fixed_life(hour);
  const Run run = setting.run();
  CHECK(run.pods_started == 4 * 24);  // at 0:00, 1:00, … 23:00
  CHECK(run.end.pods_with_address == 4);
  CHECK(run.peak.pods_with_address == 4);
  CHECK_FALSE(run.first_refusal);
  CHECK(run.broken_sums.empty());
}

TEST_CASE("a request says which families its pod needs and where it belongs") {
  Setting setting;
  setting.web().families = {true, true};
  setting.web().in_namespace = NamespaceId{3};
  Daemonset logs;
  logs.name = "logs";
  logs.groups = {GroupId{0}};
  logs.families = {false, true};
  logs.in_namespace = NamespaceId{1};
  setting.scenario.daemonsets.push_back(logs);
  setting.run();
  const auto& requests = setting.factory->log.requests;
  REQUIRE(requests.size() == 6);  // a pod of logs on each of two nodes first, then four of web
  CHECK(requests[0].families == Families{false, true});
  CHECK(requests[0].in_namespace == NamespaceId{1});
  CHECK(requests[5].families == Families{true, true});
  CHECK(requests[5].in_namespace == NamespaceId{3});
}

TEST_CASE("a deleted pod holds its address for its grace") {
  Setting setting;
  setting.fixed_life(hour);
  setting.web().grace = Duration::seconds(30);
  const Run run = setting.run();
  CHECK(run.peak.pods_with_address == 8);  // four that end, four that begin
  CHECK(run.peak.at == SimTime{} + hour);
}

TEST_CASE("a pod without address asks again at a multiple of ten seconds of its age") {
  // Six addresses. At 1:00 four pods end and hold theirs for 25 s, so two of the new four wait; the addresses
  // come back at 1:00:25, they ask at 1:00:30 and live until 2:00:30. At 2:00 the other two end: 2
  // terminating + 2 late + 2 new = 6 fit, and so on.
  Setting setting(6);
  setting.fixed_life(hour);
  setting.web().grace = Duration::seconds(25);
  setting.scenario.horizon = SimTime{} + hour * 2 + Duration::minutes(10);
  setting.scenario.sample = {0, hour + Duration::seconds(29)};
  const Run run = setting.run();
  CHECK(run.end.delayed == 2);
  CHECK(run.end.refused == 0);
  CHECK_FALSE(run.first_refusal);
  CHECK(run.samples[1].waiting == 2);  // 1:00:29
  CHECK(run.pods_started == 12);       // 4 at 0:00, 4 at 1:00, 2 at 2:00, 2 at 2:00:30
}

TEST_CASE("a pod that is not served within max_wait is refused, at its first attempt") {
  Setting setting(2);
  setting.pods_by_day({0, 4});
  setting.scenario.horizon = SimTime{} + day * 3;
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->at == SimTime{} + day);
  CHECK(run.first_refusal->cause == Cause::pool_exhausted);
  CHECK(run.first_refusal->place.name == "pool");
  CHECK(run.first_refusal->who == "pod of web on g-1");  // pods 1 and 3 went to g-1, 2 and 4 to g-2
  CHECK(run.end.refused == 2);
  CHECK(run.end.waiting == 2);
  REQUIRE(run.refusals.size() == 1);
  CHECK(run.refusals[0].count == 2);
}

TEST_CASE("warm-up is not measured, but what still waits at the start is refused then") {
  Setting setting(2);
  setting.scenario.warm_up = day;
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->at == SimTime{});
  CHECK(run.end.refused == 2);
}

TEST_CASE("a rolling update keeps to its fenceposts") {
  // 4 replicas, 25 % surge is 1, 0 unavailable. New pods are ready after 20 s, so one old pod goes every 20
  // s, at +20, +40, +60 and +80. Each holds its address for 30 s: from +40 two of them do, beside 4 pods and
  // 1 of the surge.
  Setting setting;
  setting.web().grace = Duration::seconds(30);
  setting.web().rollout = Rollout{day, {25, true}, {0, false}, Duration::seconds(20)};
  setting.scenario.horizon = SimTime{} + day + hour;
  const Run run = setting.run();
  CHECK(run.pods_started == 8);
  CHECK(run.peak.pods_with_address == 7);
  CHECK(run.peak.at == SimTime{} + day + Duration::seconds(40));
  CHECK(run.end.pods_with_address == 4);
}

TEST_CASE("a refusal tells the rollout into which it falls, and how many pods that had at once") {
  // 4 replicas, 4 more by surge, 5 addresses: on day 1 three new pods wait. 20 s later the first new one is
  // ready and an old one goes, which serves the second; the third has to wait for 40 s.
  Setting setting(5);
  setting.web().rollout = Rollout{day, {100, true}, {0, false}, Duration::seconds(20)};
  setting.scenario.policy.max_wait = Duration::seconds(30);
  setting.scenario.horizon = SimTime{} + day + hour;
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->at == SimTime{} + day);
  CHECK(run.first_refusal->rolling == std::vector<std::string>{"web"});
  CHECK(run.first_refusal->pods == 4 + 4);
  CHECK(run.first_refusal->pods_wanted == 4);
}

TEST_CASE("a rolling update without surge first takes down what may be unavailable") {
  // 4 replicas, 0 surge, 1 unavailable: one old goes at once, its successor is ready 20 s later, and so on.
  Setting setting;
  setting.web().rollout = Rollout{day, {0, false}, {1, false}, Duration::seconds(20)};
  setting.scenario.horizon = SimTime{} + day + hour;
  const Run run = setting.run();
  CHECK(run.pods_started == 8);
  CHECK(run.peak.pods_with_address == 4);
}

TEST_CASE("daemonset pods stand on every node; those of the host network take a slot and no address") {
  // 10 slots a node, 2 for daemonsets: 16 of the 18 pods find one until a third node joins on day 1.
  Setting setting;
  for (const bool host_network : {false, true}) {
    Daemonset one;
    one.name = host_network ? "proxy" : "logs";
    one.host_network = host_network;
    one.groups = {GroupId{0}};
    setting.scenario.daemonsets.push_back(one);
  }
  setting.web().pods = GrowthCurve::constant(18);
  setting.group().nodes = GrowthCurve(GrowthCurve::Steps{{{SimTime{}, 2}, {SimTime{} + day, 3}}});
  setting.scenario.horizon = SimTime{} + day * 2;
  setting.scenario.sample = {0, hour};
  const Run run = setting.run();
  CHECK(run.samples[1].pods_with_address == 16 + 2);
  CHECK(run.samples[1].waiting == 2);
  CHECK(run.samples[25].pods_with_address == 18 + 3);
  CHECK(run.end.pods_wanted == 18 + 3);
  CHECK(run.pods_started == 18 + 3);  // pods of the host network ask nobody
}

TEST_CASE("placement: spread evenly, pack, or by chance") {
  const auto most_on_one = [](Placement placement) {
    Setting setting;
    setting.group().nodes = GrowthCurve::constant(4);
    setting.web().pods = GrowthCurve::constant(8);
    setting.web().placement = placement;
    setting.run();
    std::map<NodeId, int> pods;
    for (const auto& request : setting.factory->log.requests) ++pods[request.node];
    int most = 0;
    for (const auto& [node, count] : pods) most = std::max(most, count);
    return most;
  };
  CHECK(most_on_one(Placement::spread) == 2);
  CHECK(most_on_one(Placement::pack) == 8);
  CHECK(most_on_one(Placement::random) > 2);  // evenly by chance: 8!/(2!)^4 / 4^8, one in 26
  CHECK(most_on_one(Placement::random) < 8);
}

TEST_CASE("a scale-down takes pods without an address first") {
  // Two addresses for four pods; on day 1 two are wanted, and those that wait go.
  Setting setting(2);
  setting.pods_by_day({4, 2});
  setting.scenario.horizon = SimTime{} + day * 2;
  const Run run = setting.run();
  CHECK(run.end.pods_with_address == 2);
  CHECK(run.end.waiting == 0);
  CHECK(setting.factory->log.granted == 2);  // nobody was deleted and served anew
}

TEST_CASE("a burst multiplies the count for its time, a blue-green switch doubles it") {
  Setting setting;
  setting.scenario.events.push_back({SimTime{} + hour, Burst{WorkloadId{0}, 1.8, hour}});
  setting.scenario.events.push_back({SimTime{} + hour * 4, BlueGreen{WorkloadId{0}, hour}});
  setting.scenario.sample = {0, Duration::minutes(30)};
  const Run run = setting.run();
  CHECK(run.samples[3].pods_with_address == 7);  // 1:30, 4 × 1.8 = 7.2
  CHECK(run.samples[5].pods_with_address == 4);
  CHECK(run.samples[9].pods_with_address == 8);  // 4:30
  CHECK(run.samples[11].pods_with_address == 4);
  CHECK(run.pods_started == 4 + 3 + 4);
}

TEST_CASE("jobs arrive as a Poisson process") {
  Setting setting(100);
  setting.web().pods = GrowthCurve::constant(0);
  Batch reports;
  reports.name = "reports";
  reports.groups = {GroupId{0}};
  reports.jobs_per_hour = GrowthCurve::constant(40);
  reports.pods_per_job = 2;
  reports.duration = {Distribution::Kind::exponential, Duration::minutes(3), 1, {}};
  setting.scenario.batches.push_back(reports);
  setting.scenario.horizon = SimTime{} + day * 10;
  const Run run = setting.run();
  // 40 × 240 = 9,600 jobs expected, standard deviation 98: five of them allowed.
  CHECK(std::abs(static_cast<double>(run.pods_started) / 2 - 9600) < 490);
  CHECK_FALSE(run.first_refusal);
  // Little's law: 80 pods an hour × 0.05 h = 4 on average.
  CHECK(run.peak.pods_with_address < 20);
}
