#include "tests/report/hand_made.h"

namespace cidrplan::testing {
namespace {

Subnet subnet(const char* name, const char* cidr, ZoneId zone) {
  Subnet subnet;
  subnet.name = name;
  subnet.cidr = *Prefix::parse(cidr);
  subnet.zone = zone;
  return subnet;
}

const std::vector<Place> subnet_places{{PlaceKind::subnet, "nodes-a", "us-east-1a"},
                                       {PlaceKind::subnet, "nodes-b", "us-east-1b"}};

UsageRow row(PlaceRef place, Usage usage) { return {place, usage, 0, 0}; }

/// The cluster at a share of its growth: `held` of nodes-a's 251.
Snapshot vpc_at(SimTime at, std::uint32_t in_use_a, std::int64_t pods) {
  Snapshot snapshot;
  snapshot.at = at;
  snapshot.rows = {row({PlaceKind::subnet, 0}, {251, in_use_a, 20, 31, 0, 0, 200 - in_use_a}),
                   row({PlaceKind::subnet, 1}, {251, 180, 20, 30, 0, 21, 0})};
  snapshot.measures = {{"network_interfaces", "network interfaces", 24}};
  snapshot.nodes = 8;
  snapshot.pods_wanted = pods;
  snapshot.pods_with_address = pods;
  return snapshot;
}

Snapshot flat_at(SimTime at) {
  Snapshot snapshot;
  snapshot.at = at;
  const Usage in_subnet{251, 2, 0, 0, 0, 0, 249};
  snapshot.rows = {row({PlaceKind::subnet, 0}, in_subnet), row({PlaceKind::subnet, 1}, in_subnet),
                   row({PlaceKind::pool, 0}, {4096, 390, 12, 622, 0, 0, 3072})};
  snapshot.measures = {{"routes_per_node", "routes a node learns", 3}};
  snapshot.nodes = 4;
  snapshot.pods_wanted = 390;
  snapshot.pods_with_address = 390;
  return snapshot;
}

DesignResult vpc(const Scenario& scenario) {
  const auto day = [&](int month, int date) {
    return scenario.calendar.time_of(Date{std::chrono::year(2027),
                                          std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(date))});
  };
  Run run;
  run.places = subnet_places;
  run.start = vpc_at({300'000}, 100, 280);
  run.samples = {vpc_at(day(1, 1), 100, 280), vpc_at(day(5, 1), 150, 330), vpc_at(day(9, 4), 200, 372),
                 vpc_at({scenario.horizon.ms - 1}, 200, 372)};
  run.end = run.samples.back();
  run.end.waiting = 18;
  run.end.refused = 41;
  run.end.pods_wanted = 390;
  run.peak = run.end;
  run.first_refusal = FirstRefusal{day(9, 4), Cause::subnet_exhausted, subnet_places[0], "pod of web"};
  run.refusals = {{Cause::subnet_exhausted, subnet_places[0], day(9, 4), 41}};

  DesignResult result;
  result.name = "vpc";
  result.model = "vpc-cni";
  result.ensemble = conclude({run}, scenario);
  result.closed_start = {{380, 460}, {0, 0}};
  result.closed_end = {{440, 502}, {0, 0}};
  result.cures = {
      {{"design.vpc.warm_ip_target", "2", "warm_ip_target = 2"}, true, "holds to the end", {}, 61}};
  result.findings = {{Severity::error, "refuses", "vpc", "the first refusal is subnet-exhausted.", ""}};
  return result;
}

DesignResult flat(const Scenario& scenario) {
  Run run;
  run.places = subnet_places;
  run.places.push_back({PlaceKind::pool, "172.24.0.0/20", ""});
  run.start = flat_at({300'000});
  run.samples = {flat_at({}), flat_at({scenario.horizon.ms - 1})};
  run.end = run.samples.back();
  run.peak = run.end;

  DesignResult result;
  result.name = "flat";
  result.model = "node-cidr";
  result.ranges = {{"172.24.0.0/20", *Prefix::parse("172.24.0.0/20"), {}, {}, true, "/24 node ranges"}};
  result.ensemble = conclude({run}, scenario);
  result.closed_start = {{4, 4}, {1024, 1024}};
  result.closed_end = {{4, 4}, {1024, 1024}};
  return result;
}

}  // namespace

HandMade::HandMade() {
  scenario.title = "A hand-made shop";
  scenario.source_name = "shop.toml";
  scenario.calendar = Calendar(*parse_date("2027-01-01"));
  scenario.horizon = scenario.calendar.time_of(*parse_date("2028-01-01"));
  scenario.seed = 7;
  scenario.input_hash = "0123456789abcdef";
  scenario.zones = {"us-east-1a", "us-east-1b"};
  scenario.subnets = {subnet("nodes-a", "10.40.0.0/24", ZoneId{0}),
                      subnet("nodes-b", "10.40.8.0/24", ZoneId{1})};
  scenario.subnets[0].in_use = 1;
  scenario.vpc.emplace();
  scenario.vpc->region = "us-east-1";
  scenario.vpc->cidrs = {*Prefix::parse("10.40.0.0/16")};
  Workload web;
  web.name = "web";
  web.pods = GrowthCurve(GrowthCurve::Steps{{{SimTime{}, 280}, {SimTime{scenario.horizon.ms / 2}, 390}}});
  scenario.workloads = {web};
  comparison.scenario = &scenario;
  comparison.designs.push_back(vpc(scenario));
  comparison.designs.push_back(flat(scenario));
}

}  // namespace cidrplan::testing
