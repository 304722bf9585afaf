// Each NN-name.toml is read, and what a person sees is compared with NN-name.txt as a whole. `# --set
// PATH=VALUE` and
// `# --design NAME` at its top are options. catalogs/ holds broken catalogs in the same way. With
// CIDRPLAN_ACCEPT=1 in the environment the expected texts are written instead; read the difference before
// committing it.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "planner/cluster/catalog_file.h"
#include "planner/config/diagnostic_codes.h"
#include "planner/scenario/load_scenario.h"
#include "tests/scenario/fake_models.h"
#include "tests/support/catch.h"

using namespace cidrplan;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(CIDRPLAN_SOURCE_DIR) / "tests" / "errors";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<fs::path> cases(const fs::path& where = folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(where)) {
    const auto ending = entry.path().extension();
    if (ending == ".toml" || ending == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

ScenarioInput input_of(const fs::path& path) {
  ScenarioInput input;
  input.name = path.filename().string();
  input.text = text_of(path);
  input.read_table = [](std::string_view name) {
    const auto table = folder / "tables" / std::string(name);
    return fs::exists(table) ? TableFile{text_of(table), {}} : TableFile{std::nullopt, "no such file"};
  };
  std::istringstream lines(input.text);
  for (std::string line; std::getline(lines, line) && line.starts_with("# --");) {
    const auto option = line.substr(2, line.find(' ', 2) - 2);
    const auto value = line.substr(3 + option.size());
    const auto equals = value.find('=');
    if (option == "--set") input.overrides.push_back({value.substr(0, equals), value.substr(equals + 1)});
    if (option == "--design") input.only_designs.push_back(value);
  }
  return input;
}

struct Outcome {
  std::string text;
  std::set<std::string> codes;
};

Outcome outcome_of(const fs::path& path) {
  static const auto models = test::fake_models();
  static const auto catalog = test::small_catalog();
  const auto input = input_of(path);
  const auto loaded = load_scenario(input, models, catalog);
  CHECK(loaded.scenario.has_value() != loaded.diagnostics.has_errors());
  Outcome outcome;
  outcome.text = render(loaded.diagnostics, input.name, input.text);
  for (const auto& one : loaded.diagnostics.sorted()) outcome.codes.insert(one.code);
  return outcome;
}

/// Of a broken catalog.
Outcome catalog_outcome_of(const fs::path& path) {
  static const auto catalog = test::small_catalog();
  const auto name = path.filename().string();
  const auto text = text_of(path);
  Diagnostics diagnostics;
  read_catalog_file(text, name, catalog, diagnostics);
  CHECK(diagnostics.has_errors());
  Outcome outcome;
  outcome.text = render(diagnostics, name, text);
  for (const auto& one : diagnostics.sorted()) outcome.codes.insert(one.code);
  return outcome;
}

void compare_with_expected(fs::path path, const Outcome& outcome) {
  INFO(path.filename().string());
  path.replace_extension(".txt");
  if (std::getenv("CIDRPLAN_ACCEPT")) std::ofstream(path, std::ios::binary) << outcome.text;
  CHECK(outcome.text == text_of(path));
}

}  // namespace

TEST_CASE("broken scenarios are answered with their whole expected text") {
  const auto all = cases();
  CHECK(all.size() == 52);
  for (const auto& path : all) compare_with_expected(path, outcome_of(path));
}

TEST_CASE("broken catalogs are answered with their whole expected text") {
  const auto all = cases(folder / "catalogs");
  CHECK(all.size() == 13);
  for (const auto& path : all) compare_with_expected(path, catalog_outcome_of(path));
}

TEST_CASE("every code of the program has a broken scenario, and no other code is used") {
  std::set<std::string> seen;
  for (const auto& path : cases()) {
    for (const auto& code : outcome_of(path).codes) seen.insert(code);
  }
  for (const auto& path : cases(folder / "catalogs")) {
    for (const auto& code : catalog_outcome_of(path).codes) seen.insert(code);
  }
  std::set<std::string> known;
  for (const auto& entry : diagnostic_codes()) known.insert(std::string(entry.code));
  seen.insert("too-large");  // tried below without a file of 4 MiB
  CHECK(seen == known);
}

TEST_CASE("a text beyond 4 MiB is not read") {
  ScenarioInput input;
  input.name = "large.toml";
  input.text = std::string((std::size_t{4} << 20) + 1, '#');
  const auto models = test::fake_models();
  const auto loaded = load_scenario(input, models, test::small_catalog());
  CHECK(render(loaded.diagnostics, input.name, input.text) ==
        "large.toml: error[too-large]: the text is larger than 4 MiB\n");
}

TEST_CASE("a catalog beyond 16 MiB is not read") {
  const std::string text(largest_catalog + 1, ' ');
  Diagnostics diagnostics;
  CHECK(read_catalog_file(text, "types.json", test::small_catalog(), diagnostics).types.empty());
  CHECK(render(diagnostics, "types.json", text) ==
        "types.json: error[too-large]: the text is larger than 16 MiB\n");
}
