#pragma once

#include <cstdint>
#include <vector>

#include "models/calico/node_population.h"
#include "models/calico/stationary.h"

namespace cidrplan::calico {

/// Some blocks of a node, in the order of filling, seen exactly: the `below` first blocks are lumped into one
/// and always held, `width` further ones are followed one by one, those above are not seen.
///
///     | block 1 … below |  below + 1  | … | below + width |
///       pods in them       0 … A, or empty with phases of its timer left, or not held
struct WindowShape {
  int below = 0;
  int width = 1;
  int phases = 8;             ///< of the timer: Erlang, the mean is NodeLoad::collection
  double lower_tail = 1e-13;  ///< states of the lump that have less time together are left out
};

/// The part of one block in the whole.
struct BlockOccupancy {
  double held = 0;           ///< share of time in which the node holds it
  double waiting = 0;        ///< part of it: empty beside another block, waits for collection
  std::vector<double> used;  ///< [n] part of it: with n addresses in use; sums to `held`

  double single() const { return used.size() > 1 ? used[1] : 0; }
};

class BlockWindow {
 public:
  BlockWindow(const NodeLoad& load, const NodePopulation& pods, const WindowShape& shape);

  /// At most so many states; without building them.
  static std::uint64_t states_at_most(const NodeLoad& load, const NodePopulation& pods,
                                      const WindowShape& shape);

  const MarkovChain& chain() const { return chain_; }
  const WindowShape& shape() const { return shape_; }
  /// @param share  of time for each state of chain()
  BlockOccupancy block(int number, const std::vector<double>& share) const;  ///< number from 0 in the window
  /// [k] share of time in which k of the window's blocks are held.
  std::vector<double> held(const std::vector<double>& share) const;

 private:
  struct State {
    int below = 0;            ///< addresses in use in the lump
    std::vector<int> blocks;  ///< codes
  };
  // Codes of a block: 0 not held; 1 … phases empty, with so many phases left; phases + n with n in use.
  std::uint64_t key_of(const State& state) const;
  State state_of(std::uint64_t key) const;
  int used(int code) const { return code > shape_.phases ? code - shape_.phases : 0; }
  int pods_of(const State& state) const;
  int held_of(const State& state) const;
  std::size_t next_claim(const State& state) const;
  void leave(std::uint32_t from);
  void go(std::uint32_t from, State to, double rate);

  NodeLoad load_;
  const NodePopulation& pods_;
  WindowShape shape_;
  int lump_from_ = 0, lump_to_ = 0;
  int permanent_below_ = 0, permanent_ = 0;  // addresses, in the lump and in all
  std::vector<int> permanents_;              // in each block of the window
  int codes_ = 0;                            ///< of one block
  int most_ = 0;                             ///< pods in the whole window
  std::vector<std::uint64_t> keys_;          // by state
  std::vector<std::uint32_t> numbers_;       // by key; none: not reached
  MarkovChain chain_;
};

}  // namespace cidrplan::calico
