#pragma once

#include "planner/report/comparison.h"
#include "planner/report/report.h"

namespace cidrplan {

/// The document for approval: verdicts, assumptions, what is allocated to whom, growth, and what it was made
/// from. Its charts name files beside it.
Report make_ip_plan(const Comparison& comparison);

/// One row a subnet: CIDR, zone, role, total, reserved, usable, planned peak, headroom, first date full. The
/// peak is the largest of any design that counts (chosen, or all).
ReportTable subnet_allocation(const Comparison& comparison);

}  // namespace cidrplan
