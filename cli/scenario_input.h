#pragma once

#include <optional>
#include <vector>

#include "cli/command.h"
#include "planner/capacity/cures.h"
#include "planner/scenario/load_scenario.h"

namespace cidrplan::cli {

/// What every command that takes a scenario has in common.
Positional scenario_positional();
std::vector<Option> scenario_options();

/// A scenario and what it was read from, to read it again with a change.
struct LoadedInput {
  ScenarioInput input;
  Scenario scenario;
};

/// Reads the scenario that the arguments name. None when it is wrong: every mistake was told on stderr (exit
/// 2).
/// @throws FileError, UsageError
std::optional<LoadedInput> read_scenario(const Arguments& arguments, Session& session);

/// The same scenario with a change, or none where the change makes it wrong.
std::optional<Scenario> read_changed(const ScenarioInput& input, const ScenarioChange& change);

}  // namespace cidrplan::cli
