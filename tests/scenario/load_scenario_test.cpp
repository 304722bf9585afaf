#include <string>
#include <utility>

#include "planner/scenario/load_scenario.h"
#include "tests/scenario/fake_models.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

LoadedScenario load(ScenarioInput input) {
  static const auto models = test::fake_models();
  static const auto catalog = test::small_catalog();
  auto loaded = load_scenario(input, models, catalog);
  if (!loaded.scenario) WARN(render(loaded.diagnostics, input.name, input.text));
  return loaded;
}

LoadedScenario load(std::string text, std::vector<Override> overrides = {}) {
  ScenarioInput input;
  input.name = "scenario.toml";
  input.text = std::move(text);
  input.overrides = std::move(overrides);
  return load(std::move(input));
}

/// Every table of this release with every key.
const std::string everything = R"(
title   = "Shop cluster, three years"
start   = "2027-01-01"
horizon = "3y"
sample  = "1mo"
seed    = 7
lives   = 3
warm_up = "7d"

[vpc]
region       = "us-east-1"
cidrs        = ["10.40.0.0/16", "100.64.0.0/16"]
service_cidr = "172.20.0.0/16"
peers        = ["10.0.0.0/12"]
on_premises  = ["10.128.0.0/9"]
[vpc.quota]
enis_per_region = 15000

[[subnet]]
name = "nodes-a"
cidr = "10.40.0.0/21"
zone = "us-east-1a"
role = "nodes"
in_use = 12
reserved = 5
from = "2027-01-01"

[[subnet]]
name = "nodes-b"
cidr = "10.40.8.0/21"
zone = "us-east-1b"
role = "nodes"

[[node_group]]
name = "general"
instance_type = "m5.xlarge"
zones = ["us-east-1a", "us-east-1b"]
nodes = "auto"
min_nodes = 6
max_nodes = 200
max_pods = 58
replace_every = "30d"
surge = 1
os = "linux"
labels = { tier = "web", "example.com/rack" = "r1" }

[[workload]]
name = "web"
node_groups = ["general"]
placement = "spread"
pods = { start = 1500, growth = "3%/month" }
lifetime = { distribution = "log-normal", median = "6h", sigma = 1.2 }
rollout = { every = "7d", max_surge = "25%", max_unavailable = "0", ready_after = "20s" }
grace = "30s"
families = ["ipv4"]
namespace = { name = "shop", labels = { team = "red" } }

[[batch]]
name = "reports"
node_groups = ["general"]
jobs_per_hour = { start = 40, growth = "10%/year" }
pods_per_job = 4
duration = { distribution = "exponential", mean = "20m" }

[[daemonset]]
name = "log-shipper"

[[event]]
at = "2027-11-26"
kind = "burst"
workload = "web"
factor = 1.8
duration = "72h"

[[design]]
name   = "vpc-default"
model  = "vpc-cni"
chosen = true
warm_eni_target = 1

[[design]]
name = "calico-26"
model = "calico"
profile = "P32"
encapsulation = "vxlan"
strict_affinity = false
[[design.pool]]
name = "default-ipv4-ippool"
cidr = "192.168.0.0/18"
block_size = 26

[[design]]
name = "flat-24"
model = "node-cidr"
cluster_cidr = "172.24.0.0/14"
node_mask = 24

[policy]
fail_on = "error"
headroom = "20%"
failure_probability = 0.05
max_wait = "5m"
)";

const std::string smallest = R"(
start = "2027-01-31"
horizon = "1mo"
[[node_group]]
name = "all"
nodes = 3
[[design]]
name = "flat"
model = "node-cidr"
cluster_cidr = "10.0.0.0/16"
)";

}  // namespace

TEST_CASE("every table of a scenario is read") {
  const auto loaded = load(everything);
  REQUIRE(loaded.scenario);
  const Scenario& scenario = *loaded.scenario;
  CHECK(scenario.title == "Shop cluster, three years");
  CHECK(scenario.horizon == SimTime{std::int64_t{365 + 366 + 365} * 86'400'000});  // 2028 is a leap year
  CHECK(scenario.sample == CalendarStep{1, {}});
  CHECK(scenario.seed == 7);
  CHECK(scenario.lives == 3);
  CHECK(scenario.warm_up == Duration::days(7));
  CHECK(scenario.warnings.empty());

  REQUIRE(scenario.vpc);
  CHECK(scenario.vpc->cidrs == std::vector{*Prefix::parse("10.40.0.0/16"), *Prefix::parse("100.64.0.0/16")});
  CHECK(scenario.vpc->service_cidr == Prefix::parse("172.20.0.0/16"));
  CHECK(scenario.vpc->quota.enis_per_region == 15'000);
  CHECK(scenario.vpc->quota.subnets_per_vpc == 200);
  CHECK(scenario.zones == std::vector<std::string>{"us-east-1a", "us-east-1b"});

  REQUIRE(scenario.subnets.size() == 2);
  CHECK(scenario.subnets[0].in_use == 12);
  CHECK(scenario.subnets[1].zone == ZoneId{1});
  CHECK(scenario.subnets[1].capacity() == 2'043);

  REQUIRE(scenario.groups.size() == 1);
  const auto& group = scenario.groups[0];
  CHECK(group.limits->type == "m5.xlarge");
  CHECK(group.zones == std::vector{ZoneId{0}, ZoneId{1}});
  CHECK(group.subnets == std::vector{SubnetId{0}, SubnetId{1}});
  CHECK_FALSE(group.nodes);
  CHECK(group.min_nodes == 6);
  CHECK(group.max_nodes == 200);
  CHECK(group.max_pods == 58);
  CHECK(group.replace_every == Duration::days(30));
  CHECK(group.os == Os::linux);
  CHECK(group.labels == Labels{{"tier", "web"}, {"example.com/rack", "r1"}});

  REQUIRE(scenario.workloads.size() == 1);
  const auto& web = scenario.workloads[0];
  CHECK(web.groups == std::vector{GroupId{0}});
  CHECK(web.pods.at(scenario.calendar, {}) == 1'500);
  CHECK(web.lifetime.kind == Distribution::Kind::log_normal);
  CHECK(web.lifetime.scale == Duration::hours(6));
  CHECK(web.lifetime.shape == 1.2);
  REQUIRE(web.rollout);
  CHECK(web.rollout->max_surge.percent);
  CHECK(web.rollout->max_surge.value == 25);
  CHECK_FALSE(web.rollout->max_unavailable.percent);
  CHECK(web.rollout->ready_after == Duration::seconds(20));
  CHECK(web.families == Families{true, false});
  CHECK(web.in_namespace == NamespaceId{1});
  REQUIRE(scenario.namespaces.size() == 2);
  CHECK(scenario.namespaces[1].name == "shop");
  CHECK(scenario.namespaces[1].labels == Labels{{"kubernetes.io/metadata.name", "shop"}, {"team", "red"}});

  REQUIRE(scenario.batches.size() == 1);
  CHECK(scenario.batches[0].pods_per_job == 4);
  CHECK(scenario.batches[0].duration.scale == Duration::minutes(20));
  REQUIRE(scenario.daemonsets.size() == 1);
  CHECK(scenario.daemonsets[0].groups == std::vector{GroupId{0}});
  REQUIRE(scenario.events.size() == 1);
  // January to October are 304 days, and 25 of November.
  CHECK(scenario.events[0].at == SimTime{} + Duration::days(304 + 25));
  CHECK(std::get<Burst>(scenario.events[0].what).factor == 1.8);

  REQUIRE(scenario.designs.size() == 3);
  CHECK(scenario.designs[0].chosen);
  CHECK(scenario.designs[0].options.integer("warm_eni_target") == 1);
  CHECK(scenario.designs[1].options.tables("pool").size() == 1);
  CHECK(scenario.designs[1].options.tables("pool")[0].integer("block_size") == 26);
  CHECK(scenario.design("flat-24")->options.prefix("cluster_cidr") == Prefix::parse("172.24.0.0/14"));
  CHECK(scenario.policy.headroom == 0.2);
  CHECK(scenario.policy.max_wait == Duration::minutes(5));
}

TEST_CASE("what is not said has its default") {
  const auto loaded = load(smallest);
  REQUIRE(loaded.scenario);
  const Scenario& scenario = *loaded.scenario;
  CHECK(scenario.title == "scenario.toml");
  // One month from 31 January clamps to 28 February: 28 days.
  CHECK(scenario.horizon == SimTime{} + Duration::days(28));
  CHECK(scenario.sample == CalendarStep{1, {}});
  CHECK(scenario.seed == 1);
  CHECK(scenario.lives == 1);
  CHECK(scenario.warm_up == Duration{0});
  CHECK_FALSE(scenario.vpc);
  CHECK(scenario.zones == std::vector<std::string>{""});
  CHECK(scenario.groups[0].zones == std::vector{ZoneId{0}});
  CHECK(scenario.groups[0].subnets.empty());
  CHECK(scenario.groups[0].nodes->at(scenario.calendar, {}) == 3);
  CHECK(scenario.groups[0].node_name(17) == "all-17");
  CHECK(scenario.groups[0].os == Os::linux);
  CHECK(scenario.groups[0].labels.empty());
  REQUIRE(scenario.namespaces.size() == 1);
  CHECK(scenario.namespaces[0].name == "default");
  CHECK(scenario.policy.fail_on == Severity::error);
  CHECK(scenario.policy.headroom == 0.2);
  CHECK(scenario.policy.failure_probability == 0.05);
  CHECK(scenario.policy.max_wait == Duration::minutes(5));
}

TEST_CASE("families, namespaces and systems are read where the design can serve them") {
  const auto loaded = load(R"(
start = "2027-01-01"
horizon = "1mo"
[[node_group]]
name = "win"
os = "windows"
nodes = 3
[[workload]]
name = "dual"
pods = 1
families = ["ipv6", "ipv4"]
namespace = { name = "shop" }
[[workload]]
name = "six"
pods = 1
families = ["ipv6"]
namespace = { name = "shop", labels = { team = "red" } }
[[batch]]
name = "jobs"
jobs_per_hour = 1
duration = { distribution = "fixed", value = "1h" }
families = ["ipv6"]
namespace = { name = "jobs" }
[[daemonset]]
name = "logs"
families = ["ipv4", "ipv6"]
namespace = { name = "shop", labels = { team = "red" } }
[[design]]
name = "c"
model = "calico"
[[design.pool]]
name = "p"
cidr = "10.0.0.0/16"
)");
  REQUIRE(loaded.scenario);
  const Scenario& scenario = *loaded.scenario;
  CHECK(scenario.groups[0].os == Os::windows);
  CHECK(scenario.workloads[0].families == Families{true, true});
  CHECK(scenario.workloads[1].families == Families{false, true});
  CHECK(scenario.batches[0].families == Families{false, true});
  CHECK(scenario.daemonsets[0].families == Families{true, true});
  // "default" is there always; shop has its labels wherever they were given
  REQUIRE(scenario.namespaces.size() == 3);
  CHECK(scenario.workloads[0].in_namespace == NamespaceId{1});
  CHECK(scenario.workloads[1].in_namespace == NamespaceId{1});
  CHECK(scenario.batches[0].in_namespace == NamespaceId{2});
  CHECK(scenario.daemonsets[0].in_namespace == NamespaceId{1});
  CHECK(scenario.namespaces[1].labels.at("team") == "red");
  CHECK(scenario.namespaces[2].labels == Labels{{"kubernetes.io/metadata.name", "jobs"}});
}

TEST_CASE("--set changes the scenario before it is read") {
  const auto loaded =
      load(everything, {{"lives", "1"},
                        {"horizon", "90d"},
                        {"policy.max_wait", "10m"},
                        {"subnet.nodes-b.in_use", "100"},
                        {"workload.web.pods.start", "10"},
                        {"design.vpc-default.warm_ip_target", "2"},
                        {"design.calico-26.encapsulation", "\"ipip\""},
                        {"design.calico-26.pool.default-ipv4-ippool.cidr", "192.168.64.0/18"}});
  REQUIRE(loaded.scenario);
  CHECK(loaded.scenario->lives == 1);
  CHECK(loaded.scenario->horizon == SimTime{} + Duration::days(90));
  CHECK(loaded.scenario->policy.max_wait == Duration::minutes(10));
  CHECK(loaded.scenario->subnets[1].in_use == 100);
  CHECK(loaded.scenario->workloads[0].pods.at(loaded.scenario->calendar, {}) == 10);
  CHECK(loaded.scenario->design("vpc-default")->options.integer("warm_ip_target") == 2);
  CHECK(loaded.scenario->design("calico-26")->options.text("encapsulation", "") == "ipip");
  CHECK(loaded.scenario->design("calico-26")->options.tables("pool")[0].prefix("cidr") ==
        Prefix::parse("192.168.64.0/18"));
}

TEST_CASE("--set makes a table that the file leaves out") {
  const auto loaded = load(smallest, {{"policy.headroom", "30%"}});
  REQUIRE(loaded.scenario);
  CHECK(loaded.scenario->policy.headroom == 0.3);
}

TEST_CASE("--design keeps what is named and judges it") {
  ScenarioInput input;
  input.name = "scenario.toml";
  input.text = everything;
  input.only_designs = {"flat-24"};
  const auto loaded = load(input);
  REQUIRE(loaded.scenario);
  REQUIRE(loaded.scenario->designs.size() == 1);
  CHECK(loaded.scenario->designs[0].name == "flat-24");
  CHECK(loaded.scenario->designs[0].chosen);
}

TEST_CASE("the input hash follows text, tables and options, and nothing else") {
  const auto hash = [](const LoadedScenario& loaded) { return loaded.scenario->input_hash; };
  const auto plain = hash(load(smallest));
  CHECK(plain.size() == 16);
  CHECK(plain == hash(load(smallest)));
  CHECK(plain != hash(load(smallest + " ")));
  CHECK(plain != hash(load(smallest, {{"lives", "1"}})));

  ScenarioInput input;
  input.text = smallest + "[[workload]]\nname = \"w\"\npods = { table = \"counts.csv\" }\n";
  const auto with_table = [&](std::string rows) {
    input.read_table = [rows](std::string_view) { return TableFile{rows, {}}; };
    return hash(load(input));
  };
  CHECK(with_table("2027-01-31,5\n") != with_table("2027-01-31,6\n"));
}

TEST_CASE("a scenario may have instance types of its own, in files and in itself") {
  ScenarioInput input;
  input.text = "catalog = [\"own.toml\", \"types.json\"]\n" + smallest + R"(
[[instance_type]]
name = "lab.small"
enis = 2
ipv4_per_eni = 8
[[node_group]]
name = "a"
instance_type = "lab.small"
[[node_group]]
name = "b"
instance_type = "m5.large"
[[node_group]]
name = "c"
instance_type = "lab.big"
[[node_group]]
name = "d"
instance_type = "m5.xlarge"
)";
  std::string big = "16";
  input.read_table = [&](std::string_view name) {
    if (name == "own.toml")
      return TableFile{
          "[[instance_type]]\nname = \"m5.large\"\nenis = 4\n"
          "[[instance_type]]\nname = \"lab.small\"\nenis = 1\nipv4_per_eni = 2\n",
          {}};
    return TableFile{R"({"InstanceTypes": [{"InstanceType": "lab.big", "Hypervisor": "nitro", "NetworkInfo":
      {"MaximumNetworkInterfaces": )" +
                         big + R"(, "Ipv4AddressesPerInterface": 50}}]})",
                     {}};
  };
  auto loaded = load(input);
  REQUIRE(loaded.scenario);
  // Groups point into a catalog that the scenario keeps alive, also where it is copied.
  const auto copy = *loaded.scenario;
  loaded.scenario.reset();
  const auto limits = [&](std::string_view group) {
    for (const auto& one : copy.groups)
      if (one.name == group) return *one.limits;
    return InstanceLimits{};
  };
  CHECK(limits("a").enis == 2);  // the scenario's own table stands before its files
  CHECK(limits("a").source == "the scenario");
  CHECK(limits("b").enis == 4);
  CHECK(limits("b").source == "own.toml");
  CHECK(limits("c").enis == 16);
  CHECK(limits("c").source == "types.json");
  CHECK(limits("d").enis == 4);
  CHECK_FALSE(limits("d").own);

  CHECK(load(input).scenario->input_hash == copy.input_hash);
  big = "15";
  CHECK(load(input).scenario->input_hash != copy.input_hash);
  input.overrides = {{"instance_type.lab.small.enis", "3"}};
  CHECK(load(input).scenario->own_catalog->find("lab.small")->enis == 3);
}

TEST_CASE("a table of counts is read by rows") {
  ScenarioInput input;
  input.text = smallest + "[[workload]]\nname = \"w\"\npods = { table = \"counts.csv\" }\n";
  std::string asked;
  input.read_table = [&](std::string_view name) {
    asked = name;
    return TableFile{"date,count\r\n# measured\r\n2027-01-31,100\r\n2027-02-10,200\r\n", {}};
  };
  const auto loaded = load(input);
  REQUIRE(loaded.scenario);
  CHECK(asked == "counts.csv");
  const auto& pods = loaded.scenario->workloads[0].pods;
  // Ten days from 100 to 200: ten more each day.
  CHECK(pods.at(loaded.scenario->calendar, SimTime{} + Duration::days(3)) == 130);
  CHECK(pods.at(loaded.scenario->calendar, SimTime{} + Duration::days(20)) == 200);
}

TEST_CASE("all forms of curves and lifetimes are read") {
  const auto loaded = load(smallest + R"(
[[workload]]
name = "steps"
pods = { steps = [{ at = "2027-02-02", value = 5 }, { at = "2027-02-10", value = 9 }] }
lifetime = { distribution = "fixed", value = "90m" }
[[workload]]
name = "linear"
pods = { start = 10, add = "50/month" }
lifetime = { distribution = "weibull", scale = "2h", shape = 0.7 }
[[workload]]
name = "logistic"
pods = { start = 10, end = 110, midpoint = 2027-02-10, steepness = 0.5 }
lifetime = { distribution = "mixture", parts = [{ weight = 3, distribution = "exponential", mean = "10m" }, { weight = 1, distribution = "fixed", value = "5d" }] }
)");
  REQUIRE(loaded.scenario);
  const auto& workloads = loaded.scenario->workloads;
  CHECK(std::get<GrowthCurve::Steps>(workloads[0].pods.shape()).points.size() == 2);
  CHECK(workloads[0].lifetime.scale == Duration::minutes(90));
  CHECK(std::get<GrowthCurve::Linear>(workloads[1].pods.shape()).add == 50);
  CHECK(workloads[1].lifetime.shape == 0.7);
  CHECK(std::get<GrowthCurve::Logistic>(workloads[2].pods.shape()).midpoint ==
        SimTime{} + Duration::days(10));
  REQUIRE(workloads[2].lifetime.parts.size() == 2);
  CHECK(workloads[2].lifetime.parts[0].weight == 3);
  CHECK(workloads[2].lifetime.parts[1].distribution.kind == Distribution::Kind::fixed);
}

TEST_CASE("what is allowed but risky comes as warnings") {
  const auto loaded = load(everything, {{"design.calico-26.pool.default-ipv4-ippool.cidr", "100.64.0.0/18"},
                                        {"design.calico-26.encapsulation", "none"}});
  REQUIRE(loaded.scenario);
  const auto& warnings = loaded.scenario->warnings;
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].code == "pod-range-in-vpc");
  CHECK(warnings[1].code == "unencapsulated-in-vpc");
}
