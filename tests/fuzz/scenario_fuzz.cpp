// Whatever the text, reading a scenario ends, with a Scenario or with errors, and the errors can be shown.
// Corpus: the broken scenarios of tests/errors/ and whole ones.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "planner/scenario/load_scenario.h"
#include "tests/scenario/fake_models.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cidrplan;
  static const auto models = test::fake_models();
  static const auto catalog = test::small_catalog();
  ScenarioInput input;
  input.name = "fuzzed.toml";
  input.text.assign(reinterpret_cast<const char*>(data), size);
  // The first line doubles as an option's value and as a table's text.
  const std::string line = input.text.substr(0, input.text.find('\n'));
  input.read_table = [&](std::string_view) { return TableFile{line, {}}; };
  if (const auto equals = line.find('='); line.starts_with('#') && equals != std::string::npos) {
    input.overrides.push_back({line.substr(1, equals - 1), line.substr(equals + 1)});
  }
  const auto loaded = load_scenario(input, models, catalog);
  if (loaded.scenario.has_value() == loaded.diagnostics.has_errors()) std::abort();
  const auto shown = render(loaded.diagnostics, input.name, input.text);
  if (shown.empty() != loaded.diagnostics.sorted().empty()) std::abort();
  return 0;
}
