#include "planner/simulation/owner_load.h"

#include <algorithm>
#include <cmath>

namespace cidrplan {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// Standard deviations that no planned life leaves: 6 sigma of a Poisson count, and six more for small ones.
std::int64_t spread_of(double mean) { return static_cast<std::int64_t>(6 * std::sqrt(mean)) + 6; }

/// Pods that end within a grace period, of `live`: for lives with a memory up to three times the mean rate;
/// for other shapes all of them may end at once.
std::int64_t ending(const Distribution& lifetime, std::int64_t live, Duration grace) {
  using Kind = Distribution::Kind;
  if (lifetime.kind == Kind::forever || grace.ms <= 0 || live == 0) return 0;
  if (lifetime.kind != Kind::exponential && lifetime.kind != Kind::log_normal) return live;
  const double factor = lifetime.kind == Kind::exponential ? 1 : 3;
  const double mean = factor * static_cast<double>(live) * static_cast<double>(grace.ms) / lifetime.mean_ms();
  return std::min(live, static_cast<std::int64_t>(mean) + spread_of(mean));
}

/// Old pods of a rollout in their grace period at once: as many steps as fit into it.
std::int64_t rolling(const Workload& workload, const Rollout::Fenceposts& posts, std::int64_t live) {
  if (workload.grace.ms <= 0) return 0;
  const auto ready = workload.rollout->ready_after.ms;
  if (ready <= 0) return live;
  const auto steps = workload.grace.ms / ready + 1;
  return std::min(live, steps * (posts.surge + posts.unavailable));
}

OwnerLoad load_of(const Scenario& scenario, std::size_t index, SimTime time, Side side) {
  const auto& workload = scenario.workloads[index];
  const auto day = SimTime{std::max<std::int64_t>(0, time.ms / day_ms * day_ms)};
  double factor = 1;
  std::int64_t sets = 1;
  bool changes = false;
  for (const auto& event : scenario.events) {
    if (const auto* const burst = std::get_if<Burst>(&event.what)) {
      if (index_of(burst->workload) != index) continue;
      if (event.lasts(burst->duration, time)) factor *= burst->factor;
      changes = changes || event.lasts(burst->duration + workload.grace, time);
    } else if (const auto* const twin = std::get_if<BlueGreen>(&event.what)) {
      if (index_of(twin->workload) != index) continue;
      if (event.lasts(twin->duration, time)) ++sets;
    }
  }
  const auto count = workload.pods.at(scenario.calendar, day);
  const auto before = workload.pods.at(scenario.calendar, {std::max<std::int64_t>(0, day.ms - day_ms)});
  const auto wanted = static_cast<std::int64_t>(static_cast<double>(count) * factor + 0.5) * sets;
  OwnerLoad load{&workload.groups, workload.placement, wanted, 0, workload.families};
  if (workload.rollout && time.ms > 0) {
    const auto posts = workload.rollout->resolve(wanted);
    if (side == Side::least) load.live -= posts.unavailable;
    if (side == Side::most) load.live += posts.surge, load.terminating += rolling(workload, posts, wanted);
  }
  if (side != Side::most) return load;
  load.terminating += ending(workload.lifetime, wanted, workload.grace);
  if (workload.grace.ms > 0) load.terminating += std::max<std::int64_t>(0, before - count);
  if (workload.grace.ms > 0 && changes && factor < 1)
    load.terminating += std::max<std::int64_t>(0, count - wanted);
  return load;
}

/// Jobs at once: Poisson with mean rate x duration, once arrivals have gone on for some durations.
OwnerLoad load_of(const Scenario& scenario, const Batch& batch, SimTime time, Side side) {
  const auto day = SimTime{std::max<std::int64_t>(0, time.ms / day_ms * day_ms)};
  const double rate = batch.jobs_per_hour.rate_at(scenario.calendar, day) / 3.6e6;
  const double jobs = rate * batch.duration.mean_ms();
  auto count = static_cast<std::int64_t>(jobs + 0.5);
  if (side == Side::most) {
    count = static_cast<std::int64_t>(jobs) + spread_of(jobs);
    const double in_grace = rate * static_cast<double>(batch.grace.ms);
    if (batch.grace.ms > 0) count += static_cast<std::int64_t>(in_grace) + spread_of(in_grace);
  }
  if (side == Side::least) {
    const auto gone_on = static_cast<double>((time - (SimTime{} - scenario.warm_up)).ms);
    const bool settled = gone_on >= 10 * batch.duration.mean_ms();
    count = settled ? std::max<std::int64_t>(0, static_cast<std::int64_t>(jobs) - spread_of(jobs)) : 0;
  }
  return {&batch.groups, batch.placement, count * batch.pods_per_job, 0, batch.families};
}

}  // namespace

std::vector<OwnerLoad> owner_loads(const Scenario& scenario, const ModelFactory& factory, SimTime time,
                                   Side side) {
  std::vector<OwnerLoad> all;
  const auto add = [&](OwnerLoad load, NamespaceId in_namespace) {
    load.in_namespace = in_namespace;
    load.need = factory.need_of(in_namespace);
    all.push_back(load);
  };
  for (std::size_t i = 0; i < scenario.workloads.size(); ++i)
    add(load_of(scenario, i, time, side), scenario.workloads[i].in_namespace);
  for (const auto& batch : scenario.batches) add(load_of(scenario, batch, time, side), batch.in_namespace);
  return all;
}

}  // namespace cidrplan
