#include "planner/capacity/address_plan.h"
#include "planner/capacity/cures.h"
#include "tests/simulation/pool_model.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

SimTime day(std::int64_t number) { return SimTime{} + Duration::days(number); }

Subnet subnet(std::string name, const char* cidr, std::uint16_t zone) {
  Subnet made;
  made.name = std::move(name);
  made.cidr = *Prefix::parse(cidr);
  made.zone = ZoneId{zone};
  return made;
}

/// A group in zone a of a VPC whose zone b has a subnet it may not use.
Scenario two_zones() {
  Scenario scenario;
  scenario.calendar = Calendar(*parse_date("2027-01-01"));
  scenario.horizon = day(365);
  scenario.zones = {"a", "b"};
  scenario.vpc = Vpc{};
  scenario.vpc->cidrs = {*Prefix::parse("10.0.0.0/22")};
  scenario.subnets = {subnet("nodes-a", "10.0.0.0/24", 0), subnet("nodes-b", "10.0.1.0/24", 1)};
  NodeGroup general;
  general.name = "general";
  general.zones = {ZoneId{0}};
  general.subnets = {SubnetId{0}};
  scenario.groups = {general};
  Design design;
  design.name = "pool";
  design.factory = std::make_shared<PoolFactory>(100);
  scenario.designs = {design};
  return scenario;
}

Ensemble refused_on(std::optional<SimTime> at) {
  Run run;
  if (at)
    run.first_refusal =
        FirstRefusal{*at, Cause::subnet_exhausted, {PlaceKind::subnet, "nodes-a", "a"}, "pod"};
  Ensemble ensemble;
  ensemble.runs = {run};
  ensemble.fits = !at;
  return ensemble;
}

}  // namespace

TEST_CASE("where /28s are wanting, parts of all such subnets are reserved for prefixes") {
  const auto scenario = two_zones();
  auto refused = refused_on(day(10));
  refused.runs[0].first_refusal->cause = Cause::no_aligned_prefix;
  const auto cures = possible_cures(scenario, scenario.designs[0], refused);
  REQUIRE(cures.size() >= 2);
  CHECK(cures[0].cure.words == "the upper three quarters of nodes-a, nodes-b reserved for prefixes");
  REQUIRE(cures[0].change.overrides.size() == 2);
  CHECK(cures[0].change.overrides[0].path == "subnet.nodes-a.reservations");
  CHECK(cures[0].change.overrides[0].value ==
        "[{ cidr = \"10.0.0.64/26\", kind = \"prefix\" }, { cidr = \"10.0.0.128/25\", kind = \"prefix\" }]");
  CHECK(cures[1].change.overrides[1].value == "[{ cidr = \"10.0.1.128/25\", kind = \"prefix\" }]");
}

TEST_CASE("a further subnet goes to the lowest aligned place that is free") {
  const auto scenario = two_zones();
  // 10.0.0.0/22 less 10.0.0.0/24 and 10.0.1.0/24 leaves 10.0.2.0/23.
  REQUIRE(place_for_subnet(scenario, 24));
  CHECK(place_for_subnet(scenario, 24)->to_string() == "10.0.2.0/24");
  CHECK_FALSE(place_for_subnet(scenario, 22));
  CHECK(free_vpc_space(scenario).size(Family::ipv4) == 512);
}

TEST_CASE("a full subnet suggests the zone next door and a further subnet") {
  const auto scenario = two_zones();
  const auto cures = possible_cures(scenario, scenario.designs[0], refused_on(day(100)));
  REQUIRE(cures.size() == 2);
  CHECK(cures[0].cure.words == "add b to general");
  CHECK(cures[0].change.overrides.at(0).path == "node_group.general.zones");
  CHECK(cures[0].change.overrides.at(0).value == R"(["a", "b"])");
  CHECK(cures[1].cure.words == "a further subnet of /24, for instance 10.0.2.0/24");
  CHECK(cures[1].change.further_tables.find("cidr = \"10.0.2.0/24\"") != std::string::npos);
}

TEST_CASE("what holds comes first, what does not help is left out") {
  const auto scenario = two_zones();
  int asked = 0;
  const auto trials =
      try_cures(scenario, scenario.designs[0], refused_on(day(100)),
                [&](const ScenarioChange& change) -> std::optional<Ensemble> {
                  ++asked;
                  return refused_on(change.further_tables.empty() ? std::optional(day(31)) : std::nullopt);
                });
  CHECK(asked == 2);
  REQUIRE(trials.size() == 1);  // the zone next door refuses even earlier
  CHECK(trials[0].holds);
  CHECK(trials[0].outcome == "holds to the end");
}

TEST_CASE("a cure that only delays says until when") {
  const auto scenario = two_zones();
  const auto trials = try_cures(
      scenario, scenario.designs[0], refused_on(day(100)),
      [&](const ScenarioChange&) { return std::optional(refused_on(day(181))); }, 1);
  REQUIRE(trials.size() == 1);
  CHECK_FALSE(trials[0].holds);
  CHECK(trials[0].outcome == "holds until 2027-07-01");
}
