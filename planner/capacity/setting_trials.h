#pragma once

#include <vector>

#include "planner/ipam/finding.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/ensemble.h"

namespace cidrplan {

/// The life shown, lived again with settings that the design's model wants to see: at most eight times, and
/// as long as these lives, with it, stay below 20 million events.
std::vector<TrialLife> live_setting_trials(const Scenario& scenario, const Design& design,
                                           const Ensemble& ensemble, const Progress& progress = {});

}  // namespace cidrplan
