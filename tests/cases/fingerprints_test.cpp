#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/all_models.h"
#include "planner/scenario/load_scenario.h"
#include "planner/simulation/simulate.h"
#include "tests/support/catch.h"

using namespace cidrplan;
namespace fs = std::filesystem;

namespace {

const fs::path root = CIDRPLAN_SOURCE_DIR;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Row {
  std::string scenario, design, life, fingerprint;

  std::string line() const { return scenario + ',' + design + ',' + life + ',' + fingerprint + '\n'; }
};

Row read_row(const std::string& line) {
  std::istringstream cells(line);
  Row row;
  std::getline(cells, row.scenario, ',');
  std::getline(cells, row.design, ',');
  std::getline(cells, row.life, ',');
  std::getline(cells, row.fingerprint, ',');
  return row;
}

}  // namespace

/// With CIDRPLAN_ACCEPT set the file is rewritten; the changelog then says why a run changed.
TEST_CASE("the same scenario and seed live the same life as ever") {
  const auto path = root / "tests" / "fingerprints.csv";
  std::istringstream lines(read(path));
  std::string header;
  std::getline(lines, header);
  std::string now = header + '\n';
  int rows = 0;
  for (std::string line; std::getline(lines, line); ++rows) {
    auto row = read_row(line);
    CAPTURE(row.scenario, row.design, row.life);
    const auto text = read(root / row.scenario);
    auto loaded = load_scenario({row.scenario, text, {}, {row.design}, {}}, all_models(), all_instances());
    INFO(render(loaded.diagnostics, row.scenario, text));
    REQUIRE(loaded.scenario);
    const auto run = simulate(*loaded.scenario, loaded.scenario->designs.at(0), std::stoll(row.life));
    if (!std::getenv("CIDRPLAN_ACCEPT")) CHECK(run.fingerprint.to_string() == row.fingerprint);
    row.fingerprint = run.fingerprint.to_string();
    now += row.line();
  }
  CHECK(rows >= 7);
  if (std::getenv("CIDRPLAN_ACCEPT")) std::ofstream(path, std::ios::binary) << now;
}
