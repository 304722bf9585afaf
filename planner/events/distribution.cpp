#include "planner/events/distribution.h"

#include <algorithm>
#include <limits>

#include "planner/events/elementary.h"

namespace cidrplan {
namespace {

constexpr std::int64_t longest_ms = std::int64_t{100} * 365 * 86'400'000;

Duration whole_ms(double ms) {
  if (!(ms < static_cast<double>(longest_ms))) return {longest_ms};
  return {std::max<std::int64_t>(1, static_cast<std::int64_t>(ms + 0.5))};
}

const Distribution& pick(const std::vector<Distribution::Part>& parts, double uniform) {
  double total = 0;
  for (const auto& part : parts) total += part.weight;
  double left = uniform * total;
  for (const auto& part : parts) {
    left -= part.weight;
    if (left < 0) return part.distribution;
  }
  return parts.back().distribution;
}

/// Gamma function for arguments in [1, 101], by Lanczos' series with g = 7, nine terms.
double gamma(double x) {
  static constexpr double terms[9] = {0.99999999999980993,  676.5203681218851,     -1259.1392167224028,
                                      771.32342877765313,   -176.61502916214059,   12.507343278686905,
                                      -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7};
  const double z = x - 1;
  double sum = terms[0];
  for (int i = 1; i < 9; ++i) sum += terms[i] / (z + i);
  const double t = z + 7.5;
  constexpr double sqrt_two_pi = 2.5066282746310002;
  return sqrt_two_pi * elementary::exp((z + 0.5) * elementary::log(t) - t) * sum;
}

}  // namespace

Duration Distribution::draw(const RandomStream& stream, std::uint64_t number) const {
  const double mean = static_cast<double>(scale.ms);
  switch (kind) {
    case Kind::forever:
      return {SimTime::never().ms};
    case Kind::fixed:
      return {std::max<std::int64_t>(1, scale.ms)};
    case Kind::exponential:
      return whole_ms(-mean * elementary::log(stream.uniform(number)));
    case Kind::log_normal:
      return whole_ms(mean * elementary::exp(shape * elementary::normal_quantile(stream.uniform(number))));
    case Kind::weibull:
      return whole_ms(mean * elementary::pow(-elementary::log(stream.uniform(number)), 1 / shape));
    case Kind::mixture:
      // The choice is drawn far above any pod's number, so that it moves no other draw.
      return pick(parts, stream.uniform(number + (std::uint64_t{1} << 62))).draw(stream, number);
  }
  return {1};
}

Lifetimes::Ahead Lifetimes::drawn_from(std::uint64_t first) const {
  Ahead ahead;
  for (auto& draw : ahead) draw = distribution_->draw(stream_, first++);
  return ahead;
}

double Distribution::mean_ms() const {
  const double mean = static_cast<double>(scale.ms);
  switch (kind) {
    case Kind::forever:
      return std::numeric_limits<double>::infinity();
    case Kind::fixed:
    case Kind::exponential:
      return mean;
    case Kind::log_normal:
      return std::min(mean * elementary::exp(shape * shape / 2), static_cast<double>(longest_ms));
    case Kind::weibull:
      return shape < 0.01 ? static_cast<double>(longest_ms) : mean * gamma(1 + 1 / shape);
    case Kind::mixture: {
      double total = 0, sum = 0;
      for (const auto& part : parts) total += part.weight, sum += part.weight * part.distribution.mean_ms();
      return sum / total;
    }
  }
  return 0;
}

}  // namespace cidrplan
