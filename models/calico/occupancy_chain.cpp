#include "models/calico/occupancy_chain.h"

#include <algorithm>
#include <map>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

class ChainSolver {
 public:
  ChainSolver(const NodeLoad& load, const ChainLimits& limits)
      : load_(load), limits_(limits), pods_(load, limits.tail / 100) {}

  NodeOccupancy solve();
  int top() const { return blocks_for(limits_.rest); }
  WindowShape window_up_to(int top) const;

 private:
  /// The fewest blocks that all pods fit into but for that share of time.
  int blocks_for(double share) const {
    int blocks = 1;
    while (blocks < load_.block_cap && pods_.share_above(room(blocks)) > share) ++blocks;
    return blocks;
  }
  int room(int blocks) const { return std::max(blocks * load_.block_addresses - load_.permanent, 0); }
  void follow(const WindowShape& shape, std::vector<double>& held);
  void nest();
  void sum_up();

  const NodeLoad& load_;
  const ChainLimits& limits_;
  NodePopulation pods_;
  NodeOccupancy result_;
};

/// The widest window that ends with that block and is small enough.
WindowShape ChainSolver::window_up_to(int top) const {
  WindowShape shape{top - 1, 1, limits_.phases};
  while (shape.below > 0) {
    const WindowShape wider{shape.below - 1, shape.width + 1, limits_.phases};
    if (BlockWindow::states_at_most(load_, pods_, wider) > limits_.states) break;
    shape = wider;
  }
  return shape;
}

/// Solves one window, appends its blocks and says how many of them are held.
void ChainSolver::follow(const WindowShape& shape, std::vector<double>& held) {
  const BlockWindow window(load_, pods_, shape);
  const auto solution = solve_stationary(window.chain());
  for (int i = 0; i < shape.width; ++i) result_.blocks.push_back(window.block(i, solution.share));
  held = window.held(solution.share);
  result_.accuracy.states = std::max<std::uint64_t>(result_.accuracy.states, window.chain().states());
  result_.accuracy.residual = std::max(result_.accuracy.residual, solution.residual);
}

NodeOccupancy ChainSolver::solve() {
  const int blocks = blocks_for(limits_.tail);
  const auto shape = window_up_to(top());
  auto& accuracy = result_.accuracy;
  accuracy.below = shape.below;
  accuracy.width = shape.width;
  accuracy.exact = shape.below == 0 && shape.width == blocks;
  accuracy.beyond = pods_.share_above(room(blocks));

  std::vector<double> held;  // of one block alone; its own figure says it too
  for (int k = 0; k < shape.below; ++k) {
    follow({k, 1, limits_.phases}, held);
    accuracy.lump_not_held += 1 - result_.blocks.back().held;
  }
  follow(shape, result_.blocks_held);
  for (int k = shape.below + shape.width; k < blocks; ++k) {
    follow({k, 1, limits_.phases}, held);
    accuracy.above += result_.blocks.back().held;
  }
  if (!accuracy.exact) nest();
  sum_up();
  return std::move(result_);
}

/// Puts together how many blocks are held from how often each is.
void ChainSolver::nest() {
  auto& count = result_.blocks_held;
  std::vector<double> often;
  if (result_.accuracy.below == 0) {
    double more = 1;
    for (std::size_t k = 0; k + 1 < count.size(); ++k) often.push_back(more -= count[k]);
    for (auto k = often.size(); k < result_.blocks.size(); ++k) often.push_back(result_.blocks[k].held);
  } else {
    for (const auto& block : result_.blocks) often.push_back(block.held);
  }
  std::sort(often.rbegin(), often.rend());
  often.push_back(0);
  count.assign(1, std::max(1 - often.front(), 0.0));
  for (std::size_t k = 0; k + 1 < often.size(); ++k) count.push_back(often[k] - often[k + 1]);
}

void ChainSolver::sum_up() {
  for (std::size_t k = 0; k < result_.blocks_held.size(); ++k)
    result_.held += static_cast<double>(k) * result_.blocks_held[k];
  for (const auto& block : result_.blocks) {
    result_.waiting += block.waiting;
    result_.single += block.single();
    for (std::size_t n = 0; n < block.used.size(); ++n)
      result_.in_use += static_cast<double>(n) * block.used[n];
  }
  result_.idle = result_.held * load_.block_addresses - result_.in_use;
}

/// The order as the chain sees it: of the lump only where permanent addresses lie, of the window also which
/// block is claimed before which.
std::vector<int> as_seen(const std::vector<int>& claim, const NodeLoad& load, int below) {
  const int with_permanent = (load.permanent + load.block_addresses - 1) / load.block_addresses;
  std::vector<int> seen(claim), others;
  for (std::size_t at = static_cast<std::size_t>(below); at < claim.size(); ++at)
    if (claim[at] >= with_permanent) others.push_back(claim[at]);
  std::sort(others.begin(), others.end());
  // The window's blocks are numbered last, in their own order; the lump's as they stand.
  auto next = with_permanent;
  for (std::size_t at = 0; at < claim.size(); ++at)
    if (static_cast<int>(at) < below && claim[at] >= with_permanent) seen[at] = next++;
  for (std::size_t at = static_cast<std::size_t>(below); at < claim.size(); ++at)
    if (claim[at] >= with_permanent)
      seen[at] =
          next + static_cast<int>(std::lower_bound(others.begin(), others.end(), claim[at]) - others.begin());
  return seen;
}

void add(std::vector<double>& sum, const std::vector<double>& values, double weight) {
  if (sum.size() < values.size()) sum.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) sum[i] += weight * values[i];
}

void add(NodeOccupancy& sum, const NodeOccupancy& node, double weight) {
  add(sum.blocks_held, node.blocks_held, weight);
  if (sum.blocks.size() < node.blocks.size()) sum.blocks.resize(node.blocks.size());
  for (std::size_t i = 0; i < node.blocks.size(); ++i) {
    sum.blocks[i].held += weight * node.blocks[i].held;
    sum.blocks[i].waiting += weight * node.blocks[i].waiting;
    add(sum.blocks[i].used, node.blocks[i].used, weight);
  }
  sum.held += weight * node.held;
  sum.waiting += weight * node.waiting;
  sum.single += weight * node.single;
  sum.in_use += weight * node.in_use;
  sum.idle += weight * node.idle;
  auto& accuracy = sum.accuracy;
  const auto& one = node.accuracy;
  accuracy.exact = one.exact;
  accuracy.below = one.below;
  accuracy.width = one.width;
  accuracy.states = std::max(accuracy.states, one.states);
  accuracy.beyond = std::max(accuracy.beyond, one.beyond);
  accuracy.lump_not_held += weight * one.lump_not_held;
  accuracy.above += weight * one.above;
  accuracy.residual = std::max(accuracy.residual, one.residual);
}

}  // namespace

NodeOccupancy stationary_occupancy(const NodeLoad& load, const ChainLimits& limits) {
  CIDRPLAN_EXPECTS(load.block_addresses >= 1 && load.block_addresses <= 4096 && load.block_cap >= 1);
  CIDRPLAN_EXPECTS(load.permanent >= 0 && load.permanent < load.block_cap * load.block_addresses);
  return ChainSolver(load, limits).solve();
}

int blocks_followed(const NodeLoad& load, const ChainLimits& limits) {
  return ChainSolver(load, limits).top();
}

NodeOccupancy stationary_occupancy(const NodeLoad& load, std::span<const FillOrder> orders,
                                   const ChainLimits& limits) {
  CIDRPLAN_EXPECTS(!orders.empty());
  constexpr double enough = 0.995;  // of the nodes; the rest is taken to be like them
  const ChainSolver solver(load, limits);
  const int below = solver.window_up_to(solver.top()).below;
  std::map<std::vector<int>, double> different;
  double taken = 0;
  for (const auto& order : orders) {
    if (taken >= enough) break;
    different[as_seen(order.claim, load, below)] += order.share;
    taken += order.share;
  }
  NodeOccupancy average;
  for (const auto& [claim, share] : different) {
    auto one = load;
    one.claim = claim;
    add(average, stationary_occupancy(one, limits), share / taken);
  }
  return average;
}

}  // namespace cidrplan::calico
