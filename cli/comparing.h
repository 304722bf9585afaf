#pragma once

#include "cli/scenario_input.h"
#include "cli/session.h"
#include "planner/report/comparison.h"

namespace cidrplan::cli {

/// Simulates all designs behind a progress bar, and tries cures for those that do not fit, at most so many
/// each.
/// @param with_findings  they are shown: lives that only findings need are lived too
/// @throws InterruptedAfter
Comparison compare_with_progress(const LoadedInput& loaded, int most_trials, Session& session,
                                 bool with_findings = true);

Comparison closed_form_of(const Scenario& scenario);

}  // namespace cidrplan::cli
