#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"
#include "planner/scenario/scenario.h"

namespace cidrplan::cli {

/// What every command that takes a scenario has in common.
Positional scenario_positional();
std::vector<Option> scenario_options();

/// Reads the scenario that the arguments name. None when it is wrong: every mistake was told on stderr (exit
/// 2).
/// @throws FileError, UsageError
std::optional<Scenario> read_scenario(const Arguments& arguments, Session& session);

}  // namespace cidrplan::cli
