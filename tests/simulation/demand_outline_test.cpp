#include "planner/simulation/demand_outline.h"
#include "planner/simulation/held_in_closed_form.h"
#include "tests/simulation/setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

SimTime day(std::int64_t number) { return SimTime{} + Duration::days(number); }

/// Ten fixed nodes with ten pod slots, 40 pods.
struct Plan : testing::Setting {
  Plan() {
    scenario.horizon = day(100);
    group().nodes = GrowthCurve::constant(10);
    web().pods = GrowthCurve::constant(40);
  }

  void daemonset(const char* name, bool host_network) {
    Daemonset made;
    made.name = name;
    made.groups = {GroupId{0}};
    made.host_network = host_network;
    scenario.daemonsets.push_back(made);
  }
  void subnet(const char* name, const char* cidr, SubnetRole role, std::int64_t in_use) {
    Subnet made;
    made.name = name;
    made.cidr = *Prefix::parse(cidr);
    made.role = role;
    made.in_use = in_use;
    scenario.subnets.push_back(made);
  }
  GroupDemand at(SimTime time) const { return demand_at(scenario, scenario.designs[0], time).groups.at(0); }
  GroupDemand peak(SimTime until) const {
    return running_peak(scenario, scenario.designs[0], until).groups.at(0);
  }
};

}  // namespace

TEST_CASE("pods spread evenly over fixed nodes, daemonset pods beside them") {
  Plan plan;
  plan.daemonset("proxy", true);
  plan.daemonset("logs", false);
  const auto group = plan.at(day(1));
  CHECK(group.nodes == 10);
  CHECK(group.pods == 50);  // 40, and one of logs on each node
  CHECK(group.pods_per_node == 5);
  // (40 + 20 daemonset pods) / 10 + 1 bound to one node, 2 of them daemonset pods: 5, and the one of logs
  CHECK(group.most_per_node == 6);
}

TEST_CASE("at least, nodes that stand anyway take the pods first") {
  // 40 pods may go to a group that grows and to ten fixed nodes with ten slots each.
  Plan plan;
  auto fixed = plan.group();
  fixed.name = "fixed";
  plan.group().nodes.reset();
  plan.scenario.groups.push_back(fixed);
  plan.web().groups = {GroupId{0}, GroupId{1}};
  const auto& design = plan.scenario.designs[0];
  CHECK(demand_at(plan.scenario, design, day(1)).groups.at(0).nodes == 4);
  CHECK(least_demand_at(plan.scenario, design, day(1)).groups.at(0).nodes == 0);
  // 120 pods are 20 more than the fixed ones take.
  plan.web().pods = GrowthCurve::constant(120);
  CHECK(least_demand_at(plan.scenario, design, day(1)).groups.at(0).nodes == 2);
}

TEST_CASE("pods of each family are counted, those that need both in both") {
  Plan plan;
  plan.scenario.workloads[0].families = {true, true};
  auto six = plan.scenario.workloads[0];
  six.name = "six";
  six.pods = GrowthCurve::constant(3);
  six.families = {false, true};
  plan.scenario.workloads.push_back(six);
  plan.daemonset("logs", false);
  const auto group = plan.at(day(1));
  CHECK(group.pods == 53);       // 40 + 3 + one of logs on each node
  CHECK(group.ipv4.pods == 50);  // 40 + 10
  CHECK(group.ipv6.pods == 43);  // 40 + 3
  // (43 + 10) / 10 + 1 = 6 bound to one node at most, 5 of workloads; with IPv4 also the one of logs
  CHECK(group.most_per_node == 6);
  CHECK(group.ipv4.most_per_node == 6);
  CHECK(group.ipv6.most_per_node == 5);
  plan.scenario.workloads[0].families = {true, false};
  CHECK(plan.at(day(1)).ipv6.most_per_node == 3);  // there are no more
}

TEST_CASE("an auto group has nodes enough for the pods wanted") {
  Plan plan;
  auto& group = plan.scenario.groups[0];
  group.nodes.reset();
  group.min_nodes = 3;
  CHECK(plan.at(day(1)).nodes == 4);  // 40 pods, 10 slots
  plan.daemonset("proxy", true);
  CHECK(plan.at(day(1)).nodes == 5);  // 9 slots
  group.min_nodes = 7;
  CHECK(plan.at(day(1)).nodes == 7);
  group.min_nodes = 0;
  group.max_nodes = 2;
  CHECK(plan.at(day(1)).nodes == 2);
  CHECK(plan.at(day(1)).pods == 18);  // more have no slot
}

TEST_CASE("a workload spreads over its groups by their nodes") {
  Plan plan;
  auto second = plan.scenario.groups[0];
  second.name = "h";
  second.nodes = GrowthCurve::constant(30);
  plan.scenario.groups.push_back(second);
  plan.scenario.workloads[0].groups = {GroupId{0}, GroupId{1}};
  const auto demand = demand_at(plan.scenario, plan.scenario.designs[0], day(1));
  CHECK(demand.groups[0].pods == 10);
  CHECK(demand.groups[1].pods == 30);
}

TEST_CASE("the running peak remembers a burst") {
  Plan plan;
  plan.scenario.events.push_back({day(10), Burst{WorkloadId{0}, 1.5, Duration::days(1)}});
  CHECK(plan.peak(day(9)).pods == 40);
  CHECK(plan.at(day(10)).pods == 60);
  CHECK(plan.at(day(11)).pods == 40);
  CHECK(plan.peak(day(50)).pods == 60);
  CHECK(plan.peak(day(50)).most_per_node == 7);  // 60 / 10 + 1
}

TEST_CASE("a rollout adds its surge and the pods in their grace") {
  Plan plan;
  plan.scenario.groups[0].max_pods = 100;
  auto& web = plan.scenario.workloads[0];
  web.grace = Duration::seconds(30);
  web.rollout = Rollout{Duration::days(7), {25, true}, {0, false}, Duration::seconds(20)};
  // 40 + 10; two steps of 10 fit into 30 s of grace; (50 + 20) / 10 + 1.
  CHECK(plan.peak(day(8)).most_per_node == 8);
  web.rollout->ready_after = {};  // all of the old set may be in its grace at once: (50 + 40) / 10 + 1
  CHECK(plan.peak(day(8)).most_per_node == 10);
}

TEST_CASE("batches count by their mean, at the peak with six deviations of Poisson") {
  Plan plan;
  plan.scenario.workloads.clear();
  plan.scenario.groups[0].max_pods = 100;
  Batch batch;
  batch.groups = {GroupId{0}};
  batch.jobs_per_hour = GrowthCurve::constant(60);
  batch.pods_per_job = 2;
  batch.duration = {Distribution::Kind::exponential, Duration::minutes(30), 1, {}};
  plan.scenario.batches.push_back(batch);
  CHECK(plan.at(day(1)).pods == 60);     // 60/h x 0.5 h = 30 jobs
  CHECK(plan.peak(day(1)).pods == 136);  // 30 + 32 + 6 jobs, for 6 sqrt(30) = 32.9
}

TEST_CASE("groups come and go by their events") {
  Plan plan;
  plan.scenario.events.push_back({day(10), GroupAdded{GroupId{0}}});
  plan.scenario.events.push_back({day(20), GroupRemoved{GroupId{0}}});
  CHECK(plan.at(day(9)).nodes == 0);
  CHECK(plan.at(day(10)).nodes == 10);
  CHECK(plan.at(day(20)).nodes == 0);
  CHECK(plan.peak(day(30)).nodes == 10);
}

TEST_CASE("an outage takes nodes away for its time") {
  Plan plan;
  plan.scenario.events.push_back({day(10), NodeOutage{GroupId{0}, 4, Duration::days(1)}});
  CHECK(plan.at(day(10)).nodes == 6);
  CHECK(plan.at(day(11)).nodes == 10);
  CHECK(plan.peak(day(30)).most_per_node == 7);  // 40 / 6 + 1
}

TEST_CASE("nodes, other consumers and the control plane hold addresses under every design") {
  Plan plan;
  plan.subnet("nodes", "10.0.0.0/24", SubnetRole::nodes, 7);
  plan.subnet("c1", "10.0.1.0/28", SubnetRole::cluster, 0);
  plan.subnet("c2", "10.0.1.16/28", SubnetRole::cluster, 1);
  plan.subnet("c3", "10.0.1.32/28", SubnetRole::cluster, 0);  // four interfaces are the most
  plan.scenario.groups[0].subnets = {SubnetId{0}};
  const auto form = held_in_closed_form(plan.scenario, plan.scenario.designs[0], day(1));
  CHECK(form.subnets.low == 10 + 7 + 2 + 3);
  CHECK(form.subnets.high == 10 + 7 + 2 + 3);
}

TEST_CASE("what a life holds in its subnets lies within the closed form at every sample") {
  Plan plan;
  plan.subnet("nodes", "10.0.0.0/24", SubnetRole::nodes, 7);
  plan.scenario.vpc = Vpc{};
  plan.scenario.sample = {0, Duration::days(5)};
  auto& group = plan.scenario.groups[0];
  group.subnets = {SubnetId{0}};
  group.nodes.reset();
  group.replace_every = Duration::days(20);
  auto& web = plan.scenario.workloads[0];
  web.grace = Duration::seconds(30);
  web.pods = GrowthCurve(GrowthCurve::Linear{40, 30, GrowthCurve::Per::month});
  web.lifetime = {Distribution::Kind::exponential, Duration::hours(9), 1, {}};
  web.rollout = Rollout{Duration::days(7), {25, true}, {25, true}, Duration::seconds(20)};
  plan.scenario.events.push_back({day(40), Burst{WorkloadId{0}, 2, Duration::days(2)}});
  plan.scenario.events.push_back({day(61), BlueGreen{WorkloadId{0}, Duration::hours(4)}});
  plan.scenario.events.push_back({day(70), GroupUpgrade{GroupId{0}, 2}});
  for (std::int64_t life = 0; life < 3; ++life) {
    const auto run = simulate(plan.scenario, plan.scenario.designs[0], life);
    REQUIRE(run.samples.size() == 21);  // days 0, 5, … 95, and the end
    for (const auto& sample : run.samples) {
      const auto form = held_in_closed_form(plan.scenario, plan.scenario.designs[0], sample.at);
      const auto held = sample.rows.at(0).usage.held();
      CAPTURE(life, sample.at.ms, to_string(held), to_string(form.subnets.low), to_string(form.subnets.high));
      CHECK(form.subnets.contains(held));
    }
  }
}
