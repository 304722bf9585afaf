#include "planner/report/comparison.h"

#include <algorithm>

#include "planner/findings/rules.h"
#include "planner/simulation/demand_outline.h"

namespace cidrplan {
namespace {

Block add_up(const Run& run, const Snapshot& snapshot, bool subnets) {
  Block block;
  for (std::size_t i = 0; i < snapshot.rows.size() && i < run.places.size(); ++i) {
    if ((run.places[i].kind == PlaceKind::subnet) != subnets) continue;
    block.any = true;
    block.usage += snapshot.rows[i].usage;
    block.borrowed += snapshot.rows[i].borrowed;
    block.borrowable += snapshot.rows[i].borrowable;
  }
  return block;
}

/// Held share of capacity in thousandths.
uint128 fullness(const Usage& usage) {
  return usage.capacity == 0 ? 0 : usage.held() / std::max<uint128>(1, usage.capacity / 1000);
}

DesignResult result_of(const Scenario& scenario, const Design& design, const ComparisonOptions& options,
                       const Progress& progress) {
  DesignResult result;
  result.name = design.name;
  result.model = design.spec ? std::string(design.spec->name) : std::string();
  result.ranges = design.factory->ranges();
  const SimTime start{scenario.policy.max_wait.ms};
  const SimTime end{scenario.horizon.ms - 1};
  result.closed_start = held_in_closed_form(scenario, design, std::min(start, end));
  result.closed_end = held_in_closed_form(scenario, design, end);
  if (options.closed_form_only) return result;
  result.ensemble = simulate_lives(scenario, design, progress);
  result.findings = judge({scenario, design, *result.ensemble, result.closed_start, result.closed_end});
  return result;
}

}  // namespace

const FirstRefusal* DesignResult::refusal() const {
  if (!ensemble) return nullptr;
  if (ensemble->life().first_refusal) return &*ensemble->life().first_refusal;
  const FirstRefusal* earliest = nullptr;
  for (const auto& run : ensemble->runs) {
    if (run.first_refusal && (!earliest || run.first_refusal->at < earliest->at))
      earliest = &*run.first_refusal;
  }
  return earliest;
}

Block subnets_of(const Run& run, const Snapshot& snapshot) { return add_up(run, snapshot, true); }
Block ranges_of(const Run& run, const Snapshot& snapshot) { return add_up(run, snapshot, false); }

std::optional<std::size_t> binding_row(const Run& run) {
  if (run.first_refusal) {
    const auto at = std::find(run.places.begin(), run.places.end(), run.first_refusal->place);
    if (at != run.places.end()) return static_cast<std::size_t>(at - run.places.begin());
  }
  std::optional<std::size_t> fullest;
  for (std::size_t i = 0; i < run.peak.rows.size() && i < run.places.size(); ++i) {
    if (!fullest || fullness(run.peak.rows[i].usage) > fullness(run.peak.rows[*fullest].usage)) fullest = i;
  }
  return fullest;
}

Comparison compare_designs(const Scenario& scenario, const ComparisonOptions& options,
                           const Progress& progress) {
  Comparison comparison;
  comparison.scenario = &scenario;
  const auto count = static_cast<double>(scenario.designs.size());
  double before = 0;
  for (const auto& design : scenario.designs) {
    const auto part = [&](double done) { return progress((before + done) / count); };
    comparison.designs.push_back(
        result_of(scenario, design, options, progress ? Progress(part) : Progress{}));
    before += 1;
  }
  return comparison;
}

}  // namespace cidrplan
