#include "planner/simulation/ensemble.h"

#include <algorithm>
#include <numeric>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

SimTime refusal_of(const Run& run, SimTime horizon) {
  return run.first_refusal ? run.first_refusal->at : horizon;
}

/// Nearest rank: the smallest value with at least `percent` of the values at or below it. @pre sorted, not
/// empty
SimTime nearest_rank(const std::vector<SimTime>& sorted, std::size_t percent) {
  const auto rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(1, rank) - 1];
}

}  // namespace

Ensemble conclude(std::vector<Run> runs, const Scenario& scenario) {
  CIDRPLAN_EXPECTS(!runs.empty());
  Ensemble result;
  result.runs = std::move(runs);
  const auto& all = result.runs;
  const SimTime horizon = scenario.horizon;

  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto first = refusal_of(all[a], horizon), second = refusal_of(all[b], horizon);
    return first != second ? first < second : all[a].peak.held() < all[b].peak.held();
  });
  result.shown = order[(order.size() - 1) / 2];

  std::vector<SimTime> until;
  for (const auto index : order) until.push_back(refusal_of(all[index], horizon));
  const auto percentile = [&](std::size_t percent) {
    const auto at = nearest_rank(until, percent);
    return at < horizon ? std::optional(at) : std::nullopt;
  };
  result.p5 = percentile(5);
  result.p50 = percentile(50);
  result.p95 = percentile(95);
  for (const auto at : until) result.refused_lives += at < horizon;
  const auto lives = static_cast<double>(all.size());
  const auto holding = lives - static_cast<double>(result.refused_lives);
  result.fits = all.size() == 1 ? result.refused_lives == 0
                                : holding >= (1 - scenario.policy.failure_probability) * lives - 1e-9;
  return result;
}

Ensemble simulate_lives(const Scenario& scenario, const Design& design, const Progress& progress) {
  std::vector<Run> runs;
  const auto lives = static_cast<double>(scenario.lives);
  for (std::int64_t life = 0; life < scenario.lives; ++life) {
    const auto part = [&](double done) { return progress((static_cast<double>(life) + done) / lives); };
    runs.push_back(simulate(scenario, design, life, progress ? Progress(part) : Progress{}));
  }
  return conclude(std::move(runs), scenario);
}

uint128 Snapshot::held() const {
  uint128 sum = 0;
  for (const auto& row : rows) sum += row.usage.held();
  return sum;
}

}  // namespace cidrplan
