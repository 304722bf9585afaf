#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "planner/events/random_streams.h"
#include "planner/events/sim_time.h"

namespace cidrplan {

/// How long something lives. Draws are inverse transforms of one uniform number (a mixture takes a second
/// one from the same stream), cut to [1 ms, 100 years] and to whole milliseconds.
struct Distribution {
  enum class Kind : std::uint8_t { forever, fixed, exponential, log_normal, weibull, mixture };

  /// One component of a mixture; weights need not add up to one.
  struct Part;

  Kind kind = Kind::forever;
  Duration scale{};    ///< fixed: the value; exponential: mean; log-normal: median; weibull: scale
  double shape = 1.0;  ///< log-normal: sigma of the natural logarithm; weibull: shape
  std::vector<Part> parts;

  /// The draw with that number. SimTime::never() as a duration for `forever`.
  Duration draw(const RandomStream& stream, std::uint64_t number) const;
  /// Mean in milliseconds; infinite for `forever`.
  double mean_ms() const;
};

struct Distribution::Part {
  double weight = 1.0;
  Distribution distribution;
};

/// How long each of many lives, by its number. Mostly asked for in ascending order: several are drawn at
/// once, since processors work on independent draws side by side.
class Lifetimes {
 public:
  /// @param distribution  outlives them
  Lifetimes(const Distribution& distribution, const RandomStream& stream)
      : distribution_(&distribution), stream_(stream), ahead_(drawn_from(0)) {}

  /// The distribution's draw with that number.
  Duration operator[](std::uint64_t number) {
    if (number < first_) return distribution_->draw(stream_, number);
    if (number - first_ >= ahead_.size()) {
      first_ = number;
      ahead_ = drawn_from(number);
    }
    return ahead_[number - first_];
  }

 private:
  using Ahead = std::array<Duration, 8>;
  Ahead drawn_from(std::uint64_t first) const;

  const Distribution* distribution_;
  RandomStream stream_;
  std::uint64_t first_ = 0;  ///< the number of the first one drawn ahead
  Ahead ahead_;
};

}  // namespace cidrplan
