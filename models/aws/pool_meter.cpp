#include "models/aws/pool_meter.h"

#include <algorithm>

#include "models/aws/ipamd.h"

namespace cidrplan::aws {
namespace {

/// Pods that come with a node, and those of them that ask again because its interfaces come one by one, draw
/// on MINIMUM_IP_TARGET, which costs nothing once as many pods are there; later ones on WARM_IP_TARGET.
constexpr Duration start_lasts = Duration::seconds(30);

}  // namespace

/// A round has begun since the last call: what was in use then.
void PoolMeter::follow(std::int64_t assigned_before, SimTime next_check) {
  if (next_check <= next_check_) return;
  next_check_ = next_check;
  at_check_ = assigned_before;
}

/// One interface's worth when the daemon starts, and one more with each check.
std::int64_t PoolMeter::reachable(SimTime now) const {
  const auto since_first = (now - start_).ms - Ipamd::round.ms / 2;
  const auto checks = since_first < 0 ? 0 : 1 + since_first / Ipamd::round.ms;
  return std::min(limits_.per_interface * (1 + checks), limits_.most);
}

std::int64_t PoolMeter::cooling(SimTime now) {
  while (!released_.empty() && now - released_.front() > cooldown_) released_.pop_front();
  return std::ssize(released_);
}

Lack PoolMeter::asked(const Pool& pool, bool granted, SimTime now) {
  follow(pool.counts.assigned - (granted ? 1 : 0), pool.next_check);
  const auto used = pool.counts.assigned + (granted ? 0 : 1) + cooling(now);
  const bool within = used <= reachable(now);
  if (now.ms >= 0 && within && used <= std::max(limits_.max_pods, pool.counts.total)) {
    if (now - start_ <= start_lasts)
      sums_.at_start = std::max(sums_.at_start, used);
    else
      sums_.note(used, used - at_check_);
  }
  if (granted) return Lack::none;
  if (!within || pool.counts.total >= limits_.max_pods) return Lack::beyond;
  return pool.turned_away ? Lack::room : Lack::pool;
}

void PoolMeter::released(const PoolStats& counts_after, SimTime next_check, SimTime now) {
  follow(counts_after.assigned + 1, next_check);
  released_.push_back(now);
}

}  // namespace cidrplan::aws
