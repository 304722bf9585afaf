#include "planner/scenario/load_scenario.h"

#include <utility>

#include "planner/scenario/overrides.h"
#include "planner/scenario/reading.h"

namespace cidrplan {
namespace {

using reading::Reading;

/// FNV-1a, 64 bits, each part followed by a byte that no UTF-8 text has.
class InputHash {
 public:
  void add(std::string_view part) {
    for (const char c : part) add(static_cast<unsigned char>(c));
    add(0xFF);
  }

  std::string hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4)
      text += digits[static_cast<std::size_t>((hash_ >> shift) & 0xFu)];
    return text;
  }

 private:
  void add(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3u; }

  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

std::string hash_of(const ScenarioInput& input, const std::vector<std::string>& tables) {
  InputHash hash;
  hash.add(input.text);
  for (const auto& table : tables) hash.add(table);
  for (const auto& override : input.overrides) {
    hash.add(override.path);
    hash.add(override.value);
  }
  return hash.hex();
}

void read_everything(const Document& document, Reading& reading) {
  TableReader root(document.root(), Span{0, 0, 1}, "the scenario", reading.diagnostics);
  read_general(root, reading);
  read_vpc(root, reading);
  read_subnets(root, reading);
  read_catalog(root, reading);
  read_node_groups(root, reading);
  declare_default_namespace(reading);
  read_workloads(root, reading);
  read_batches(root, reading);
  read_daemonsets(root, reading);
  read_events(root, reading);
  read_designs(root, reading);
  check_special_ranges(reading);
  check_work(root, reading);
  root.finish();
}

}  // namespace

const Design* Scenario::design(std::string_view name) const {
  for (const auto& one : designs) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

LoadedScenario load_scenario(const ScenarioInput& input, ModelList models, const InstanceCatalog& catalog) {
  LoadedScenario loaded;
  auto& diagnostics = loaded.diagnostics;
  auto document = Document::parse(input.text, diagnostics);
  if (!document) return loaded;
  reading::apply_overrides(input.overrides, document->root(), diagnostics);

  Scenario scenario;
  scenario.source_name = input.name;
  Reading reading{input, models, &catalog, diagnostics, scenario};
  read_everything(*document, reading);

  std::vector<std::string> options;
  for (const auto& override : input.overrides) options.push_back(reading::words_of(override));
  diagnostics.name_options(options);
  if (diagnostics.has_errors()) return loaded;
  scenario.warnings = diagnostics.sorted();
  scenario.input_hash = hash_of(input, reading.tables);
  loaded.scenario = std::move(scenario);
  return loaded;
}

}  // namespace cidrplan
