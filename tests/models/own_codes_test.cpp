// A model's own words: its sources, its ModelSpec and docs/DIAGNOSTICS.md say the same.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "models/all_models.h"
#include "planner/config/diagnostic_codes.h"
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

std::set<std::string> used_in_models(const char* pattern) {
  const std::regex use(pattern);
  std::set<std::string> codes;
  for (const auto& entry : fs::recursive_directory_iterator(root / "models")) {
    if (entry.path().extension() != ".cpp") continue;
    const auto source = text_of(entry.path());
    for (std::sregex_iterator at(source.begin(), source.end(), use), end; at != end; ++at)
      codes.insert((*at)[1]);
  }
  return codes;
}

std::set<std::string> own_codes(bool findings) {
  std::set<std::string> codes;
  for (const auto& model : all_models())
    for (const auto& own : model.codes)
      if (own.is_finding == findings) codes.emplace(own.code);
  return codes;
}

}  // namespace

TEST_CASE("every finding of a model is one of its codes, and every code a finding") {
  CHECK(used_in_models("Severity::[a-z]+,\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\"") == own_codes(true));
}

TEST_CASE("every mistake that models tell is a code of theirs or of all scenarios") {
  auto known = own_codes(false);
  const auto own = known;
  for (const auto& code : diagnostic_codes()) known.emplace(code.code);
  std::set<std::string> used =
      used_in_models("(?:error|warning|refuse)\\(\\s*\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");
  for (const auto& code : used) {
    INFO(code);
    CHECK(known.contains(code));
  }
  for (const auto& code : own) {
    INFO(code);
    CHECK(used.contains(code));
  }
}

TEST_CASE("docs/DIAGNOSTICS.md has every model's own codes, each once") {
  const auto document = text_of(root / "docs" / "DIAGNOSTICS.md");
  std::set<std::string_view> seen;
  for (const auto& entry : diagnostic_codes()) seen.insert(entry.code);
  for (const auto& model : all_models()) {
    for (const auto& own : model.codes) {
      const auto row = "| `" + std::string(own.code) + "` | " + std::string(model.name) + " | " +
                       std::string(own.meaning) + " |";
      INFO(row);
      CHECK(document.find(row) != std::string::npos);
      CHECK_FALSE(own.remedy.empty());
      CHECK(seen.insert(own.code).second);
    }
  }
}
