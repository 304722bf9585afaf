#include <cmath>
#include <functional>
#include <ostream>
#include <queue>

#include "models/calico/block_walk.h"
#include "models/calico/fill_order.h"
#include "models/calico/occupancy_chain.h"
#include "planner/events/distribution.h"
#include "tests/models/calico/calico_cluster.h"
#include "tests/support/sanitized.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using cidrplan::calico::test::Cluster;

namespace {

/// A load, and how far the chain is from the exact allocator and collector under it. Errors are those of
/// this seed and this many samples: they hold the chain's own error and the spread of the simulation, about
/// 0.5 % of the blocks and 0.004 of a share.
struct Load {
  int pods;      ///< of a node, on average
  int size;      ///< prefix length of a block
  int minutes;   ///< that a pod stays, on average; an empty block stays for 15
  int slots;     ///< pods a node can take; 0: no limit
  int tunnels;   ///< addresses of a node that stay
  double held;   ///< error of the blocks held, in per cent of the simulation's
  double fill;   ///< largest error of a share of blocks: empty, pinned, up to 1/3, 2/3, below full, full
  double count;  ///< largest error of the share of time with so many blocks
};
std::ostream& operator<<(std::ostream& out, const Load& load) {
  return out << load.pods << " pods, /" << load.size << " blocks, " << load.minutes << " min, " << load.slots
             << " slots, " << load.tunnels << " tunnels";
}

// clang-format off
const Load loads[] = {
    // pods size minutes slots tunnels   held  fill  count
    {5, 26, 60, 0, 0, 0.01, 0.001, 0.001},
    {20, 26, 60, 0, 1, 0.01, 0.008, 0.001},
    {30, 26, 60, 0, 0, 0.01, 0.005, 0.001},
    {50, 26, 60, 0, 0, 0.62, 0.014, 0.008},
    {60, 26, 60, 0, 1, 0.47, 0.005, 0.009},
    {60, 26, 15, 0, 0, 0.59, 0.010, 0.011},
    {60, 26, 240, 0, 0, 1.27, 0.007, 0.022},
    {100, 26, 60, 0, 0, 0.08, 0.005, 0.002},
    {100, 26, 60, 110, 1, 0.01, 0.028, 0.001},
    {10, 27, 60, 0, 0, 0.01, 0.001, 0.001},
    {25, 27, 60, 0, 1, 1.67, 0.014, 0.026},
    {30, 27, 60, 0, 0, 0.42, 0.006, 0.008},
    {30, 27, 15, 0, 0, 0.02, 0.002, 0.001},
    {30, 27, 240, 0, 2, 1.12, 0.009, 0.021},
    {60, 27, 60, 0, 0, 0.81, 0.007, 0.023},
    {100, 27, 60, 110, 0, 0.07, 0.010, 0.003},
    {6, 28, 60, 0, 0, 0.04, 0.012, 0.001},
    {12, 28, 60, 0, 1, 0.54, 0.007, 0.009},
    {15, 28, 15, 0, 0, 0.54, 0.009, 0.010},
    {15, 28, 60, 0, 0, 0.79, 0.006, 0.014},
    {15, 28, 240, 0, 0, 0.71, 0.007, 0.012},
    {30, 28, 60, 0, 2, 1.14, 0.009, 0.026},
    {50, 28, 60, 0, 0, 0.60, 0.008, 0.069},
    {3, 29, 60, 0, 0, 0.42, 0.006, 0.005},
    {6, 29, 60, 0, 1, 0.07, 0.007, 0.006},
    {6, 29, 240, 0, 0, 0.11, 0.006, 0.002},
    {12, 29, 60, 0, 2, 0.55, 0.011, 0.019},
    {20, 29, 60, 30, 0, 0.18, 0.003, 0.065},
};
// clang-format on

constexpr int all_pods = 1200;
constexpr Duration grace = Duration::minutes(15);

/// What is seen of the blocks of one node.
struct Seen {
  double held = 0;
  std::vector<double> fill = std::vector<double>(fill_count);  ///< shares of the blocks
  std::vector<double> count;                                   ///< [k] share of the time with k blocks
};

/// A constant number of pods: each stays for an exponential time, then another starts on a random node.
class RandomCluster {
 public:
  RandomCluster(const Load& load, const IpPool& pool) : load_(load), cluster_(options(load, pool)) {
    nodes_ = static_cast<std::uint32_t>(all_pods / load.pods);
    for (std::uint32_t node = 0; node < nodes_; ++node) REQUIRE(cluster_.add(node, SimTime{}).granted);
    on_node_.resize(nodes_);
    node_of_.resize(nodes_ * static_cast<std::uint32_t>(load.pods));
    stay_.kind = Distribution::Kind::exponential;
    stay_.scale = Duration::minutes(load.minutes);
    for (std::uint32_t pod = 0; pod < node_of_.size(); ++pod) start(pod, SimTime{});
  }
  std::uint32_t nodes() const { return nodes_; }

  Seen watch(int stays) {
    const std::int64_t stay = stay_.scale.ms;
    OccupancyFigures sums;
    std::vector<double> count;
    int samples = 0;
    for (SimTime when{5 * (stay + grace.ms)}; when.ms < stays * stay; when.ms += stay / 2, ++samples) {
      run_to(when);
      OccupancyReport report;
      cluster_.model->occupancy(report);
      const auto figures = figures_of(report);
      sums.pieces += figures.pieces;
      for (std::size_t i = 0; i < fill_count; ++i) sums.fill[i] += figures.fill[i];
      if (count.size() < figures.nodes_with.size()) count.resize(figures.nodes_with.size());
      for (std::size_t k = 1; k < figures.nodes_with.size(); ++k)
        count[k] += static_cast<double>(figures.nodes_with[k]);
    }
    Seen seen;
    const double of_nodes = static_cast<double>(samples) * nodes_;
    seen.held = static_cast<double>(sums.pieces) / of_nodes;
    for (std::size_t i = 0; i < fill_count; ++i)
      seen.fill[i] = static_cast<double>(sums.fill[i]) / static_cast<double>(sums.pieces);
    for (const auto each : count) seen.count.push_back(each / of_nodes);
    return seen;
  }

 private:
  static CalicoOptions options(const Load& load, const IpPool& pool) {
    auto options = Cluster::with({});
    options.pools[0].pool = pool;
    options.grace = grace;
    if (load.tunnels > 0) options.pools[0].encapsulation = Encapsulation::vxlan;
    options.wireguard = load.tunnels > 1;
    return options;
  }
  void start(std::uint32_t pod, SimTime now) {
    std::uint32_t node = 0;
    do node = static_cast<std::uint32_t>(random_.below(drawn_++, nodes_));
    while (load_.slots > 0 && on_node_[node] == load_.slots);
    REQUIRE(cluster_.assign(pod, node, now).outcome == Assignment::Outcome::granted);
    ++on_node_[node];
    node_of_[pod] = node;
    ends_.emplace(now + stay_.draw(random_, drawn_++), pod);
  }
  void run_to(SimTime until) {
    for (; ends_.top().first <= until;) {
      const auto [now, pod] = ends_.top();
      ends_.pop();
      cluster_.run_to(now);
      cluster_.release(pod, now);
      --on_node_[node_of_[pod]];
      start(pod, now);
    }
    cluster_.run_to(until);
  }

  using End = std::pair<SimTime, std::uint32_t>;
  Load load_;
  Cluster cluster_;
  std::uint32_t nodes_ = 0;
  Distribution stay_;
  RandomStream random_{11, 0, "chain"};
  std::uint64_t drawn_ = 0;
  std::vector<int> on_node_;
  std::vector<std::uint32_t> node_of_;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

Seen in_theory(const Load& load, const IpPool& pool, std::uint32_t nodes) {
  NodeLoad node;
  node.pods = load.pods;
  node.block_addresses = 1 << pool.block_bits();
  node.permanent = load.tunnels;
  // Seen empty by the pass a second after the release; the first pass after the grace period takes it.
  node.collection = (grace.ms + 2000.) / (load.minutes * 60'000.);
  node.nodes = nodes;
  node.slots = load.slots;
  std::vector<std::uint64_t>
      starts;  // of these very nodes, as few of them may differ from all there could be
  for (std::uint32_t number = 0; number < nodes; ++number)
    starts.push_back(
        saturate_to_64(BlockWalk(fnv1_32("h" + std::to_string(number)), pool.walk_bits()).start()));
  const auto chain = stationary_occupancy(node, fill_orders(pool, starts, blocks_followed(node)));
  Seen seen;
  seen.held = chain.held;
  seen.count = chain.blocks_held;
  for (const auto& block : chain.blocks)
    for (std::size_t n = 0; n < block.used.size(); ++n)
      seen.fill[static_cast<std::size_t>(fill_of(n, static_cast<uint128>(node.block_addresses)))] +=
          block.used[n] / chain.held;
  return seen;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    largest = std::max(largest, std::abs((i < a.size() ? a[i] : 0) - (i < b.size() ? b[i] : 0)));
  return largest;
}

}  // namespace

TEST_CASE("the chain and the exact allocator agree, to an error stated for each load",
          "[occupancy-chain][whole]") {
  STATIC_REQUIRE(std::size(loads) >= 20);
  IpPool pool;
  pool.name = "p";
  pool.cidr = *Prefix::parse("10.0.0.0/10");
  for (const auto& load : loads) {
    if (cidrplan::test::sanitized && load.pods > 5) continue;
    pool.block_size = load.size;
    RandomCluster cluster(load, pool);
    const auto seen = cluster.watch(50);
    const auto theory = in_theory(load, pool, cluster.nodes());
    const double held = 100 * std::abs(theory.held / seen.held - 1);
    const double fill = largest_difference(theory.fill, seen.fill);
    const double count = largest_difference(theory.count, seen.count);
    INFO(load << ": held " << seen.held << ", in theory " << theory.held << "; errors " << held << " %, "
              << fill << ", " << count);
    CHECK(held <= load.held);
    CHECK(fill <= load.fill);
    CHECK(count <= load.count);
  }
}
