#pragma once

#include "cli/session.h"
#include "planner/report/comparison.h"

namespace cidrplan::cli {

/// Simulates all designs behind a progress bar, and tries cures for those that do not fit.
/// @throws InterruptedAfter
Comparison compare_with_progress(const Scenario& scenario, Session& session);

Comparison closed_form_of(const Scenario& scenario);

}  // namespace cidrplan::cli
