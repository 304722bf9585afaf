#include "tests/simulation/setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;

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
