#include <algorithm>
#include <fmt/format.h>

#include "models/calico/calico_factory.h"
#include "models/calico/occupancy_chain.h"

namespace cidrplan::calico {
namespace {

constexpr int shown_sizes[] = {26, 27, 28, 29};
constexpr double most_pods_followed = 2000;
const Duration batch = Duration::seconds(1);  // in which the collector gathers events

bool serves_pods_v4(const PoolPlan& plan) {
  return plan.pool.family() == Family::ipv4 && plan.serves(Use::workload);
}

/// How long an empty block stays: its timer starts with the pass that follows, and the first pass after it
/// ends it. Passes follow events, or else ticks, at
/// every half of the grace period.
double collection_ms(const CalicoOptions& options, const NodeTraffic& traffic) {
  const double events_per_ms = 2 * traffic.pods *
                               static_cast<double>(std::max<std::int64_t>(traffic.nodes, 1)) /
                               static_cast<double>(traffic.stay.ms);
  const double until_event = std::min(1 / events_per_ms, static_cast<double>(options.grace.ms) / 4);
  return static_cast<double>(options.grace.ms + 2 * batch.ms) + until_event;
}

LongRun in_long_run(const NodeOccupancy& node, const NodeLoad& load) {
  LongRun run;
  run.pieces = node.held;
  run.waiting = node.waiting;
  run.used = node.in_use;
  run.idle = node.idle;
  run.held = node.blocks_held;
  for (const auto& block : node.blocks)
    for (std::size_t n = 0; n < block.used.size(); ++n)
      run.fill[static_cast<std::size_t>(fill_of(n, static_cast<uint128>(load.block_addresses)))] +=
          block.used[n];
  return run;
}

/// A power of ten above it; no smaller than what the solver ends with, so that rounding does not show.
double bound_above(double residual) {
  double bound = 1e-9;
  while (bound < residual) bound *= 10;
  return bound;
}

std::string accuracy_words(const NodeOccupancy& node) {
  const auto& how = node.accuracy;
  auto text = fmt::format("A Markov chain of {} states, its balance off by less than {:.0e}",
                          in_figures(how.states), bound_above(how.residual));
  if (how.beyond >= 1e-6)
    text += fmt::format("; {:.1e} of the time a node has more pods than the blocks considered", how.beyond);
  if (how.below > 0)
    text += fmt::format("; the first {} blocks are taken together as always held, which misses {:.4f} blocks",
                        how.below, how.lump_not_held);
  return text + '.';
}

}  // namespace

std::vector<Variant> CalicoFactory::variants() const {
  std::vector<const IpPool*> pools;
  for (const auto& plan : options_.pools)
    if (serves_pods_v4(plan)) pools.push_back(&plan.pool);
  if (pools.empty()) return {};
  std::vector<int> sizes(std::begin(shown_sizes), std::end(shown_sizes));
  sizes.push_back(pools.front()->block_size);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());

  std::vector<Variant> variants;
  for (const int size : sizes) {
    Variant variant{fmt::format("/{} blocks", size), {}, true};
    bool fits = true;
    for (const auto* pool : pools) {
      fits = fits && pool->cidr.length() <= size;
      variant.present = variant.present && pool->block_size == size;
      variant.settings.push_back({fmt::format("pool.{}.block_size", pool->name), std::to_string(size), {}});
    }
    if (fits) variants.push_back(std::move(variant));
  }
  return variants;
}

std::optional<LongRun> CalicoFactory::long_run(const NodeTraffic& traffic) const {
  const auto first = std::find_if(options_.pools.begin(), options_.pools.end(), serves_pods_v4);
  if (first == options_.pools.end() || families_.ipv6 || options_.grace == Duration{}) return std::nullopt;
  for (const auto& plan : options_.pools)
    if (serves_pods_v4(plan) && plan.pool.block_size != first->pool.block_size) return std::nullopt;
  std::size_t tunnels = 0;
  for (const auto& nodes : classes_) {
    if (nodes.windows) return std::nullopt;
    tunnels = std::max(tunnels, nodes.ipv4.for_tunnels.size());
  }
  NodeLoad load;
  load.pods = traffic.pods;
  load.block_addresses = 1 << first->pool.block_bits();
  load.permanent = static_cast<int>(traffic.daemons) + static_cast<int>(tunnels);
  load.collection = collection_ms(options_, traffic) / static_cast<double>(traffic.stay.ms);
  load.nodes = traffic.nodes;
  load.slots = traffic.slots;
  load.block_cap = static_cast<int>(std::min<std::int64_t>(block_cap(options_, false), 1000));
  const auto room = load.block_cap * load.block_addresses - load.permanent;
  if (load.pods > most_pods_followed || load.pods >= room) return std::nullopt;

  const auto blocks =
      std::min<std::uint64_t>(static_cast<std::uint64_t>(blocks_followed(load)),
                              saturate_to_64(first->pool.cidr.count_of(first->pool.block_size)));
  const auto node = stationary_occupancy(load, fill_orders(first->pool, static_cast<int>(blocks)));
  auto run = in_long_run(node, load);
  run.notes.push_back(
      "Theory places pods at random and lets them live exponentially, with the same averages.");
  run.notes.push_back(accuracy_words(node));
  return run;
}

}  // namespace cidrplan::calico
