#include "models/aws/call_meter.h"

namespace cidrplan::aws {
namespace {

std::int64_t hour_of(SimTime now) {
  constexpr auto hour = Duration::hours(1).ms;
  return now.ms >= 0 ? now.ms / hour : -((-now.ms + hour - 1) / hour);
}

}  // namespace

void CallMeter::made(const Ec2Calls& calls, SimTime now) {
  const auto hour = hour_of(now);
  if (hour != hour_) {
    last_hour_ = hour == hour_ + 1 ? this_hour_ : 0;
    this_hour_ = 0;
    hour_ = hour;
  }
  this_hour_ += calls.total();
}

}  // namespace cidrplan::aws
