#pragma once

#include "planner/report/comparison.h"

namespace cidrplan::testing {

/// Two subnets of 251 usable addresses, two designs over the year 2027, figures chosen by hand so that every
/// row adds up: `vpc` refuses on 2027-09-04, `flat` holds.
///
///     vpc    nodes-a 251 = 200 in use + 20 overhead + 31 idle
///            nodes-b 251 = 180 in use + 20 overhead + 30 idle + 21 unusable
///     flat   each subnet 251 = 2 in use + 249 available
///            range   4,096 = 390 in use + 12 overhead + 622 idle + 3,072 available
struct HandMade {
  HandMade();
  HandMade(const HandMade&) = delete;
  HandMade& operator=(const HandMade&) = delete;

  Scenario scenario;
  Comparison comparison;
};

}  // namespace cidrplan::testing
