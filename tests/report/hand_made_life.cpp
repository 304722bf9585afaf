#include "tests/report/hand_made_life.h"

namespace cidrplan::testing {
namespace {

Holding block(std::uint32_t number, std::uint32_t used, std::uint32_t owner, std::uint32_t borrowed = 0) {
  return {number, used, borrowed, 0, owner, used == 0};
}

OccupancyReport blocks(std::vector<Holding> held) {
  OccupancyReport report;
  report.piece = "block";
  report.pieces = "blocks";
  report.owned = report.collected = true;
  report.ranges.push_back({{PlaceKind::pool, 0}, *Prefix::parse("10.244.0.0/21"), 28, std::move(held)});
  return report;
}

Snapshot snapshot(SimTime at, std::int64_t pods, const OccupancyReport& report) {
  Snapshot snapshot;
  snapshot.at = at;
  const auto held = static_cast<std::uint64_t>(report.ranges[0].holdings.size()) * 16;
  const auto used = static_cast<std::uint64_t>(pods);
  snapshot.rows = {{{PlaceKind::pool, 0}, {2048, used, 0, held - used, 0, 0, 2048 - held}, 0, 0}};
  snapshot.measures = {{"routes_per_node", "routes a node learns", 6}};
  snapshot.nodes = 2;
  snapshot.pods_wanted = snapshot.pods_with_address = pods;
  snapshot.occupancy = figures_of(report);
  return snapshot;
}

void add_ipv6(OccupancyFigures& figures) {
  OccupancyReport report;
  report.ranges.push_back({{PlaceKind::pool, 1}, *Prefix::parse("fd00::/56"), 64, {{3, 40, 0, 0, 0, false}}});
  figures.ipv6 = figures_of(report);
  figures.pieces += 1;
  figures.addresses += figures.ipv6.addresses;
  figures.used += 40;
}

void add_ipv6(Run& run) {
  for (auto* snapshot : {&run.start, &run.end}) add_ipv6(*snapshot->occupancy);
  for (auto& sample : run.samples) add_ipv6(*sample.occupancy);
}

}  // namespace

HandMadeLife::HandMadeLife() {
  const auto& scenario = made.scenario;
  const auto early = blocks({block(0, 16, 0), block(1, 4, 0), block(64, 10, 1)});
  const auto end = blocks({block(0, 16, 0), block(1, 1, 0), block(2, 0, 1), block(64, 5, 1), block(65, 10, 1),
                           block(66, 15, 1, 2), block(127, 3, Holding::no_owner)});
  Run run;
  run.places = {{PlaceKind::pool, "main", ""}};
  run.start = snapshot({300'000}, 30, early);
  const SimTime june = scenario.calendar.time_of(*parse_date("2027-06-01"));
  run.samples = {snapshot({}, 30, early), snapshot(june, 30, early),
                 snapshot({scenario.horizon.ms - 1}, 50, end)};
  run.end = run.peak = run.samples.back();
  run.holdings = Holdings{end, run.places, {{0, "alpha"}, {1, "beta"}}};

  DesignResult result;
  result.name = "calico-28";
  result.model = "calico";
  result.ranges = {{"main", *Prefix::parse("10.244.0.0/21"), {}, {}, true, "/28 blocks"}};
  result.ensemble = conclude({run}, scenario);
  result.closed_start = {{0, 0}, {32, 96}};
  result.closed_end = {{0, 0}, {64, 160}};
  life.comparison.scenario = &scenario;
  life.comparison.designs.push_back(std::move(result));

  life.steady = steady_state_of(life.run(), scenario.horizon);
  life.steady->stay = Duration::minutes(90);
  LongRun theory;
  theory.pieces = 3.25;
  theory.waiting = 0.5;
  theory.used = 25;
  theory.idle = 27;
  theory.fill = {0.5, 0.25, 0.5, 0.5, 0.5, 1};
  theory.held = {0, 0, 0, 0.75, 0.25};
  theory.notes = {"A theory made by hand."};
  life.long_run = theory;

  auto other = run;
  other.first_refusal = FirstRefusal{june, Cause::no_free_block, run.places[0], "pod of web"};
  life.variants = {{"/27 blocks", false, std::move(other)}, {"/28 blocks", true, life.run()}};
}

void HandMadeLife::hold_ipv6_too() {
  add_ipv6(life.comparison.designs[0].ensemble->runs[0]);
  for (auto& variant : life.variants) add_ipv6(variant.run);
}

}  // namespace cidrplan::testing
