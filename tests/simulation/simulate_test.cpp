#include <algorithm>
#include <cmath>
#include <map>

#include "planner/simulation/ensemble.h"
#include "planner/simulation/simulate.h"
#include "tests/simulation/pool_model.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

constexpr auto hour = Duration::hours(1);
constexpr auto day = Duration::days(1);

/// One group of nodes on premises, one workload on it; times count from 2027-01-01.
struct Setting {
  Scenario scenario;
  std::shared_ptr<PoolFactory> factory;

  explicit Setting(std::uint32_t pool = 1'000'000, std::uint32_t max_nodes = 1'000'000)
      : factory(std::make_shared<PoolFactory>(pool, max_nodes)) {
    scenario.calendar = Calendar(*parse_date("2027-01-01"));
    scenario.horizon = SimTime{} + day;
    scenario.zones = {""};
    NodeGroup group;
    group.name = "g";
    group.zones = {ZoneId{0}};
    group.nodes = GrowthCurve::constant(2);
    group.max_pods = 10;
    scenario.groups.push_back(group);
    Workload web;
    web.name = "web";
    web.groups = {GroupId{0}};
    web.pods = GrowthCurve::constant(4);
    web.grace = {};
    scenario.workloads.push_back(web);
    Design design;
    design.name = "pool";
    design.factory = factory;
    scenario.designs.push_back(design);
  }

  NodeGroup& group() { return scenario.groups[0]; }
  Workload& web() { return scenario.workloads[0]; }
  void fixed_life(Duration life) { web().lifetime = {Distribution::Kind::fixed, life, 1, {}}; }
  void pods_by_day(std::vector<std::int64_t> counts) {
    GrowthCurve::Steps steps;
    for (std::size_t i = 0; i < counts.size(); ++i)
      steps.points.push_back({SimTime{} + day * static_cast<std::int64_t>(i), counts[i]});
    web().pods = GrowthCurve(steps);
  }
  Run run(std::int64_t life = 0) const { return simulate(scenario, scenario.designs[0], life); }
};

}  // namespace

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

TEST_CASE("a node says its system and its labels") {
  Setting setting;
  setting.scenario.zones = {"a", "b"};
  setting.group().zones = {ZoneId{0}, ZoneId{1}};
  setting.group().os = Os::windows;
  setting.group().labels = {{"tier", "web"}};
  setting.run();
  const auto& log = setting.factory->log;
  CHECK(log.systems == std::vector{Os::windows, Os::windows});
  REQUIRE(log.labels.size() == 2);
  CHECK(log.labels[0] ==
        Labels{{"kubernetes.io/os", "windows"}, {"tier", "web"}, {"topology.kubernetes.io/zone", "a"}});
  CHECK(log.labels[1].at("topology.kubernetes.io/zone") == "b");
}

TEST_CASE("a deleted pod holds its address for its grace") {
  Setting setting;
  setting.fixed_life(hour);
  setting.web().grace = Duration::seconds(30);
  const Run run = setting.run();
  CHECK(run.peak.pods_with_address == 8);  // four that end, four that begin
  CHECK(run.peak.at == SimTime{} + hour);
}

TEST_CASE("the first sample is the start, when the first nodes have settled") {
  Setting setting;
  setting.scenario.horizon = SimTime{} + hour * 2;
  setting.scenario.sample = {0, hour};
  setting.scenario.policy.max_wait = Duration::minutes(7);
  const Run run = setting.run();
  REQUIRE(run.samples.size() == 3);  // 0:07, 1:00, the end
  CHECK(run.start.at == SimTime{} + Duration::minutes(7));
  CHECK(run.samples[0].at == run.start.at);
  CHECK(run.samples[0].pods_with_address == run.start.pods_with_address);
  CHECK(run.samples[1].at == SimTime{} + hour);
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

TEST_CASE("an auto group grows when pods wait and shrinks after a day of slack") {
  // 5 slots a node. Day 0: 4 pods, 1 node. Day 1: 12 pods, of which 7 find no slot: 2 more nodes. Day 3: 4
  // pods; a whole node's worth is spare from then on, seen on day 4, and gone on day 5.
  Setting setting;
  setting.group().nodes.reset();
  setting.group().max_pods = 5;
  setting.pods_by_day({4, 12, 12, 4});
  setting.scenario.horizon = SimTime{} + day * 7;
  setting.scenario.sample = {0, day};
  const Run run = setting.run();
  const std::vector<std::int64_t> expected{1, 3, 3, 3, 3, 1, 1};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(run.samples[i].nodes == expected[i]);
  }
  CHECK_FALSE(run.first_refusal);
}

TEST_CASE("the ceiling of a group that leaves pods unbound is a refusal") {
  Setting setting;
  setting.group().nodes.reset();
  setting.group().max_pods = 5;
  setting.group().max_nodes = 2;
  setting.pods_by_day({4, 12});
  setting.scenario.horizon = SimTime{} + day * 3;
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::max_nodes);
  CHECK(run.first_refusal->place.name == "g");
  CHECK(run.first_refusal->at == SimTime{} + day);
  CHECK(run.end.refused == 2);
}

TEST_CASE("fixed nodes that are full refuse with max-pods") {
  Setting setting;
  setting.pods_by_day({25});
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::max_pods);
  CHECK(run.end.refused == 5);  // 2 nodes of 10
}

TEST_CASE("a refused node is a refusal, and joins once something is free") {
  Setting setting(1000, 1);
  const Run run = setting.run();
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::node_range_exhausted);
  CHECK(run.first_refusal->who == "node g-2");
  CHECK(run.end.nodes == 1);
  CHECK(run.end.pods_with_address == 4);
}

TEST_CASE("nodes are replaced at their age, the first ones spread over it") {
  // Every 2 days, 2 nodes: g-1 goes at day 1, g-2 at day 2, g-3 (born day 1) at day 3, g-4 at day 4.
  Setting setting;
  setting.group().replace_every = day * 2;
  setting.scenario.horizon = SimTime{} + day * 4 + hour;
  setting.scenario.sample = {0, day};
  const Run run = setting.run();
  CHECK(setting.factory->log.added == 6);
  CHECK(setting.factory->log.removed == 4);
  CHECK(run.end.nodes == 2);
  CHECK(run.end.pods_with_address == 4);
  // Each replacement recreates the pods of the node that goes: 2 of the 4, spread evenly.
  CHECK(run.pods_started == 4 + 4 * 2);
}

TEST_CASE("an upgrade replaces every node, surge at a time") {
  Setting setting;
  setting.group().nodes = GrowthCurve::constant(3);
  setting.scenario.events.push_back({SimTime{} + hour, GroupUpgrade{GroupId{0}, 2}});
  const Run run = setting.run();
  CHECK(setting.factory->log.added == 6);
  CHECK(setting.factory->log.removed == 3);
  CHECK(run.end.nodes == 3);
  CHECK(run.end.pods_with_address == 4);
}

TEST_CASE("a zone outage moves its nodes elsewhere until it ends") {
  Setting setting;
  setting.scenario.zones = {"a", "b"};
  setting.group().zones = {ZoneId{0}, ZoneId{1}};
  setting.scenario.events.push_back({SimTime{} + hour, ZoneOutage{ZoneId{0}, hour}});
  const Run run = setting.run();
  CHECK(setting.factory->log.added == 3);
  CHECK(setting.factory->log.removed == 1);
  CHECK(run.end.nodes == 2);
  CHECK(run.end.pods_with_address == 4);
}

TEST_CASE("a node outage takes nodes away, and none joins their group until it ends") {
  // Three nodes of 10 slots, 24 pods. Two leave at 1:00: 16 pods are recreated, 2 find a slot, 14 wait.
  Setting setting;
  setting.group().nodes = GrowthCurve::constant(3);
  setting.web().pods = GrowthCurve::constant(24);
  setting.web().grace = Duration::seconds(30);
  setting.scenario.events.push_back({SimTime{} + hour, NodeOutage{GroupId{0}, 2, hour}});
  setting.scenario.sample = {0, Duration::minutes(30)};
  const Run run = setting.run();
  CHECK(run.samples[3].nodes == 1);  // 1:30
  CHECK(run.samples[3].pods_with_address == 10);
  CHECK(run.samples[3].waiting == 14);
  CHECK(setting.factory->log.removed == 2);
  CHECK(run.samples[5].nodes == 3);  // 2:30
  CHECK(run.samples[5].pods_with_address == 24);
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->at == SimTime{} + hour);
  CHECK(run.first_refusal->cause == Cause::max_pods);
  CHECK(run.end.refused == 14);
}

TEST_CASE("a group's nodes exist from its event on, or until it") {
  Setting setting;
  NodeGroup later = setting.group();
  later.name = "later";
  later.nodes = GrowthCurve::constant(3);
  setting.scenario.groups.push_back(later);
  setting.web().groups = {GroupId{0}, GroupId{1}};
  setting.scenario.events.push_back({SimTime{} + hour, GroupAdded{GroupId{1}}});
  setting.scenario.events.push_back({SimTime{} + hour * 2, GroupRemoved{GroupId{0}}});
  setting.scenario.sample = {0, Duration::minutes(30)};
  const Run run = setting.run();
  CHECK(run.samples[1].nodes == 2);
  CHECK(run.samples[3].nodes == 5);
  CHECK(run.samples[3].pods_with_address == 4);  // nobody moves to the new nodes by itself
  CHECK(run.samples[5].nodes == 3);
  CHECK(run.samples[5].pods_with_address == 4);
  CHECK(run.pods_started == 4 + 4);
  CHECK_FALSE(run.first_refusal);
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

TEST_CASE("warm-up has churn only: no rollouts, no replacements") {
  Setting setting;
  setting.scenario.warm_up = day * 3;
  setting.fixed_life(day);
  setting.web().rollout = Rollout{day * 5, {25, true}, {25, true}, {}};
  setting.group().replace_every = day * 5;
  const Run run = setting.run();
  // Four pods at -3, -2, -1 days, and at the start; nobody counts the first three.
  CHECK(run.pods_started == 4 * 4);
  CHECK(setting.factory->log.added == 2);
  CHECK(run.end.delayed == 0);
}

TEST_CASE("an auto group keeps to min_nodes when there is nothing to run") {
  Setting setting;
  setting.group().nodes.reset();
  setting.group().min_nodes = 3;
  setting.web().pods = GrowthCurve::constant(1);
  setting.scenario.horizon = SimTime{} + day * 4;
  const Run run = setting.run();
  CHECK(run.end.nodes == 3);
  CHECK(setting.factory->log.removed == 0);
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

TEST_CASE("the same life twice gives the same trajectory, another life another one") {
  Setting setting(60);
  setting.web().lifetime = {Distribution::Kind::log_normal, hour, 1.2, {}};
  setting.web().pods = GrowthCurve::constant(15);
  setting.scenario.horizon = SimTime{} + day * 5;
  const auto digest = setting.run().fingerprint.to_string();
  CHECK(setting.run().fingerprint.to_string() == digest);
  CHECK(setting.run(1).fingerprint.to_string() != digest);
}

TEST_CASE("designs live the same life: draws do not depend on the design") {
  Setting roomy(1000), other(500);
  for (auto* setting : {&roomy, &other}) {
    setting->web().lifetime = {Distribution::Kind::exponential, hour, 1, {}};
    setting->scenario.horizon = SimTime{} + day * 5;
  }
  CHECK(roomy.run().pods_started == other.run().pods_started);
}

TEST_CASE("an ensemble shows its lower median and nearest ranks") {
  Setting setting;
  setting.scenario.horizon = SimTime{} + day * 100;
  setting.scenario.policy.failure_probability = 0.5;
  std::vector<Run> runs(4);
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].life = static_cast<std::int64_t>(i);
  runs[0].first_refusal = FirstRefusal{SimTime{} + day * 30, Cause::max_pods, {}, {}};
  runs[2].first_refusal = FirstRefusal{SimTime{} + day * 10, Cause::max_pods, {}, {}};
  const auto ensemble = conclude(runs, setting.scenario);
  // In order: day 10 (life 2), day 30 (life 0), horizon (1), horizon (3). Lower median: the second.
  CHECK(ensemble.shown == 0);
  CHECK(ensemble.refused_lives == 2);
  CHECK(ensemble.p5 == SimTime{} + day * 10);   // rank ceil(0.2) = 1
  CHECK(ensemble.p50 == SimTime{} + day * 30);  // rank 2
  CHECK_FALSE(ensemble.p95);                    // rank 4
  CHECK(ensemble.fits);                         // 2 of 4 hold, at least 1 - 0.5
}

TEST_CASE("where the samples of many lives would take much memory, only the shown life's are kept") {
  Setting setting(100);
  setting.scenario.horizon = SimTime{} + day * 5;
  setting.scenario.sample = {0, Duration::minutes(6)};
  setting.scenario.lives = 85;  // 1,201 samples of a row each: 49,241 in 41 lives, 50,442 in 42
  const auto ensemble = simulate_lives(setting.scenario, setting.scenario.designs[0]);
  REQUIRE(ensemble.runs.size() == 85);
  CHECK(ensemble.runs[40].samples.size() == 1201);
  CHECK(ensemble.runs[41].samples.empty());
  CHECK(ensemble.shown == 42);  // all are alike
  CHECK(ensemble.life().samples.size() == 1201);
  CHECK(ensemble.life().life == 42);
}
