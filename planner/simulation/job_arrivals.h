#pragma once

#include <cstdint>

#include "planner/events/random_streams.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// When the jobs of one batch come: a Poisson process whose rate follows the batch's curve, day by day.
class JobArrivals {
 public:
  /// @param from  they come after it; scenario and batch outlive this
  JobArrivals(const Scenario& scenario, const Batch& batch, std::uint64_t life, SimTime from);

  /// The moment of the next one, never before that of the last; at or after the horizon there is none.
  SimTime next();

 private:
  const Scenario& scenario_;
  const Batch& batch_;
  RandomStream draws_;
  std::uint64_t number_ = 0;  // of the next draw
  SimTime from_;              // how far the hazard has been followed
};

}  // namespace cidrplan
