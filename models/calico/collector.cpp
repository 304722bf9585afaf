#include "models/calico/collector.h"

#include <algorithm>
#include <utility>

#include "models/calico/allocator.h"

namespace cidrplan::calico {

Collector::Collector(Allocator& allocator, const Options& options, const PodView* pods, ChangeSource changes)
    : allocator_(allocator),
      options_(options),
      pods_(pods),
      changes_(std::move(changes)),
      watch_(allocator),
      blocks_(options.grace),
      cold_(allocator),
      clock_(options.start, options.grace) {
  if (changes_) return;
  log_.wants_allocations = true;
  allocator_.follow(&log_);
}

Collector::~Collector() {
  if (!changes_) allocator_.follow(nullptr);
}

bool Collector::has_allocations(HostId host) const {
  return !suspects_.of_node(host).empty() ||
         (slot_of(host) < nodes_.size() && nodes_[slot_of(host)].unwatched > 0);
}

void Collector::mark_dirty(HostId host) {
  auto& marked = node(host);
  if (marked.dirty) return;
  marked.dirty = true;
  dirty_.push_back(host);
  ++revision_;
}

void Collector::mark_clean(HostId host) {
  auto& marked = node(host);
  if (!marked.dirty) return;
  marked.dirty = false;
  ++revision_;
}

void Collector::drop_clean() {
  std::erase_if(dirty_, [&](HostId host) { return !nodes_[slot_of(host)].dirty; });
}

void Collector::scan_all_next() {
  scan_all_ = true;
  ++revision_;
}

// --- the main loop ---

void Collector::wake(SimTime now) { run_until(now, true); }

void Collector::run_passes(SimTime until, bool inclusive) {
  wakeup_known_ = false;
  if (options_.drive != Drive::clock) return;
  while (true) {
    auto next = clock_.next_window_end();
    if (next == SimTime::never()) {
      if (is_idle()) {
        const auto due = std::min(blocks_.next_due().value_or(until), cold_.next_due().value_or(until));
        clock_.skip_ticks_to(std::min(until, due));
      }
      next = std::min(clock_.next_tick(), clock_.retry());
    }
    if (inclusive ? next > until : next >= until) return;
    run_at(next);
  }
}

/// Nothing happens, and no timer is over: a tick would change nothing.
bool Collector::is_idle() const {
  return ready_ && dirty_.empty() && of_interest_.empty() && suspects_.leaks().empty() &&
         !blocks_.has_new() && clock_.retry() == SimTime::never();
}

void Collector::run_at(SimTime moment) {
  bool window_ended = false;
  for (const auto kind : {EventQueueKind::datastore, EventQueueKind::pods, EventQueueKind::nodes}) {
    if (clock_.window_end(kind) > moment) continue;
    window_ended = true;
    clock_.close(kind);
    matters_[static_cast<std::size_t>(kind)] = false;
    switch (kind) {
      case EventQueueKind::datastore:
        hear_datastore();
        hear_blocks();
        break;
      case EventQueueKind::pods:
        hear_pods();
        break;
      case EventQueueKind::nodes:
        scan_all_next();
        break;
    }
  }
  const bool retries = clock_.retry() <= moment;
  if (retries) clock_.retried();
  if (window_ended || retries) run_pass(moment, false);
  if (clock_.next_tick() <= moment) run_pass(moment, true);
}

void Collector::run_pass(SimTime moment, bool tick) {
  if (tick) {
    clock_.ticked();
    scan_all_next();
  }
  const auto result = pass(moment);
  if (!tick) clock_.passed(result.failed(), moment);
  take_own_changes(moment);
}

/// A pass after this moment releases an empty block or cold addresses, if there is one.
SimTime Collector::next_due() const {
  auto due =
      std::min(blocks_.next_due().value_or(SimTime::never()), cold_.next_due().value_or(SimTime::never()));
  const auto end = clock_.next_window_end();
  if ((timers_may_start_ || blocks_.has_new()) && end != SimTime::never() && options_.grace)
    due = std::min(due, end + *options_.grace);
  return due;
}

void Collector::look_for_wakeup() const {
  wakeup_known_ = true;
  auto next = SimTime::never();
  const auto due = next_due();
  for (const auto kind : {EventQueueKind::datastore, EventQueueKind::pods, EventQueueKind::nodes}) {
    const auto end = clock_.window_end(kind);
    if (end == SimTime::never()) continue;
    if (matters_[static_cast<std::size_t>(kind)] || due < end) next = std::min(next, end);
  }
  next = std::min(next, clock_.retry());
  if (due != SimTime::never()) next = std::min(next, clock_.first_tick_after(due));
  if (!of_interest_.empty() || !suspects_.leaks().empty()) next = std::min(next, clock_.next_tick());
  // While a window is open, ticks and retries wait for its end.
  const auto end = clock_.next_window_end();
  wakeup_ = end == SimTime::never() ? next : std::max(next, end);
}

}  // namespace cidrplan::calico
