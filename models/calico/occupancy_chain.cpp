#include "models/calico/occupancy_chain.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

class ChainSolver {
 public:
  ChainSolver(const NodeLoad& load, const ChainLimits& limits)
      : load_(load), limits_(limits), pods_(load, limits.tail / 100) {}

  NodeOccupancy solve();

 private:
  /// The fewest blocks that all pods fit into but for that share of time.
  int blocks_for(double share) const {
    int blocks = 1;
    while (blocks < load_.block_cap && pods_.share_above(room(blocks)) > share) ++blocks;
    return blocks;
  }
  int room(int blocks) const { return std::max(blocks * load_.block_addresses - load_.permanent, 0); }
  WindowShape window_up_to(int top) const;
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
  const auto shape = window_up_to(blocks_for(limits_.rest));
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

}  // namespace

NodeOccupancy stationary_occupancy(const NodeLoad& load, const ChainLimits& limits) {
  CIDRPLAN_EXPECTS(load.block_addresses >= 1 && load.block_addresses <= 4096 && load.block_cap >= 1);
  CIDRPLAN_EXPECTS(load.permanent >= 0 && load.permanent <= load.block_cap * load.block_addresses);
  return ChainSolver(load, limits).solve();
}

}  // namespace cidrplan::calico
