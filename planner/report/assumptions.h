#pragma once

#include <string>
#include <vector>

#include "planner/scenario/scenario.h"

namespace cidrplan {

/// Something the result rests on that nobody can know, with the key that changes it.
struct Assumption {
  std::string text;
  std::string key;        ///< of the scenario; empty where there is none
  std::string source;     ///< may be empty
  bool decisive = false;  ///< worth a line beneath every result
};

/// What a scenario assumes, the decisive ones first. A closed form (`simulated` false) rests on fewer.
std::vector<Assumption> assumptions_of(const Scenario& scenario, bool simulated);

}  // namespace cidrplan
