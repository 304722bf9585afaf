#include "planner/report/design_life.h"

#include <algorithm>
#include <cmath>

namespace cidrplan {
namespace {

double real(uint128 count) { return static_cast<double>(saturate_to_64(count)); }

void add(const Snapshot& sample, SteadyState& sums) {
  const auto& figures = *sample.occupancy;
  ++sums.samples;
  sums.nodes += static_cast<double>(sample.nodes);
  sums.pods += static_cast<double>(sample.pods_with_address);
  sums.pieces += static_cast<double>(figures.pieces);
  sums.waiting += static_cast<double>(figures.waiting);
  sums.used += real(figures.used);
  sums.idle += real(figures.idle());
  sums.short_of_room = sums.short_of_room || sample.waiting > 0 || figures.borrowed > 0;
  for (std::size_t i = 0; i < fill_count; ++i) sums.fill[i] += static_cast<double>(figures.fill[i]);
  if (sums.held.size() < figures.nodes_with.size()) sums.held.resize(figures.nodes_with.size());
  for (std::size_t k = 0; k < figures.nodes_with.size(); ++k)
    sums.held[k] += static_cast<double>(figures.nodes_with[k]);
}

/// Little's law between two moments: pods that are there, by pods that end.
std::optional<Duration> stay_between(const Snapshot& first, const Snapshot& last, double pods) {
  const auto started = static_cast<double>(last.pods_started - first.pods_started);
  const auto grown = static_cast<double>(last.pods_with_address - first.pods_with_address);
  const double ended = started - grown;
  if (ended < 1) return std::nullopt;
  return Duration{std::llround(pods * static_cast<double>((last.at - first.at).ms) / ended)};
}

Override override_of(const std::string& design, const Cure& setting) {
  return {"design." + design + "." + setting.key, setting.value};
}

}  // namespace

std::optional<SteadyState> steady_state_of(const Run& run, SimTime horizon) {
  const SimTime quarter{horizon.ms / 4 * 3};
  const Snapshot *first = nullptr, *last = nullptr;
  SteadyState state;
  for (const auto& sample : run.samples) {
    if (sample.at < quarter || !sample.occupancy || sample.nodes == 0) continue;
    if (!first) first = &sample;
    last = &sample;
    add(sample, state);
  }
  if (!first) return std::nullopt;
  state.from = first->at;
  state.stay = stay_between(*first, *last, state.pods / static_cast<double>(state.samples));

  // Shares of the nodes that own something, averages over all nodes.
  double owners = 0;
  for (const auto nodes : state.held) owners += nodes;
  for (auto& nodes : state.held) nodes /= std::max(owners, 1.0);
  const double nodes = state.nodes;
  for (double* sum : {&state.pods, &state.pieces, &state.waiting, &state.used, &state.idle}) *sum /= nodes;
  for (auto& pieces : state.fill) pieces /= nodes;
  state.nodes /= static_cast<double>(state.samples);
  return state;
}

namespace {

/// What a node of the scenario has to do with its pods; none where they never end.
std::optional<NodeTraffic> traffic_of(const Scenario& scenario, const Design& design,
                                      const SteadyState& steady) {
  if (!steady.stay) return std::nullopt;
  NodeTraffic traffic;
  for (const auto& daemonset : scenario.daemonsets) traffic.daemons += daemonset.host_network ? 0 : 1;
  traffic.pods = steady.pods - static_cast<double>(traffic.daemons);
  traffic.stay = *steady.stay;
  traffic.nodes = std::llround(steady.nodes);
  for (std::size_t g = 0; g < scenario.groups.size(); ++g) {
    const auto& group = scenario.groups[g];
    const auto density = design.factory->density(
        {group.limits, group.max_pods, group.os, GroupId{static_cast<std::uint16_t>(g)}});
    traffic.slots = std::max<std::int64_t>(traffic.slots, density.max_pods);
  }
  traffic.slots -= static_cast<std::int64_t>(scenario.daemonsets.size());
  if (traffic.pods <= 0 || static_cast<double>(traffic.slots) < traffic.pods) return std::nullopt;
  return traffic;
}

void live_variants(const Scenario& scenario, const ChangedScenario& changed, const Progress& progress,
                   const std::vector<Variant>& variants, DesignLife& life) {
  const auto& design = scenario.designs.front();
  const auto count = static_cast<double>(variants.size());
  for (std::size_t i = 0; i < variants.size(); ++i) {
    const auto& variant = variants[i];
    if (variant.present) {
      life.variants.push_back({variant.words, true, life.run()});
      continue;
    }
    ScenarioChange change;
    for (const auto& setting : variant.settings)
      change.overrides.push_back(override_of(design.name, setting));
    const auto other = changed(change);
    const auto* its_design = other ? other->design(design.name) : nullptr;
    if (!its_design) continue;
    const auto part = [&](double done) { return progress((static_cast<double>(i) + done) / count); };
    life.variants.push_back({variant.words, false,
                             simulate(*other, *its_design, life.run().life,
                                      progress ? Progress(part) : Progress{}, Detail::occupancy)});
  }
}

}  // namespace

DesignLife live_design(const Scenario& scenario, const ChangedScenario& changed, const Progress& progress) {
  const auto& design = scenario.designs.front();
  const auto variants = design.factory->variants();
  // Shares of the work: every life, the shown one again, and each variant once.
  const auto own = static_cast<double>(scenario.lives + 1);
  const double share = own / (own + static_cast<double>(variants.size()));
  const auto first = [&](double done) { return progress(share * done); };
  const auto second = [&](double done) { return progress(share + (1 - share) * done); };

  DesignLife life;
  life.comparison =
      compare_designs(scenario, {false, Detail::occupancy}, progress ? Progress(first) : Progress{});
  life.steady = steady_state_of(life.run(), scenario.horizon);
  if (life.steady)
    if (const auto traffic = traffic_of(scenario, design, *life.steady))
      life.long_run = design.factory->long_run(*traffic);
  if (life.long_run && life.steady->short_of_room) {
    life.long_run.reset();
    life.theory_void = true;
  }
  live_variants(scenario, changed, progress ? Progress(second) : Progress{}, variants, life);
  return life;
}

}  // namespace cidrplan
