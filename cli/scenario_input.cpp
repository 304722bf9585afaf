#include "cli/scenario_input.h"

#include <filesystem>
#include <ostream>

#include "cli/files.h"
#include "models/all_models.h"
#include "planner/config/printable.h"
#include "planner/scenario/load_scenario.h"

namespace cidrplan::cli {
namespace {

std::vector<Override> overrides_of(const Arguments& arguments) {
  std::vector<Override> overrides;
  for (const auto& text : arguments.all("set")) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0) {
      throw UsageError("--set takes PATH=VALUE, for instance --set lives=1");
    }
    overrides.push_back({text.substr(0, sign), text.substr(sign + 1)});
  }
  return overrides;
}

/// Who names a folder means the scenario in it.
void expect_no_folder(const std::string& name) {
  namespace fs = std::filesystem;
  const auto inside = fs::path(name) / "scenario.toml";
  std::error_code error;
  if (fs::is_directory(name, error) && fs::is_regular_file(inside, error))
    throw FileError("cannot read " + printable(name) + ": Is a directory; did you mean " +
                    printable(inside.string()) + "?");
}

}  // namespace

Positional scenario_positional() { return {"SCENARIO", "the scenario file (TOML); - reads standard input"}; }

std::vector<Option> scenario_options() {
  return {
      {"set",
       0,
       "PATH=VALUE",
       "change one value of the scenario, such as lives=1 or design.NAME.KEY=2",
       {},
       {},
       true},
      {"design", 0, "NAME", "look at this design only", {}, {}, true},
  };
}

std::optional<LoadedInput> read_scenario(const Arguments& arguments, Session& session) {
  ScenarioInput input;
  input.name = arguments.text("SCENARIO");
  input.overrides = overrides_of(arguments);
  input.only_designs = arguments.all("design");
  expect_no_folder(input.name);
  input.text = read_text(input.name, session.in, largest_scenario);
  input.read_table = tables_beside(input.name);
  auto loaded = load_scenario(input, all_models(), all_instances());
  session.err << render(loaded.diagnostics, input.name, input.text);
  if (loaded.diagnostics.has_errors() || !loaded.scenario) return std::nullopt;
  return LoadedInput{std::move(input), std::move(*loaded.scenario)};
}

std::optional<Scenario> read_changed(const ScenarioInput& input, const ScenarioChange& change) {
  auto changed = input;
  changed.overrides.insert(changed.overrides.end(), change.overrides.begin(), change.overrides.end());
  if (!change.further_tables.empty()) changed.text += '\n' + change.further_tables;
  return load_scenario(changed, all_models(), all_instances()).scenario;
}

}  // namespace cidrplan::cli
