#pragma once

#include <cstdint>
#include <vector>

namespace cidrplan::calico {

/// A Markov chain in continuous time, irreducible, whose states lie on levels of known probability. States
/// are numbered outwards from one, 0, to which the chain keeps returning: others may hardly ever be entered
/// again once left, which their balance alone does not tell.
struct MarkovChain {
  struct Transition {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    double rate = 0;
  };
  std::vector<int> level;  ///< [state] in [0, level_share.size())
  std::vector<Transition> transitions;
  std::vector<double> level_share;  ///< of time; levels without states are left out of account
  bool planar = false;  ///< its states lie in a plane, next to each other: elimination fills in little

  std::size_t states() const { return level.size(); }
};

struct Stationary {
  std::vector<double> share;  ///< [state] of time; sums to 1
  double residual = 0;        ///< sum over states of |inflow - outflow|, by the sum of outflows
  int sweeps = 0;             ///< of Gauss-Seidel; 0: solved by elimination
};

/// Solves the balance equations: a planar chain by sparse LU, others by Gauss-Seidel, forwards and backwards
/// in turn, down to that residual or for so many sweeps. After each sweep every level is scaled to its known
/// share, which settles the slow ups and downs of the whole at once.
Stationary solve_stationary(const MarkovChain& chain, double residual = 1e-10, int most_sweeps = 10'000);

}  // namespace cidrplan::calico
