#pragma once

#include <cstdint>
#include <vector>

#include "planner/events/random_streams.h"
#include "planner/events/sim_time.h"

namespace cidrplan {

/// How long something lives. Draws are inverse transforms of one uniform number (a mixture takes a second one
/// from the same stream), cut to [1 ms, 100 years] and to whole milliseconds.
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

}  // namespace cidrplan
