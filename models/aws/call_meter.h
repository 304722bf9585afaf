#pragma once

#include "models/aws/ec2_calls.h"
#include "planner/events/sim_time.h"

namespace cidrplan::aws {

/// EC2 calls an hour: those made, and those that turned-away nodes would repeat in vain, which are counted
/// and not made.
class CallMeter {
 public:
  void made(const Ec2Calls& calls, SimTime now);
  /// From now on somebody repeats `calls` every `interval`.
  void begin_repeating(const Ec2Calls& calls, Duration interval) { repeat(calls, interval, 1); }
  void end_repeating(const Ec2Calls& calls, Duration interval) { repeat(calls, interval, -1); }

  /// Those of the last whole hour, and what is repeated now.
  std::int64_t per_hour() const { return static_cast<std::int64_t>(last_hour_) + repeated_per_hour_; }

 private:
  void repeat(const Ec2Calls& calls, Duration interval, std::int64_t sign) {
    repeated_per_hour_ += sign * (calls.total() * Duration::hours(1).ms / interval.ms);
  }

  std::int64_t hour_ = 0;
  std::uint64_t this_hour_ = 0;
  std::uint64_t last_hour_ = 0;
  std::int64_t repeated_per_hour_ = 0;
};

}  // namespace cidrplan::aws
