#pragma once

#include <span>
#include <string>

#include "planner/config/document.h"
#include "planner/scenario/load_scenario.h"

namespace cidrplan::reading {

/// Puts each --set value in its place; the n-th (from 1) has the span {0, n}. A path that leads nowhere is an
/// error.
void apply_overrides(std::span<const Override> overrides, Table& root, Diagnostics& diagnostics);

/// "--set lives=1", shortened where it is long.
std::string words_of(const Override& override);

}  // namespace cidrplan::reading
