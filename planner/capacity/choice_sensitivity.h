#pragma once

#include <optional>
#include <vector>

#include "planner/scenario/scenario.h"
#include "planner/simulation/simulate.h"

namespace cidrplan {

/// What becomes of a design when EC2 chooses among free addresses in one way.
struct ChoiceOutcome {
  AddressChoice choice{};
  std::optional<FirstRefusal> first_refusal;
  std::uint64_t free_prefixes_at_end = 0;  ///< in all subnets
};

/// The life shown, lived again under every way in which EC2 may choose, in the order of the enumerators.
/// Empty where the design does not depend on it.
std::vector<ChoiceOutcome> outcomes_by_choice(const Scenario& scenario, const Design& design,
                                              const Run& shown, const Progress& progress = {});

}  // namespace cidrplan
