// docs/DIAGNOSTICS.md and docs/SCENARIO.md say what the program does.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "planner/config/diagnostic_codes.h"
#include "planner/ipam/refusal.h"
#include "planner/scenario/load_scenario.h"
#include "tests/scenario/fake_models.h"
#include "tests/support/catch.h"

using namespace cidrplan;
namespace fs = std::filesystem;

namespace {

const fs::path root = CIDRPLAN_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Runs of blanks and line ends as one blank.
std::string flowing(const std::string& text) { return std::regex_replace(text, std::regex("\\s+"), " "); }

std::string section(const std::string& document, const std::string& title) {
  const auto begin = document.find("\n## " + title + "\n");
  REQUIRE(begin != std::string::npos);
  return document.substr(begin, document.find("\n## ", begin + 1) - begin);
}

/// The parts of a section by their headings.
std::map<std::string, std::string> by_heading(const std::string& text) {
  std::map<std::string, std::string> parts;
  const std::string mark = "\n### `";
  for (auto at = text.find(mark); at != std::string::npos;) {
    const auto next = text.find(mark, at + 1);
    const auto name_end = text.find('`', at + mark.size());
    parts[text.substr(at + mark.size(), name_end - at - mark.size())] =
        text.substr(name_end + 1, next == std::string::npos ? next : next - name_end - 1);
    at = next;
  }
  return parts;
}

std::string example_in(const std::string& part) {
  const auto begin = part.find("```\n");
  const auto end = part.find("```", begin + 3);
  return begin == std::string::npos ? std::string() : part.substr(begin + 4, end - begin - 4);
}

}  // namespace

TEST_CASE("docs/DIAGNOSTICS.md has every code of a scenario's mistakes with its meaning and a real example") {
  std::string examples;
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests" / "errors")) {
    if (entry.path().extension() == ".txt") examples += text_of(entry.path());
  }
  const auto parts = by_heading(section(text_of(root / "docs" / "DIAGNOSTICS.md"), "Mistakes in a scenario"));
  CHECK(parts.size() == diagnostic_codes().size());
  for (const auto& code : diagnostic_codes()) {
    INFO(code.code);
    REQUIRE(parts.contains(std::string(code.code)));
    const auto& part = parts.at(std::string(code.code));
    CHECK(flowing(part).find(std::string(code.meaning) + ' ' + std::string(code.remedy)) !=
          std::string::npos);
    const auto example = example_in(part);
    CHECK(example.find('[' + std::string(code.code) + ']') != std::string::npos);
    if (code.code != "too-large") CHECK(examples.find(example) != std::string::npos);
  }
}

TEST_CASE("docs/DIAGNOSTICS.md has every cause of a refusal") {
  const auto causes = section(text_of(root / "docs" / "DIAGNOSTICS.md"), "Causes of refusals");
  for (const auto cause : all_causes()) {
    const auto text = explain(cause);
    std::ostringstream row;
    row << "| `" << to_string(cause) << "` | " << text.meaning << " | " << text.remedy << " |";
    INFO(row.str());
    CHECK(causes.find(row.str()) != std::string::npos);
  }
}

TEST_CASE("every code that the sources use for a mistake is in docs/DIAGNOSTICS.md") {
  const auto document = text_of(root / "docs" / "DIAGNOSTICS.md");
  const std::regex use("(?:error|warning|refuse)\\(\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");
  std::set<std::string> codes;
  for (const auto* const room : {"planner/config", "planner/scenario", "models"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      if (entry.path().extension() != ".cpp") continue;
      const auto source = text_of(entry.path());
      for (std::sregex_iterator at(source.begin(), source.end(), use), end; at != end; ++at)
        codes.insert((*at)[1]);
    }
  }
  CHECK(codes.size() > 40);
  for (const auto& code : codes) {
    INFO(code);
    CHECK(document.find('`' + code + '`') != std::string::npos);
  }
}

TEST_CASE("the scenario of docs/SCENARIO.md can be read") {
  const auto part = section(text_of(root / "docs" / "SCENARIO.md"), "A whole scenario");
  const auto begin = part.find("```toml\n") + 8;
  ScenarioInput input;
  input.name = "SCENARIO.md";
  input.text = part.substr(begin, part.find("```", begin) - begin);
  const auto models = test::fake_models();
  const auto loaded = load_scenario(input, models, test::small_catalog());
  INFO(render(loaded.diagnostics, input.name, input.text));
  CHECK(loaded.diagnostics.sorted().empty());
}

TEST_CASE("every key that the reader knows is in docs/SCENARIO.md") {
  const auto document = text_of(root / "docs" / "SCENARIO.md");
  const std::regex use(
      "\\.(?:take|require|boolean|integer|text|choice|duration|share|date|prefix|prefixes|names|tables|table)"
      "\\(\\s*\"([a-z0-9_]+)\"|read\\((?:reader_?, )?\"([a-z0-9_]+)\"");
  std::set<std::string> keys;
  for (const auto& entry : fs::directory_iterator(root / "planner" / "scenario")) {
    if (entry.path().extension() != ".cpp") continue;
    const auto source = text_of(entry.path());
    for (std::sregex_iterator at(source.begin(), source.end(), use), end; at != end; ++at) {
      keys.insert((*at)[1].matched ? (*at)[1] : (*at)[2]);
    }
  }
  CHECK(keys.size() > 50);
  for (const auto& key : keys) {
    INFO(key);
    CHECK(std::regex_search(document, std::regex("[`\\[.{ ]" + key + "\\b")));
  }
}
