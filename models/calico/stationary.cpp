#include "models/calico/stationary.h"

#include <Eigen/SparseCore>
#include <Eigen/SparseLU>
#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

class BalanceEquations {
 public:
  explicit BalanceEquations(const MarkovChain& chain);

  void eliminate();
  void sweep(bool forwards);

  double residual() const {
    const Eigen::VectorXd out = outflow_.cwiseProduct(share_);
    const double all = out.sum();
    return all > 0 ? (inflow_ * share_ - out).lpNorm<1>() / all : 0;
  }
  std::vector<double> share() const { return {share_.data(), share_.data() + size_}; }

 private:
  void scale_levels();
  std::size_t level(int state) const {
    return static_cast<std::size_t>(chain_.level[static_cast<std::size_t>(state)]);
  }
  int anchor() const;

  const MarkovChain& chain_;
  int size_;
  Eigen::SparseMatrix<double, Eigen::RowMajor, int> inflow_;  // (to, from)
  Eigen::VectorXd outflow_, share_;
};

BalanceEquations::BalanceEquations(const MarkovChain& chain)
    : chain_(chain), size_(static_cast<int>(chain.states())) {
  std::vector<Eigen::Triplet<double, int>> entries;
  outflow_ = Eigen::VectorXd::Zero(size_);
  for (const auto& each : chain.transitions) {
    entries.emplace_back(static_cast<int>(each.to), static_cast<int>(each.from), each.rate);
    outflow_[static_cast<int>(each.from)] += each.rate;
  }
  inflow_.resize(size_, size_);
  inflow_.setFromTriplets(entries.begin(), entries.end());
  share_ = Eigen::VectorXd::Constant(size_, 1.0);
  scale_levels();
}

/// The first state of the likeliest level: set to 1, it keeps all others in range.
int BalanceEquations::anchor() const {
  const auto& shares = chain_.level_share;
  int best = 0;
  for (int i = 1; i < size_; ++i)
    if (shares[level(i)] > shares[level(best)]) best = i;
  return best;
}

/// One equation follows from the others; the anchor's is left out, and its state is 1.
void BalanceEquations::eliminate() {
  const int left_out = anchor();
  const auto row = [&](int state) { return state < left_out ? state : state - 1; };
  std::vector<Eigen::Triplet<double, int>> entries;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(size_ - 1);
  for (const auto& each : chain_.transitions) {
    const auto from = static_cast<int>(each.from), to = static_cast<int>(each.to);
    if (to == left_out) continue;
    if (from == left_out)
      right[row(to)] -= each.rate;
    else
      entries.emplace_back(row(to), row(from), each.rate);
  }
  for (int i = 0; i < size_; ++i)
    if (i != left_out) entries.emplace_back(row(i), row(i), -outflow_[i]);
  Eigen::SparseMatrix<double> matrix(size_ - 1, size_ - 1);
  matrix.setFromTriplets(entries.begin(), entries.end());
  Eigen::SparseLU<Eigen::SparseMatrix<double>> solver;
  solver.compute(matrix);
  CIDRPLAN_EXPECTS(solver.info() == Eigen::Success);
  const Eigen::VectorXd others = solver.solve(right);
  for (int i = 0; i < size_; ++i) share_[i] = i == left_out ? 1 : std::max(others[row(i)], 0.0);
  share_ /= share_.sum();
}

void BalanceEquations::sweep(bool forwards) {
  // Bare pointers: this loop is all the time the solver takes.
  const int* begin = inflow_.outerIndexPtr();
  const int* from = inflow_.innerIndexPtr();
  const double* rate = inflow_.valuePtr();
  const double* out = outflow_.data();
  double* share = share_.data();
  for (int i = 0; i < size_; ++i) {
    const int state = forwards ? i : size_ - 1 - i;
    double in = 0;
    for (int k = begin[state]; k < begin[state + 1]; ++k) in += rate[k] * share[from[k]];
    share[state] = in / out[state];
  }
  scale_levels();
}

void BalanceEquations::scale_levels() {
  std::vector<double> factor(chain_.level_share.size(), 0.0);
  for (int i = 0; i < size_; ++i) factor[level(i)] += share_[i];
  double known = 0;
  for (std::size_t l = 0; l < factor.size(); ++l)
    if (factor[l] > 0) known += chain_.level_share[l];
  for (std::size_t l = 0; l < factor.size(); ++l)
    if (factor[l] > 0) factor[l] = chain_.level_share[l] / known / factor[l];
  for (int i = 0; i < size_; ++i) share_[i] *= factor[level(i)];
}

}  // namespace

Stationary solve_stationary(const MarkovChain& chain, double residual, int most_sweeps) {
  constexpr int look_every = 8;  // the residual costs as much as a sweep
  CIDRPLAN_EXPECTS(chain.states() > 0);
  if (chain.states() == 1) return {{1.0}, 0, 0};
  BalanceEquations equations(chain);
  Stationary result;
  if (chain.planar) equations.eliminate();
  result.residual = equations.residual();
  while (!chain.planar && result.residual > residual && result.sweeps < most_sweeps) {
    for (int i = 0; i < look_every; ++i) equations.sweep(i % 2 == 0);
    result.sweeps += look_every;
    result.residual = equations.residual();
  }
  result.share = equations.share();
  return result;
}

}  // namespace cidrplan::calico
