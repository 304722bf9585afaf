#pragma once

#include <cstdint>
#include <deque>

#include "models/aws/datastore.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/pool_demand.h"

namespace cidrplan::aws {

/// Why a pod that asks finds no address ready on its node.
enum class Lack : std::uint8_t {
  none,
  pool,    ///< the pool is smaller than it could be
  beyond,  ///< no pool is larger by now: interfaces come one at a time, and there are only so many
  room,    ///< subnets or a quota give nothing
};

/// Watches what pods draw from one node's pool between two checks of its daemon.
class PoolMeter {
 public:
  struct Limits {
    std::int64_t per_interface = 0;
    std::int64_t most = 0;  ///< addresses of a node for pods
    std::int64_t max_pods = 0;
  };
  /// What the daemon's node is like when a pod asks.
  struct Pool {
    PoolStats counts;    ///< after the answer
    SimTime next_check;  ///< the first one after this moment
    bool turned_away = false;
  };

  /// @param sums  of all nodes of a life; outlive this
  PoolMeter(PoolDemand& sums, const Limits& limits, Duration cooldown, SimTime start)
      : sums_(sums), limits_(limits), cooldown_(cooldown), start_(start) {}

  Lack asked(const Pool& pool, bool granted, SimTime now);
  /// @param next_check  the first one at this moment or after it
  void released(const PoolStats& counts_after, SimTime next_check, SimTime now);

 private:
  void follow(std::int64_t assigned_before, SimTime next_check);
  std::int64_t reachable(SimTime now) const;
  std::int64_t cooling(SimTime now);

  PoolDemand& sums_;
  Limits limits_;
  Duration cooldown_;
  SimTime start_;
  SimTime next_check_{INT64_MIN / 2};  ///< that ends the present round
  std::int64_t at_check_ = 0;          ///< addresses in use when the present round began
  std::deque<SimTime> released_;
};

}  // namespace cidrplan::aws
