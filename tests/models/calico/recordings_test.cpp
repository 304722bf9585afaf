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

TEST_CASE("pools of the wrong family are an error that hides what the other family took") {
  // By AutoAssign of libcalico-go/lib/ipam/ipam.go: IPv4 is served first; then the list of IPv6 pools is
  // looked at, and where one is of IPv4 nothing but the error comes back. The IPv4 address stays taken. In a
  // pool of one block of two addresses it is the first, and the next request gets the second.
  const auto replayer =
      calico::ipam_replayer().make(R"({"format":"calico-ipam-recording","version":1,"profile":"P32"})");
  int number = 0;
  const auto answer = [&](const std::string& operation) {
    const auto text = replayer->answer("{\"i\":" + std::to_string(++number) + ",\"t\":0," + operation + "}");
    return text.substr(0, text.find(",\"state\""));
  };
  answer(R"("op":"set_config","config":{"auto_allocate_blocks":true})");
  answer(R"("op":"set_pool","pool":{"name":"a","cidr":"10.0.0.0/31","block_size":31})");
  answer(R"("op":"set_node","name":"n")");
  const std::string both = R"("op":"auto_assign","host":"n","v4":1,"v6":1,"use":"Workload","handle":)";
  CHECK(answer(both + R"("h","pools6":["10.0.0.0/31"])") ==
        R"({"i":4,"answer":{"error":"provided IPv6 IPPools list contains one or more IPv4 IPPools"})");
  CHECK(answer(R"("op":"ips_by_handle","handle":"h")") == R"({"i":5,"answer":{"ips":["10.0.0.0"]})");
  CHECK(answer(both + R"("g","pools4":["fd00::/120"])") ==
        R"({"i":6,"answer":{"error":"provided IPv4 IPPools list contains one or more IPv6 IPPools"})");
  // Any other error of IPv6 comes beside the IPv4 address.
  CHECK(answer(both + "\"f\"") ==
        R"({"i":7,"answer":{"error":"cannot find a qualified ippool","v4":["10.0.0.1"]})");
}
