#include <fstream>
#include <set>
#include <sstream>

#include "models/all_models.h"
#include "planner/config/diagnostic_codes.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("docs/DIAGNOSTICS.md has every model's own codes") {
  std::ifstream file(std::string(CIDRPLAN_SOURCE_DIR) + "/docs/DIAGNOSTICS.md");
  std::ostringstream text;
  text << file.rdbuf();
  std::set<std::string_view> seen;
  for (const auto& entry : diagnostic_codes()) seen.insert(entry.code);
  for (const auto& model : all_models())
    for (const auto& own : model.codes) {
      const auto row = "| `" + std::string(own.code) + "` | " + std::string(model.name) + " | " +
                       std::string(own.meaning) + " |";
      INFO(row);
      CHECK(text.str().find(row) != std::string::npos);
      CHECK(seen.insert(own.code).second);
    }
}
