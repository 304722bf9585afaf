#pragma once

#include <array>
#include <optional>
#include <vector>

#include "models/aws/ec2_calls.h"
#include "planner/cluster/api_buckets.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/api_use.h"

namespace cidrplan::aws {

/// EC2 calls an hour: those made, and those that turned-away nodes would repeat in vain, which are counted
/// and not made. Beside it the buckets that EC2 takes a token from for each.
class CallMeter {
 public:
  /// The first nodes of a life all join at once, which no cluster does: buckets are looked at from then on.
  static constexpr Duration settling = Duration::minutes(5);

  explicit CallMeter(const ApiBuckets& buckets);

  void made(const Ec2Calls& calls, SimTime now);
  /// From now on somebody repeats `calls` every `interval`.
  void begin_repeating(const Ec2Calls& calls, Duration interval, SimTime now) {
    repeat(calls, interval, 1, now);
  }
  void end_repeating(const Ec2Calls& calls, Duration interval, SimTime now) {
    repeat(calls, interval, -1, now);
  }

  /// Those of the last whole hour, and what is repeated now.
  std::int64_t per_hour(SimTime now) const;
  /// Of each action that was called since `settling`, in the order of `api_actions`.
  std::vector<ApiUse> use(SimTime now) const;

 private:
  /// One action. Tokens are counted in 3,600,000ths, so that a call an hour takes one in each millisecond.
  struct Action {
    ApiUse told;
    std::int64_t tokens = 0;  ///< below 0: calls wait for so many
    SimTime counted_to{};
    std::int64_t repeated_per_hour = 0;
    std::int64_t this_hour = 0;

    void follow(SimTime now);
    void take(std::int64_t calls, SimTime now);
    void note_hour(std::int64_t hour);
    void note_lack(std::int64_t before, SimTime since);
  };

  void repeat(const Ec2Calls& calls, Duration interval, std::int64_t sign, SimTime now);
  void turn_hour(SimTime now);
  bool is_settled(SimTime now) const { return settled_ && now >= *settled_; }

  std::array<Action, ec2_actions> actions_;
  std::optional<SimTime> settled_;
  std::int64_t hour_ = 0;
  std::uint64_t this_hour_ = 0;
  std::uint64_t last_hour_ = 0;
  std::int64_t repeated_per_hour_ = 0;
};

}  // namespace cidrplan::aws
