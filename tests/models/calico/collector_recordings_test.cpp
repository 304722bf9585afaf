#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/calico/replay.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using Json = nlohmann::json;

namespace {

const std::filesystem::path folder =
    std::filesystem::path(CIDRPLAN_SOURCE_DIR) / "tests" / "conformance" / "calico-gc";

std::vector<std::filesystem::path> recordings() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("p32-")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

constexpr const char* step_header =
    R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"step","grace_seconds":900})";
constexpr const char* loop_header =
    R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"loop","grace_seconds":900})";

/// The end state of a scenario's operations, which stand without number and time.
Json end_state(const Json& scenario) {
  const auto replayer = calico::collector_replayer().make(step_header);
  std::int64_t number = 0;
  std::int64_t second = 0;
  for (auto op : scenario.at("ops")) {
    op["i"] = ++number;
    op["t"] = second;
    replayer->answer(op.dump());
    if (op.at("op") == "advance") second += op.at("seconds").get<std::int64_t>();
  }
  const Json dump = {{"i", ++number}, {"t", second}, {"op", "dump"}};
  auto answer = Json::parse(replayer->answer(dump.dump()));
  return {{"lines", answer.at("lines")}, {"gc_lines", answer.at("gc_lines")}};
}

std::uint64_t step(Replayer& replayer, std::uint64_t number, const std::string& rest) {
  const auto difference = replayer.check(R"({"i":)" + std::to_string(number) + R"(,"t":0,)" + rest + "}");
  CHECK(difference.value_or("the same") == "the same");
  return number + 1;
}

}  // namespace

TEST_CASE("every recording of the collector comes out the same, what it keeps in mind too") {
  const auto files = recordings();
  CHECK(files.size() == 16);
  std::uint64_t operations = 0;
  std::uint64_t loops = 0;
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    std::ifstream in(file);
    std::string line;
    REQUIRE(std::getline(in, line));
    const auto replayer = calico::collector_replayer().make(line);
    if (line.find(R"("mode":"loop")") != std::string::npos) ++loops;
    while (std::getline(in, line)) {
      REQUIRE(line.find(R"("gc":")") != std::string::npos);
      const auto difference = replayer->check(line);
      if (difference) {
        FAIL_CHECK(*difference);
        break;
      }
      ++operations;
    }
  }
  CHECK(loops == 3);
  CHECK(operations == 19'479);
}

TEST_CASE("every short scenario ends in a state that the original was seen to end in") {
  std::ifstream in(folder / "outcomes.jsonl");
  std::string line;
  REQUIRE(std::getline(in, line));
  CHECK(Json::parse(line).at("grace_seconds") == 900);
  int scenarios = 0;
  while (std::getline(in, line)) {
    const auto scenario = Json::parse(line);
    CAPTURE(scenario.at("scenario").get<std::string>());
    const auto& outcomes = scenario.at("outcomes");
    const auto ours = end_state(scenario);
    CAPTURE(ours.dump());
    CHECK(std::find(outcomes.begin(), outcomes.end(), ours) != outcomes.end());
    ++scenarios;
  }
  CHECK(scenarios == 27);
}

TEST_CASE("a difference shows both sides and what the collector has in mind") {
  const auto replayer = calico::collector_replayer().make(step_header);
  auto number =
      step(*replayer, 1, R"("op":"set_pool","pool":{"name":"p","cidr":"10.0.0.0/24","block_size":29})");
  number = step(*replayer, number, R"("op":"set_node","name":"n1")");
  const auto difference = replayer->check(
      R"({"i":3,"t":0,"op":"assign_ip","ip":"10.0.0.1","host":"n1","handle":"h","use":"Workload","pod":"a",)"
      R"("answer":{"error":"already-exists"},"gc":"0000000000000000"})");
  REQUIRE(difference);
  CHECK(difference->find(R"(recorded {"error":"already-exists"})") != std::string::npos);
  CHECK(difference->find("cidrplan {}") != std::string::npos);
  CHECK(difference->find("\n  D n1") != std::string::npos);
  // Digests in a line are compared, missing ones are not.
  CHECK(replayer->check(R"({"i":4,"t":0,"op":"sync","gc":"0123456789abcdef"})"));
  CHECK_FALSE(replayer->check(R"({"i":5,"t":0,"op":"sync"})"));
}

TEST_CASE("the loop tells what it did with exact times") {
  const auto replayer = calico::collector_replayer().make(loop_header);
  auto number =
      step(*replayer, 1, R"("op":"set_pool","pool":{"name":"p","cidr":"10.0.0.0/24","block_size":29})");
  number = step(*replayer, number, R"("op":"set_node","name":"n1")");
  number = step(*replayer, number,
                R"("op":"assign_ip","ip":"10.0.0.1","host":"n1","handle":"h","use":"Workload","pod":"a")");
  number = step(*replayer, number, R"("op":"delete_node","name":"n1")");
  number =
      step(*replayer, number, R"("op":"advance","seconds":5,"answer":{"did":["1 ip 10.0.0.1","1 node n1"]})");
}

TEST_CASE("lines that are no operations of the collector are refused") {
  const char* const lines[] = {
      "",
      "{",
      R"({"i":1,"t":0,"op":"fly"})",
      R"({"i":1,"t":0,"op":"set_pod"})",
      R"({"i":1,"t":0,"op":"set_pod","name":"a","phase":"Sleeping"})",
      R"({"i":1,"t":0,"op":"set_pod","name":"a","phase":7})",
      R"({"i":1,"t":0,"op":"set_pod","name":"a","ips":["10.0.0"]})",
      R"({"i":1,"t":0,"op":"set_pod","name":"a","ips":[7]})",
      R"({"i":1,"t":0,"op":"set_pod","name":"a","seen_by":"nobody"})",
      R"({"i":1,"t":0,"op":"delete_pod","name":"a","seen_by":7})",
      R"({"i":1,"t":0,"op":"delete_node","name":"n1","part":"half"})",
      R"({"i":1,"t":0,"op":"set_node","name":"n1","labels":[]})",
      R"({"i":1,"t":0,"op":"set_node","name":"n1","not_kubernetes":"yes"})",
      R"({"i":1,"t":0,"op":"set_datastore_ready","ready":1})",
      R"({"i":1,"t":0,"op":"sync","full":1})",
      R"({"i":1,"t":0,"op":"advance","seconds":-1})",
      R"({"i":1,"t":0,"op":"advance","seconds":1.5})",
      R"({"i":1,"t":1000000001,"op":"dump"})",
      R"({"i":1.5,"t":0,"op":"dump"})",
      R"({"i":1,"t":0,"op":"auto_assign","host":"n1","use":"Workload","owner":"someone"})",
  };
  for (const auto* line : lines) {
    CAPTURE(line);
    const auto replayer = calico::collector_replayer().make(step_header);
    CHECK_THROWS_AS(replayer->check(line), ReplayInputError);
  }
  // What one mode has and the other has not, and work without end.
  const char* const loop_lines[] = {
      R"({"i":1,"t":0,"op":"sync"})",
      R"({"i":1,"t":0,"op":"release_by_handle","handle":"h","late":true})",
      R"({"i":1,"t":0,"op":"advance","seconds":100001})",
  };
  for (const auto* line : loop_lines) {
    CAPTURE(line);
    const auto replayer = calico::collector_replayer().make(loop_header);
    CHECK_THROWS_AS(replayer->check(line), ReplayInputError);
  }
  const auto hasty = calico::collector_replayer().make(
      R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"loop","grace_seconds":1})");
  CHECK_FALSE(hasty->check(R"({"i":1,"t":0,"op":"advance","seconds":10000})"));
  CHECK_THROWS_AS(hasty->check(R"({"i":2,"t":10000,"op":"advance","seconds":10001})"), ReplayInputError);
}

TEST_CASE("headers that the collector's replayer does not know are refused") {
  const char* const headers[] = {
      "",
      "{}",
      R"({"format":"calico-ipam-recording","version":1,"profile":"P32"})",
      R"({"format":"calico-gc-recording","version":2,"profile":"P32","mode":"step"})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P31","mode":"step"})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P32"})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"leap"})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"step","grace_seconds":-1})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"step","grace_seconds":"900"})",
      R"({"format":"calico-gc-recording","version":1,"profile":"P32","mode":"step","empty_block_order":"up"})",
  };
  for (const auto* header : headers) {
    CAPTURE(header);
    CHECK_THROWS_AS(calico::collector_replayer().make(header), ReplayInputError);
  }
}
