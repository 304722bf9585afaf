#include "models/calico/node_population.h"

#include <algorithm>
#include <cmath>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr int halvings = 200;  // of an interval of doubles; more change nothing

double mean_of(const std::vector<double>& shares) {
  double mean = 0;
  for (std::size_t n = 0; n < shares.size(); ++n) mean += static_cast<double>(n) * shares[n];
  return mean;
}

}  // namespace

int NodeLoad::permanent_in(int place, int count) const {
  int sum = 0;
  for (int at = place; at < place + count; ++at)
    sum += std::clamp(permanent - claim_of(at) * block_addresses, 0, block_addresses);
  return sum;
}

NodePopulation::NodePopulation(const NodeLoad& load, double tail) : centre_(load.pods) {
  CIDRPLAN_EXPECTS(load.pods > 0 && load.pods <= 2000);
  CIDRPLAN_EXPECTS(load.slots == 0 || static_cast<double>(load.slots) >= load.pods);
  if (load.nodes > 1) population_ = std::llround(load.pods * static_cast<double>(load.nodes));

  // Far enough that what lies above is below the smallest double beside one.
  auto upper = static_cast<std::int64_t>(load.pods + 12 * std::sqrt(load.pods) + 40);
  if (population_ > 0) upper = std::min(upper, population_);
  if (load.slots > 0) upper = std::min(upper, load.slots);

  // The mean grows with x. Without slots the solution is known; with them it is larger.
  double low = population_ > 0 ? 1 / static_cast<double>(load.nodes - 1) : load.pods;
  x_ = low;
  if (upper == load.slots) {
    double high = low;
    while (mean_of(shares(high, upper)) < load.pods && high < 1e9) high *= 2;
    for (int i = 0; i < halvings; ++i) {
      x_ = (low + high) / 2;
      (mean_of(shares(x_, upper)) < load.pods ? low : high) = x_;
    }
  }
  share_ = shares(x_, upper);
  for (most_ = static_cast<int>(upper); most_ > 0; --most_) {
    if (cut_ + share(most_) > tail) break;
    cut_ += share(most_);
  }
  share_.resize(static_cast<std::size_t>(most_) + 1);
  for (auto& each : share_) each /= 1 - cut_;
}

double NodePopulation::arrivals(int pods) const {
  return population_ > 0 ? static_cast<double>(population_ - pods) * x_ : x_;
}

/// From the centre outwards, so that nothing overflows: share(n + 1) / share(n) = arrivals(n) / (n + 1).
std::vector<double> NodePopulation::shares(double x, std::int64_t upper) const {
  const auto rate = [&](std::size_t n) {
    return population_ > 0 ? static_cast<double>(population_ - static_cast<std::int64_t>(n)) * x : x;
  };
  const auto last = static_cast<std::size_t>(upper);
  std::vector<double> shares(last + 1);
  const auto centre = std::min(last, static_cast<std::size_t>(centre_));
  shares[centre] = 1;
  for (auto n = centre; n < last; ++n) shares[n + 1] = shares[n] * rate(n) / static_cast<double>(n + 1);
  for (auto n = centre; n > 0; --n) shares[n - 1] = shares[n] * static_cast<double>(n) / rate(n - 1);
  double sum = 0;
  for (const auto each : shares) sum += each;
  for (auto& each : shares) each /= sum;
  return shares;
}

double NodePopulation::share_above(int pods) const {
  double above = 0;
  for (int n = most_; n > pods && n >= 0; --n) above += share(n);
  return above * (1 - cut_) + cut_;
}

}  // namespace cidrplan::calico
