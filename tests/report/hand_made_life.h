#pragma once

#include "planner/report/design_life.h"
#include "tests/report/hand_made.h"

namespace cidrplan::testing {

/// The year 2027 of a pool of 128 /28 blocks, three dates, and at the end these blocks, by number:
///
///     0 full (alpha)   1 with 1 address (alpha)   2 empty, waiting (beta)   64 with 5 (beta)
///     65 with 10 (beta)   66 with 15, 2 borrowed (beta)   127 with 3 (its node is gone)
///
/// Together 7 blocks of 112 addresses, 50 in use, 62 idle.
struct HandMadeLife {
  HandMadeLife();
  HandMadeLife(const HandMadeLife&) = delete;
  HandMadeLife& operator=(const HandMadeLife&) = delete;

  /// All year node alpha also holds a block of 2^64 addresses, 40 of them in use.
  void hold_ipv6_too();

  HandMade made;
  DesignLife life;
};

}  // namespace cidrplan::testing
