#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cidrplan::calico {

/// What one node carries under random placement. Rates and times are in mean lives of a pod, its grace
/// included.
struct NodeLoad {
  double pods = 0;           ///< pods with an address on the node, on average; above 0, at most 2,000
  int block_addresses = 64;  ///< 1 to 4096
  int permanent = 0;  ///< addresses that never come back: tunnels, daemonset pods; in the first claimed
  /// The order of filling against that of claiming: [place] which claim of a new node the block at that place
  /// is, from 0. Further places: as they come. A block that is claimed anew is the earliest one not held.
  std::vector<int> claim;
  double collection = 0;   ///< how long an empty surplus block is kept; above 0
  std::int64_t nodes = 0;  ///< a constant number of pods, nodes * pods, lives on so many; 0: Poisson arrivals
  std::int64_t slots = 0;  ///< pods the node can take, at least `pods`; later ones go elsewhere. 0: no limit
  int block_cap = 20;      ///< blocks one node may hold

  int claim_of(int place) const {
    const auto at = static_cast<std::size_t>(place);
    return at < claim.size() ? claim[at] : place;
  }
  /// Permanent addresses in `count` blocks from that place of the order of filling on.
  int permanent_in(int place, int count) const;
};

/// How many pods a node has, without its permanent addresses: a birth-death chain with departures at rate
/// `pods` and arrivals that give the load's mean.
///
///     Poisson arrivals       rate x             Poisson with mean x, cut at `slots`
///     P pods on N nodes      rate (P - n) * x   binomial, cut at `slots`
class NodePopulation {
 public:
  /// @param tail  the numbers kept leave out at most this share of time above
  NodePopulation(const NodeLoad& load, double tail);

  double arrivals(int pods) const;
  int most() const { return most_; }                                               ///< pods considered
  double share(int pods) const { return share_[static_cast<std::size_t>(pods)]; }  ///< of time, 0 to most()
  /// Share of time with more pods than that.
  double share_above(int pods) const;
  /// [n] share of time with n pods in a part that takes `upper` of them before others are asked: n = 0 to
  /// upper.
  std::vector<double> shares_up_to(int upper) const { return shares(x_, upper); }

 private:
  std::vector<double> shares(double x, std::int64_t upper) const;

  std::int64_t population_ = 0;  ///< 0: Poisson
  double x_ = 0;
  int most_ = 0;
  double cut_ = 0;  ///< share of time above most_
  double centre_ = 0;
  std::vector<double> share_;
};

}  // namespace cidrplan::calico
