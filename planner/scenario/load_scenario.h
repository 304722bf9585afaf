#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/instance_catalog.h"
#include "planner/scenario/scenario.h"

namespace cidrplan {

/// `--set PATH=VALUE`: PATH is a key (`lives`), `table.key` (`policy.max_wait`) or `list.NAME.key`
/// (`design.vpc-default.warm_ip_target`); VALUE is a TOML value, or bare text.
struct Override {
  std::string path;
  std::string value;
};

/// What a file named by a scenario gives: its text, or why it cannot be read. The reader given by `cli` stays
/// beneath the scenario's folder, follows no links and bounds the size.
struct TableFile {
  std::optional<std::string> text;
  std::string error;
};
using TableFileReader = std::function<TableFile(std::string_view relative_name)>;

struct ScenarioInput {
  std::string name;  ///< shown in messages: the path as given, "-" for stdin
  std::string text;
  std::vector<Override> overrides;
  std::vector<std::string> only_designs;  ///< --design, all when empty; an unknown name is an error
  TableFileReader read_table;             ///< none: tables cannot be named (stdin)
};

struct LoadedScenario {
  std::optional<Scenario> scenario;  ///< none when there are errors
  Diagnostics diagnostics;
};

/// Text to Scenario, or every mistake of meaning at once. A TOML syntax error is reported alone.
LoadedScenario load_scenario(const ScenarioInput& input, ModelList models, const InstanceCatalog& catalog);

}  // namespace cidrplan
