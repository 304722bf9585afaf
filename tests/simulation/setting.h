#pragma once

#include <memory>
#include <vector>

#include "planner/simulation/simulate.h"
#include "tests/simulation/pool_model.h"

namespace cidrplan::testing {

inline constexpr auto hour = Duration::hours(1);
inline constexpr auto day = Duration::days(1);

/// Two nodes with ten pod slots on premises, a workload of four pods on them, a day; times count from
/// 2027-01-01.
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

}  // namespace cidrplan::testing
