#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/calico/replay.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

std::vector<std::filesystem::path> recordings() {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(CIDRPLAN_SOURCE_DIR) / "tests" / "conformance" / "calico";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every recording of Calico's IPAM comes out the same") {
  const auto files = recordings();
  CHECK(files.size() == 28);
  std::uint64_t operations = 0;
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    std::ifstream in(file);
    std::string line;
    REQUIRE(std::getline(in, line));
    const auto replayer = calico::ipam_replayer().make(line);
    while (std::getline(in, line)) {
      const auto difference = replayer->check(line);
      if (difference) {
        FAIL_CHECK(*difference);
        break;
      }
      ++operations;
    }
  }
  // Seven recordings of P31, eleven of P32, ten of P33.
  CHECK(operations == 49'546);
}
