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

constexpr std::size_t most_kept = 50'000;  // rows of samples of all lives, about 100 bytes each

std::size_t sampled_rows(const Run& run) { return run.samples.size() * run.places.size(); }

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

/// Only the shown life's samples and details are looked at, but which life it is comes out last. Of several
/// it is lived once more, for its details, or where the samples of all would take much memory.
Ensemble simulate_lives(const Scenario& scenario, const Design& design, const Progress& progress,
                        Detail detail) {
  const bool alone = scenario.lives == 1;
  const bool again = !alone && detail != Detail::usual;
  const auto lives = static_cast<double>(scenario.lives + (again ? 1 : 0));
  const auto part_of = [&](std::int64_t number) {
    const auto part = [&progress, number, lives](double done) {
      return progress(std::min(1.0, (static_cast<double>(number) + done) / lives));
    };
    return progress ? Progress(part) : Progress{};
  };
  std::vector<Run> runs;
  std::size_t kept = 0;
  for (std::int64_t life = 0; life < scenario.lives; ++life) {
    runs.push_back(simulate(scenario, design, life, part_of(life), again ? Detail::usual : detail));
    kept += sampled_rows(runs.back());
    if (!alone && kept > most_kept) std::vector<Snapshot>().swap(runs.back().samples);
  }
  auto result = conclude(std::move(runs), scenario);
  auto& shown = result.runs[result.shown];
  if (again || shown.samples.empty())
    shown = simulate(scenario, design, shown.life, part_of(scenario.lives), detail);
  return result;
}

uint128 Snapshot::held() const {
  uint128 sum = 0;
  for (const auto& row : rows) sum += row.usage.held();
  return sum;
}

}  // namespace cidrplan
