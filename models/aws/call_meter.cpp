#include "models/aws/call_meter.h"

#include <algorithm>

namespace cidrplan::aws {
namespace {

static_assert(ec2_actions == api_actions.size());

constexpr std::int64_t token = Duration::hours(1).ms;
constexpr std::int64_t most_lacking = token * 1'000'000'000;  // beyond it nobody counts

std::int64_t hour_of(SimTime now) {
  constexpr auto hour = Duration::hours(1).ms;
  return now.ms >= 0 ? now.ms / hour : -((-now.ms + hour - 1) / hour);
}

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

CallMeter::CallMeter(const ApiBuckets& buckets) {
  for (std::size_t i = 0; i < ec2_actions; ++i) {
    actions_[i].told.action = to_string(static_cast<Ec2Action>(i));
    actions_[i].told.bucket = buckets[i];
    actions_[i].tokens = buckets[i].capacity * token;
  }
}

/// The bucket fills, and what is repeated takes from it.
void CallMeter::Action::follow(SimTime now) {
  const auto passed = (now - counted_to).ms;
  const auto since = counted_to;
  counted_to = now;
  if (passed <= 0) return;
  const auto full = told.bucket.capacity * token;
  const auto gain = told.bucket.refill * (token / 1'000) - repeated_per_hour;
  if (gain >= 0) {
    if (gain > 0) tokens = passed > (full - tokens) / gain ? full : tokens + gain * passed;
    return;
  }
  const auto before = tokens;
  tokens = passed > (most_lacking + tokens) / -gain ? -most_lacking : tokens + gain * passed;
  if (tokens < 0) note_lack(before, since + Duration{std::max<std::int64_t>(before, 0) / -gain});
}

void CallMeter::Action::take(std::int64_t calls, SimTime now) {
  follow(now);
  this_hour += calls;
  const auto before = tokens;
  tokens = std::max(tokens - calls * token, -most_lacking);
  if (tokens < 0) note_lack(before, now);
}

/// There are fewer tokens than calls; there were `before`.
void CallMeter::Action::note_lack(std::int64_t before, SimTime since) {
  told.beyond += divide_up(-tokens, token) - divide_up(std::max<std::int64_t>(-before, 0), token);
  told.longest_wait =
      std::max(told.longest_wait, Duration{divide_up(-tokens, told.bucket.refill * (token / 1'000))});
  if (!told.first_without) told.first_without = since;
}

void CallMeter::Action::note_hour(std::int64_t hour) {
  const auto calls = this_hour + repeated_per_hour;
  if (hour < 0 || calls <= told.busiest_hour) return;
  told.busiest_hour = calls;
  told.busiest_from = SimTime{hour * Duration::hours(1).ms};
}

void CallMeter::turn_hour(SimTime now) {
  const auto hour = hour_of(now);
  if (hour == hour_) return;
  last_hour_ = hour == hour_ + 1 ? this_hour_ : 0;
  this_hour_ = 0;
  for (auto& action : actions_) {
    action.note_hour(hour_);
    action.this_hour = 0;
  }
  hour_ = hour;
}

void CallMeter::made(const Ec2Calls& calls, SimTime now) {
  const auto all = calls.total();
  if (all == 0) return;
  turn_hour(now);
  this_hour_ += all;
  if (!settled_) settled_ = std::max(now + settling, SimTime{});
  if (!is_settled(now)) return;
  for (std::size_t i = 0; i < ec2_actions; ++i)
    if (calls.by_action[i] > 0) actions_[i].take(calls.by_action[i], now);
}

void CallMeter::repeat(const Ec2Calls& calls, Duration interval, std::int64_t sign, SimTime now) {
  turn_hour(now);
  for (std::size_t i = 0; i < ec2_actions; ++i) {
    if (calls.by_action[i] == 0) continue;
    auto& action = actions_[i];
    if (is_settled(now))
      action.follow(now);
    else
      action.counted_to = now;
    action.note_hour(hour_);
    const auto per_hour = calls.by_action[i] * Duration::hours(1).ms / interval.ms;
    action.repeated_per_hour += sign * per_hour;
  }
  repeated_per_hour_ += sign * (calls.total() * Duration::hours(1).ms / interval.ms);
}

std::int64_t CallMeter::per_hour(SimTime now) const {
  const auto hours = hour_of(now) - hour_;
  const auto last = hours == 0 ? last_hour_ : hours == 1 ? this_hour_ : 0;
  return static_cast<std::int64_t>(last) + repeated_per_hour_;
}

std::vector<ApiUse> CallMeter::use(SimTime now) const {
  std::vector<ApiUse> all;
  for (auto action : actions_) {
    action.follow(now);
    action.note_hour(hour_);
    if (action.told.busiest_hour > 0) all.push_back(action.told);
  }
  return all;
}

}  // namespace cidrplan::aws
