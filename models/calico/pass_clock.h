#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "planner/events/sim_time.h"

namespace cidrplan::calico {

/// What the collector's main loop hears of, each kind in a queue of its own.
enum class EventQueueKind : std::uint8_t {
  datastore,  ///< blocks, pools, Calico nodes, the datastore's lock
  pods,       ///< pods that are gone
  nodes,      ///< Kubernetes nodes that are gone
};
inline constexpr std::size_t event_queue_kinds = 3;

/// When the collector's main loop runs a pass. The first event of a queue opens a window of a second; a pass
/// follows at its end. Ticks come every half grace period, and after a pass that failed a retry: 5 ms later,
/// doubling up to 30 s. Ticks and retries that fall into a window wait for its end.
/// @source projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go (acceptScheduleRequests)
class PassClock {
 public:
  static constexpr Duration window = Duration::seconds(1);
  static constexpr Duration first_retry{5};
  static constexpr Duration longest_retry = Duration::seconds(30);

  /// @param start  the moment the controller starts; ticks count from it
  PassClock(SimTime start, std::optional<Duration> grace)
      : period_(tick_period(grace)), tick_(start + period_) {}

  /// Half the grace period; five minutes where there is none.
  static Duration tick_period(std::optional<Duration> grace) {
    return grace && grace->ms > 1 ? Duration{grace->ms / 2} : Duration::minutes(5);
  }

  void event(EventQueueKind kind, SimTime now) {
    auto& end = ends_[static_cast<std::size_t>(kind)];
    if (end == SimTime::never()) end = now + window;
    first_end_ = std::min(first_end_, end);
  }
  SimTime window_end(EventQueueKind kind) const { return ends_[static_cast<std::size_t>(kind)]; }
  /// The first window to end; never: none is open.
  SimTime next_window_end() const { return first_end_; }
  void close(EventQueueKind kind) {
    ends_[static_cast<std::size_t>(kind)] = SimTime::never();
    first_end_ = *std::min_element(ends_.begin(), ends_.end());
  }

  SimTime next_tick() const { return tick_; }
  void ticked() { tick_ = tick_ + period_; }
  /// The first tick after a moment (not at it).
  SimTime first_tick_after(SimTime moment) const {
    if (tick_ > moment) return tick_;
    return tick_ + period_ * ((moment - tick_).ms / period_.ms + 1);
  }

  /// Leaves out the ticks before this moment, and the one at it.
  void skip_ticks_to(SimTime moment) {
    if (tick_ <= moment) tick_ = first_tick_after(moment);
  }

  /// never: no retry is pending.
  SimTime retry() const { return retry_; }
  void retried() { retry_ = SimTime::never(); }
  /// What a pass that no tick ran came to.
  void passed(bool failed, SimTime now) {
    if (!failed) {
      delay_ = first_retry;
    } else if (retry_ == SimTime::never()) {
      retry_ = now + delay_;
      delay_ = std::min(delay_ * 2, longest_retry);
    }
  }

 private:
  std::array<SimTime, event_queue_kinds> ends_{SimTime::never(), SimTime::never(), SimTime::never()};
  SimTime first_end_ = SimTime::never();
  Duration period_;
  SimTime tick_;
  SimTime retry_ = SimTime::never();
  Duration delay_ = first_retry;
};

}  // namespace cidrplan::calico
