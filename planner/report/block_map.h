#pragma once

#include <optional>
#include <string>

#include "planner/report/report.h"
#include "planner/simulation/run.h"

namespace cidrplan {

/// Every range that something is held of, as a map: 64 cells a row, IPv6 32. A range with more pieces than
/// fit in 32 rows has several in a cell, a power of two; its shade is that of all of them together. None
/// where no range is held.
std::optional<BlockMap> block_map(const Holdings& holdings, std::string title);

}  // namespace cidrplan
