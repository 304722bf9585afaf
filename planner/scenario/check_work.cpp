#include <algorithm>

#include "planner/scenario/reading.h"

namespace cidrplan::reading {
namespace {

constexpr double most_pod_starts = 2e10;  // hours of simulation; a mistyped unit, not a plan

}  // namespace

void check_work(TableReader& root, Reading& reading) {
  const auto& scenario = reading.scenario;
  const auto span_ms = static_cast<double>((scenario.horizon - (SimTime{} - scenario.warm_up)).ms);
  double starts = 0;
  for (const auto& workload : scenario.workloads) {
    const auto pods = static_cast<double>(peak_of(workload.pods, scenario));
    starts += pods + pods * span_ms / workload.lifetime.mean_ms();  // a mean of infinity adds nothing
    if (workload.rollout) starts += pods * span_ms / static_cast<double>(workload.rollout->every.ms);
  }
  for (const auto& batch : scenario.batches) {
    const auto jobs_per_hour = static_cast<double>(peak_of(batch.jobs_per_hour, scenario));
    starts += jobs_per_hour * span_ms / 3.6e6 * static_cast<double>(batch.pods_per_job);
  }
  starts *= static_cast<double>(scenario.lives);
  if (starts <= most_pod_starts) return;
  reading.diagnostics.error(
      "too-much-work", root.span_of("horizon"),
      "about " + std::to_string(static_cast<std::int64_t>(std::min(starts, 1e18) / 1e9)) +
          " thousand million pods would start in all lives together; at most 20 can be simulated",
      "shorten the horizon, plan fewer lives, or look at lifetimes, rollouts and batches");
}

}  // namespace cidrplan::reading
