#include "models/calico/pass_clock.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

constexpr SimTime at_seconds(std::int64_t s) { return SimTime{s * 1000}; }

}  // namespace

TEST_CASE("ticks come every half grace period from the controller's start", "[pass_clock]") {
  struct Row {
    const char* name;
    std::optional<Duration> grace;
    std::int64_t first_tick;  // milliseconds
    std::int64_t third_tick;
  };
  const Row rows[] = {
      {"15 minutes", Duration::minutes(15), 450'000, 1'350'000},
      {"a minute", Duration::seconds(60), 30'000, 90'000},
      {"901 seconds: halves of a second", Duration::seconds(901), 450'500, 1'351'500},
      {"0", Duration{}, 300'000, 900'000},
      {"unset", std::nullopt, 300'000, 900'000},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    PassClock clock(SimTime{0}, row.grace);
    CHECK(clock.next_tick().ms == row.first_tick);
    clock.ticked();
    clock.ticked();
    CHECK(clock.next_tick().ms == row.third_tick);
  }
  CHECK(PassClock(at_seconds(-1000), Duration::minutes(15)).next_tick() == at_seconds(-550));
}

TEST_CASE("the first tick after a moment is never at it", "[pass_clock]") {
  const PassClock clock(SimTime{0}, Duration::minutes(15));  // 450 s, 900 s, 1350 s, …
  CHECK(clock.first_tick_after(at_seconds(0)) == at_seconds(450));
  CHECK(clock.first_tick_after(SimTime{449'999}) == at_seconds(450));
  CHECK(clock.first_tick_after(at_seconds(450)) == at_seconds(900));
  CHECK(clock.first_tick_after(SimTime{1'350'001}) == at_seconds(1800));
}

TEST_CASE("leaving ticks out keeps to their grid", "[pass_clock]") {
  PassClock clock(SimTime{0}, Duration::minutes(15));
  clock.skip_ticks_to(at_seconds(449));
  CHECK(clock.next_tick() == at_seconds(450));
  clock.skip_ticks_to(at_seconds(4500));  // the tenth tick is left out as well
  CHECK(clock.next_tick() == at_seconds(4950));
}

TEST_CASE("the first event of a queue opens its window, later ones do not move it", "[pass_clock]") {
  PassClock clock(SimTime{0}, Duration::minutes(15));
  CHECK(clock.next_window_end() == SimTime::never());
  clock.event(EventQueueKind::pods, SimTime{5'300});
  clock.event(EventQueueKind::pods, SimTime{6'299});
  clock.event(EventQueueKind::datastore, SimTime{5'100});
  CHECK(clock.window_end(EventQueueKind::pods) == SimTime{6'300});
  CHECK(clock.window_end(EventQueueKind::nodes) == SimTime::never());
  CHECK(clock.next_window_end() == SimTime{6'100});
  clock.close(EventQueueKind::datastore);
  CHECK(clock.next_window_end() == SimTime{6'300});
}

TEST_CASE("retries double from 5 ms to 30 s, and start over after a success", "[pass_clock]") {
  PassClock clock(SimTime{0}, Duration::minutes(15));
  std::int64_t now = 0;
  for (const std::int64_t delay :
       {5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480, 30000, 30000}) {
    clock.passed(true, SimTime{now});
    CHECK(clock.retry().ms == now + delay);
    now = clock.retry().ms;
    clock.retried();
  }
  clock.passed(false, SimTime{now});
  CHECK(clock.retry() == SimTime::never());
  clock.passed(true, SimTime{now});
  CHECK(clock.retry().ms == now + 5);
}

TEST_CASE("a pending retry stays: a failure sets no other, a success does not take it back", "[pass_clock]") {
  PassClock clock(SimTime{0}, Duration::minutes(15));
  clock.passed(true, at_seconds(10));
  clock.passed(true, at_seconds(10));
  CHECK(clock.retry() == SimTime{10'005});
  clock.passed(false, at_seconds(10));
  CHECK(clock.retry() == SimTime{10'005});
  clock.retried();
  clock.passed(true, at_seconds(11));  // the success put the delay back
  CHECK(clock.retry() == SimTime{11'005});
}
