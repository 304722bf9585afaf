#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/catch.h"

/// The table of docs/ARCHITECTURE.md ("Rooms"), held against every #include of the program.
namespace {

namespace fs = std::filesystem;
const fs::path root = CIDRPLAN_SOURCE_DIR;

using Rooms = std::set<std::string>;

/// What each room may include beside itself.
const std::map<std::string, Rooms>& allowed() {
  static const std::map<std::string, Rooms> table = [] {
    std::map<std::string, Rooms> may;
    may["planner/net"] = {};
    may["planner/events"] = {};  // and what `knows_no_address` names
    const Rooms floor0 = {"planner/net", "planner/events"};
    const auto over = [](Rooms rooms, const Rooms& more) {
      rooms.insert(more.begin(), more.end());
      return rooms;
    };
    may["planner/config"] = floor0;
    may["planner/cluster"] = over(floor0, {"planner/config"});
    may["planner/ipam"] = over(floor0, {"planner/config", "planner/cluster"});
    const Rooms floor1 = over(may["planner/ipam"], {"planner/ipam"});
    may["planner/scenario"] = floor1;
    may["planner/simulation"] = over(floor1, {"planner/scenario"});
    may["models"] = floor1;
    may["planner/capacity"] = over(may["planner/simulation"], {"planner/simulation"});
    may["planner/findings"] = over(may["planner/capacity"], {"planner/capacity"});
    may["planner/report"] = over(may["planner/findings"], {"planner/findings"});
    may["cli"] = over(may["planner/report"], {"planner/report", "models"});
    return may;
  }();
  return table;
}

/// "planner/net" of planner/net/prefix.h, "models" of models/aws/ipamd.h.
std::string room_of(const fs::path& file) {
  auto part = file.begin();
  const std::string first = part->string();
  if (first != "planner") return first;
  return first + '/' + (++part)->string();
}

struct Include {
  fs::path from;  ///< from the root of the project
  std::string to;
  bool quoted = false;
};

std::vector<Include> includes_of_the_program() {
  static const std::regex line_of_include(R"re(\s*#\s*include\s*([<"])([^>"]+)[>"].*)re");
  std::vector<Include> includes;
  for (const auto* top : {"planner", "models", "cli"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      const auto ending = entry.path().extension();
      if (ending != ".h" && ending != ".cpp") continue;
      std::ifstream file(entry.path());
      std::string line;
      std::smatch parts;
      while (std::getline(file, line)) {
        if (std::regex_match(line, parts, line_of_include))
          includes.push_back({fs::relative(entry.path(), root), parts[2], parts[1] == "\""});
      }
    }
  }
  return includes;
}

/// Whose headers stay inside .cpp files, and inside which rooms.
struct Library {
  const char* begin;
  Rooms rooms;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> list = {
      {"boost/", {"planner/capacity"}},
      {"Eigen/", {"planner/capacity", "models"}},
      {"CLI/", {"cli"}},
      {"nlohmann/", {"cli", "models", "planner/cluster", "planner/report", "planner/capacity"}},
      {"toml++/", {"planner/config"}},
  };
  return list;
}

/// Headers that hand a library's types on, for the sources of their own room only.
const Rooms& handing_on() {
  static const Rooms headers = {"models/recording_replayer.h", "planner/report/json_values.h"};
  return headers;
}

/// The event kernel knows nothing of addresses; contracts and wide numbers are none.
bool knows_no_address(const std::string& header) {
  return header == "planner/net/contract.h" || header == "planner/net/uint128.h";
}

/// "calico" of models/calico/block.h, "" of models/replayer.h.
std::string family_of(const fs::path& file) {
  const std::vector<fs::path> parts(file.begin(), file.end());
  return parts.size() > 2 ? parts[1].string() : "";
}

}  // namespace

TEST_CASE("rooms include only what lies below them") {
  std::size_t looked_at = 0;
  for (const auto& include : includes_of_the_program()) {
    if (!include.quoted || !fs::exists(root / include.to)) continue;
    const auto from = room_of(include.from);
    const auto to = room_of(include.to);
    CAPTURE(include.from.string(), include.to);
    REQUIRE(allowed().count(from) == 1);
    const bool kernel = from == "planner/events" && knows_no_address(include.to);
    CHECK((from == to || kernel || allowed().at(from).count(to) == 1));
    ++looked_at;
  }
  CHECK(looked_at > 700);
}

TEST_CASE("the families of models do not know each other") {
  std::size_t looked_at = 0;
  for (const auto& include : includes_of_the_program()) {
    if (room_of(include.from) != "models" || room_of(include.to) != "models") continue;
    const auto from = family_of(include.from);
    const auto to = family_of(include.to);
    CAPTURE(include.from.string(), include.to);
    // Only the lists know every family, and what lies beside them is for all.
    CHECK((from.empty() || to.empty() || from == to));
    ++looked_at;
  }
  CHECK(looked_at > 100);
}

TEST_CASE("libraries stay in their rooms, and elsewhere out of headers") {
  std::size_t found = 0;
  for (const auto& include : includes_of_the_program()) {
    for (const auto& library : libraries()) {
      if (include.to.rfind(library.begin, 0) != 0) continue;
      CAPTURE(include.from.string(), include.to);
      CHECK(library.rooms.count(room_of(include.from)) == 1);
      CHECK((include.from.extension() == ".cpp" || handing_on().count(include.from.string()) == 1));
      ++found;
    }
    if (handing_on().count(include.to) == 0) continue;
    CAPTURE(include.from.string(), include.to);
    CHECK(room_of(include.from) == room_of(include.to));
  }
  CHECK(found >= 12);
}

TEST_CASE("no file is named after no noun") {
  static const Rooms bad = {"util", "utils", "helper", "helpers", "common", "misc"};
  std::size_t files = 0;
  for (const auto* top : {"planner", "models", "cli", "tests", "bench"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      CAPTURE(entry.path().string());
      CHECK(bad.count(entry.path().stem().string()) == 0);
      ++files;
    }
  }
  CHECK(files > 300);
}

TEST_CASE("every sample is a scenario with its story, and every story shows what the program says") {
  std::size_t samples = 0;
  for (const auto& entry : fs::directory_iterator(root / "samples")) {
    CAPTURE(entry.path().string());
    CHECK(fs::exists(entry.path() / "scenario.toml"));
    std::ifstream story(entry.path() / "README.md");
    const std::string text{std::istreambuf_iterator<char>(story), {}};
    CHECK(text.find("## By hand") != std::string::npos);
    CHECK(text.find("$ cidrplan compare samples/" + entry.path().filename().string()) != std::string::npos);
    ++samples;
  }
  CHECK(samples >= 3);
}
