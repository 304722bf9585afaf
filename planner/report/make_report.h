#pragma once

#include <string>

#include "planner/report/comparison.h"
#include "planner/report/report.h"

namespace cidrplan {

/// What `compare` shows: verdicts, the state at the end, the binding range over time.
Report make_report(const Comparison& comparison);

// The parts, for documents that show them elsewhere.

Verdict verdict_of(const DesignResult& result, const Scenario& scenario);
/// Blocks whose rows add up to the capacity; one column a design.
ReportTable state_at_end(const Comparison& comparison);
/// One row a sample: nodes, pods, and addresses held by each design.
ReportTable growth_table(const Comparison& comparison);
/// The range that decides for one design. None without rows.
std::optional<Chart> binding_chart(const DesignResult& result, const Scenario& scenario);
/// Addresses held over time in the provider's subnets (or in pod ranges), a line for each design.
std::optional<Chart> consumption_chart(const Comparison& comparison, bool subnets);

}  // namespace cidrplan
