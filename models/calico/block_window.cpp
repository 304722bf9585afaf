#include "models/calico/block_window.h"

#include <algorithm>
#include <climits>
#include <tuple>
#include <utility>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint32_t not_reached = UINT32_MAX;

/// The fewest and the most addresses in use in the lump.
std::pair<int, int> lump_range(const NodeLoad& load, const NodePopulation& pods, const WindowShape& shape) {
  if (shape.below == 0) return {0, 0};
  const int capacity = shape.below * load.block_addresses;
  const int permanent = load.permanent_in(0, shape.below);
  const int most = std::min(capacity - permanent, pods.most());
  const auto shares = pods.shares_up_to(most);
  int fewest = 0;
  for (double left_out = shares[0]; fewest < most && left_out <= shape.lower_tail;)
    left_out += shares[static_cast<std::size_t>(++fewest)];
  return {permanent + fewest, permanent + most};
}

int codes_of(const NodeLoad& load, const NodePopulation& pods, const WindowShape& shape) {
  return 1 + shape.phases + std::min(load.block_addresses, load.permanent + pods.most());
}

}  // namespace

std::uint64_t BlockWindow::states_at_most(const NodeLoad& load, const NodePopulation& pods,
                                          const WindowShape& shape) {
  const auto [from, to] = lump_range(load, pods, shape);
  auto states = static_cast<std::uint64_t>(to - from) + 1;
  constexpr std::uint64_t enough = 1'000'000'000;
  for (int i = 0; i < shape.width && states < enough; ++i)
    states *= static_cast<std::uint64_t>(codes_of(load, pods, shape));
  return states;
}

BlockWindow::BlockWindow(const NodeLoad& load, const NodePopulation& pods, const WindowShape& shape)
    : load_(load), pods_(pods), shape_(shape), codes_(codes_of(load, pods, shape)) {
  CIDRPLAN_EXPECTS(shape.width >= 1 && shape.phases >= 1 && load.collection > 0);
  std::tie(lump_from_, lump_to_) = lump_range(load, pods, shape);
  const int blocks = shape.below + shape.width;
  permanent_below_ = load.permanent_in(0, shape.below);
  permanent_ = load.permanent_in(0, blocks);
  most_ = std::min(pods.most(), blocks * load.block_addresses - permanent_);
  numbers_.assign(static_cast<std::size_t>(states_at_most(load, pods, shape)), not_reached);

  State first{lump_from_, {}};
  for (int i = 0; i < shape.width; ++i) {
    permanents_.push_back(load.permanent_in(shape.below + i, 1));
    first.blocks.push_back(permanents_.back() > 0 ? shape.phases + permanents_.back() : 0);
  }
  // Which block a new node claims first is soon forgotten where it is not the one that is filled first; but
  // from there the chain's balance would not show for how long.
  if (first.blocks[0] == 0) first.blocks[0] = shape.phases;
  numbers_[key_of(first)] = 0;
  keys_.push_back(key_of(first));
  for (std::uint32_t number = 0; number < keys_.size(); ++number) leave(number);

  chain_.level_share = pods.shares_up_to(most_);
  for (const auto key : keys_) chain_.level.push_back(pods_of(state_of(key)));
  chain_.planar = shape.width + (lump_to_ > lump_from_ ? 1 : 0) <= 2;
  numbers_ = {};
}

std::uint64_t BlockWindow::key_of(const State& state) const {
  auto key = static_cast<std::uint64_t>(state.below - lump_from_);
  for (const int code : state.blocks)
    key = key * static_cast<std::uint64_t>(codes_) + static_cast<std::uint64_t>(code);
  return key;
}

BlockWindow::State BlockWindow::state_of(std::uint64_t key) const {
  State state{0, std::vector<int>(static_cast<std::size_t>(shape_.width))};
  for (auto code = state.blocks.rbegin(); code != state.blocks.rend(); ++code) {
    *code = static_cast<int>(key % static_cast<std::uint64_t>(codes_));
    key /= static_cast<std::uint64_t>(codes_);
  }
  state.below = static_cast<int>(key) + lump_from_;
  return state;
}

int BlockWindow::pods_of(const State& state) const {
  int pods = state.below - permanent_;
  for (const int code : state.blocks) pods += used(code);
  return pods;
}

int BlockWindow::held_of(const State& state) const {
  const auto not_held = std::count(state.blocks.begin(), state.blocks.end(), 0);
  return shape_.below + shape_.width - static_cast<int>(not_held);
}

/// The block that is claimed next; the number of blocks where all are held.
std::size_t BlockWindow::next_claim(const State& state) const {
  auto best = state.blocks.size();
  int earliest = INT_MAX;
  for (std::size_t i = 0; i < state.blocks.size(); ++i) {
    const int claim = load_.claim_of(shape_.below + static_cast<int>(i));
    if (state.blocks[i] != 0 || claim >= earliest) continue;
    earliest = claim;
    best = i;
  }
  return best;
}

void BlockWindow::leave(std::uint32_t from) {
  const State state = state_of(keys_[from]);
  const int pods = pods_of(state);
  const auto changed = [&](std::size_t block, int code) {
    State to = state;
    to.blocks[block] = code;
    return to;
  };
  // Arrival: the lump, else the first held block with room, else a claim.
  if (pods < most_) {
    const double rate = pods_.arrivals(pods);
    const int full = shape_.phases + load_.block_addresses;
    const auto takes = std::find_if(state.blocks.begin(), state.blocks.end(),
                                    [&](int code) { return code != 0 && code != full; });
    auto block = static_cast<std::size_t>(takes - state.blocks.begin());
    if (block == state.blocks.size()) block = next_claim(state);
    if (state.below < lump_to_)
      go(from, {state.below + 1, state.blocks}, rate);
    else if (block < state.blocks.size())
      go(from, changed(block, shape_.phases + used(state.blocks[block]) + 1), rate);
  }
  // Departures at rate 1 for each pod; a block that becomes empty has its whole timer before it.
  const int leaving_below = state.below - permanent_below_;
  if (state.below > lump_from_ && leaving_below > 0)
    go(from, {state.below - 1, state.blocks}, static_cast<double>(leaving_below));
  for (std::size_t i = 0; i < state.blocks.size(); ++i) {
    const int code = state.blocks[i];
    const int leaving = used(code) - permanents_[i];
    if (used(code) > 0 && leaving > 0) go(from, changed(i, code - 1), static_cast<double>(leaving));
    if (used(code) == 0 && code > 0 && held_of(state) > 1)
      go(from, changed(i, code - 1), shape_.phases / load_.collection);
  }
}

void BlockWindow::go(std::uint32_t from, State to, double rate) {
  // The last block stays, and its timer means nothing: a pod takes it before there is a second block.
  if (held_of(to) == 1)
    for (auto& code : to.blocks)
      if (code > 0 && used(code) == 0) code = shape_.phases;
  const auto key = key_of(to);
  auto& number = numbers_[key];
  if (number == not_reached) {
    number = static_cast<std::uint32_t>(keys_.size());
    keys_.push_back(key);
  }
  if (number != from) chain_.transitions.push_back({from, number, rate});
}

BlockOccupancy BlockWindow::block(int number, const std::vector<double>& share) const {
  BlockOccupancy result;
  result.used.assign(static_cast<std::size_t>(codes_ - shape_.phases), 0.0);
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const State state = state_of(keys_[i]);
    const int code = state.blocks[static_cast<std::size_t>(number)];
    if (code == 0) continue;
    result.held += share[i];
    result.used[static_cast<std::size_t>(used(code))] += share[i];
    if (used(code) == 0 && held_of(state) > 1) result.waiting += share[i];
  }
  return result;
}

std::vector<double> BlockWindow::held(const std::vector<double>& share) const {
  std::vector<double> result(static_cast<std::size_t>(shape_.width) + 1, 0.0);
  for (std::size_t i = 0; i < keys_.size(); ++i)
    result[static_cast<std::size_t>(held_of(state_of(keys_[i])) - shape_.below)] += share[i];
  return result;
}

}  // namespace cidrplan::calico
