#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/overlay/host_local_replay.h"
#include "models/overlay/node_cidr_replay.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

std::vector<std::filesystem::path> recordings(const std::string& family) {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(CIDRPLAN_SOURCE_DIR) / "tests" / "conformance" / family;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  return files;
}

/// Replays every recording of the family and returns how many operations came out the same.
std::uint64_t replay_all(const std::string& family, const ReplayerSpec& spec, std::size_t files_expected) {
  const auto files = recordings(family);
  CHECK(files.size() == files_expected);
  std::uint64_t operations = 0;
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    std::ifstream in(file);
    std::string line;
    REQUIRE(std::getline(in, line));
    const auto replayer = spec.make(line);
    while (std::getline(in, line)) {
      const auto difference = replayer->check(line);
      if (difference) FAIL(line.substr(0, 300) << "\n" << *difference);
      ++operations;
    }
  }
  return operations;
}

}  // namespace

TEST_CASE("every recording of node IPAM comes out the same") {
  CHECK(replay_all("node-cidr", overlay::node_cidr_replayer(), 15) == 18624);
}

TEST_CASE("every recording of host-local comes out the same") {
  CHECK(replay_all("host-local", overlay::host_local_replayer(), 11) == 12215);
}

constexpr const char* node_cidr_header = R"({"format":"node-cidr-recording","version":1})";

TEST_CASE("a recording of node IPAM that was tampered with does not") {
  const auto replayer = overlay::node_cidr_replayer().make(node_cidr_header);
  CHECK_FALSE(replayer->check(R"({"i":1,"op":"new_set","set":"a","cluster":"10.155.64.0/20","mask":28,)"
                              R"("answer":{"blocks":256},"state":"fcf6404f1d1dd076"})"));
  CHECK(replayer->check(R"({"i":2,"op":"allocate","set":"a","answer":{"cidr":"10.155.64.16/28"}})") ==
        "operation 2 allocate\n"
        R"(recorded {"cidr":"10.155.64.16/28"} )"
        "\n"
        R"(cidrplan {"cidr":"10.155.64.0/28"} 48cbf54edd784f94)");
  CHECK(replayer->check(
            R"({"i":3,"op":"release","set":"a","cidr":"10.155.64.0/28","state":"48cbf54edd784f94"})") ==
        "operation 3 release\n"
        "recorded {} 48cbf54edd784f94\n"
        "cidrplan {} 34fbdc87b8e6ca1a\n"
        "what the operation touched, as cidrplan has it:\n"
        "  C a 10.155.64.0/20 /28 0 1");
}

TEST_CASE("a dump tells every line of the state") {
  const auto replayer = overlay::node_cidr_replayer().make(node_cidr_header);
  replayer->answer(R"({"i":1,"op":"new_set","set":"a","cluster":"10.155.64.0/20","mask":28})");
  replayer->answer(R"({"i":2,"op":"allocate","set":"a"})");
  constexpr const char* told = R"({"i":3,"answer":{},"state":"48cbf54edd784f94",)"
                               R"("lines":["C a 10.155.64.0/20 /28 1 1","U a 0"]})";
  CHECK(replayer->answer(R"({"i":3,"op":"dump"})") == told);
  CHECK_FALSE(
      replayer->check(R"({"i":4,"op":"dump","answer":{},"lines":["C a 10.155.64.0/20 /28 1 1","U a 0"]})"));
  CHECK(replayer->check(R"({"i":5,"op":"dump","answer":{},"lines":["C a 10.155.64.0/20 /28 1 1"]})"));
  // 1,500 used ranges and the line of their set are one line too many to tell.
  replayer->answer(R"({"i":6,"op":"new_set","set":"a","cluster":"10.0.0.0/16","mask":28})");
  replayer->answer(R"({"i":7,"op":"allocate_many","set":"a","count":1499})");
  CHECK(replayer->answer(R"({"i":8,"op":"dump"})").find(R"("lines":[)") != std::string::npos);
  replayer->answer(R"({"i":9,"op":"allocate","set":"a"})");
  CHECK(replayer->answer(R"({"i":10,"op":"dump"})").find(R"("count":1501)") != std::string::npos);
}

namespace {

struct Refused {
  const char* line;
  const char* text;
};

void check_refused(const ReplayerSpec& spec, const char* header, const std::vector<std::string>& before,
                   const Refused& row) {
  CAPTURE(row.line);
  const auto replayer = spec.make(header);
  for (const auto& line : before) replayer->answer(line);
  try {
    replayer->check(row.line);
    FAIL_CHECK("not refused");
  } catch (const ReplayInputError& error) {
    CHECK(std::string(error.what()) == row.text);
  }
}

}  // namespace

TEST_CASE("lines that are no operations of node IPAM are refused") {
  const Refused rows[] = {
      {"", "not a line of JSON"},
      {"[]", "not a JSON object"},
      {"{}", R"("i" is not a whole number from 1 on)"},
      {R"({"i":2.5,"op":"dump"})", R"("i" is not a whole number from 1 on)"},
      {R"({"i":-2,"op":"dump"})", R"("i" is not a whole number from 1 on)"},
      {R"({"i":2,"op":1})", R"("op" is not a text)"},
      {R"({"i":2,"op":"reboot"})", R"(unknown operation "reboot")"},
      {R"({"i":2,"op":"allocate"})", R"(there is no set "")"},
      {R"({"i":2,"op":"allocate","set":"b"})", R"(there is no set "b")"},
      {R"({"i":2,"op":"allocate_many","set":"a","count":-1})",
       R"("count" is -1; expected 0 to 9223372036854775807)"},
      {R"({"i":2,"op":"allocate_many","set":"a","count":1e3})", R"("count" is not a whole number)"},
      {R"({"i":2,"op":"occupy","set":"a","cidr":"10.0.0.0"})", R"("10.0.0.0" is not a CIDR)"},
      {R"({"i":2,"op":"occupy","set":"a","cidr":17})", R"("cidr" is not a text)"},
      {R"({"i":2,"op":"new_set","set":"a","cluster":"10.0.0.0/8","mask":33})",
       "the mask /33 is longer than an address"},
      {R"({"i":2,"op":"new_set","set":"a","cluster":"fd00::/48","mask":129})",
       R"("mask" is 129; expected 0 to 128)"},
      {R"({"i":2,"op":"new_set","set":"a","cluster":"0.0.0.0/0","mask":32})",
       "0.0.0.0/0 at /32 is more than 2^20 node ranges"},
      {R"({"i":2,"op":"new_set","mask":24})", R"("" is not a CIDR)"},
      {R"({"i":2,"op":"start","clusters":["10.0.0.0/8"],"masks":[]})", "not as many masks as clusters"},
      {R"({"i":2,"op":"start","clusters":1,"masks":1})", R"("clusters" is not a list)"},
      {R"({"i":2,"op":"start","clusters":["10.0.0.0/8"],"masks":["24"]})", R"("mask" is not a whole number)"},
      {R"({"i":2,"op":"sync_node","name":"n"})", R"(there is no node "n")"},
      {R"({"i":2,"op":"delete_node","name":"n"})", R"(there is no node "n")"},
      {R"({"i":2,"op":"add_node","name":"here"})", R"(the node "here" exists already)"},
      {R"({"i":2,"op":"add_node","name":"n","patch":"maybe"})", R"(unknown patch "maybe")"},
      {R"({"i":2,"op":"add_node","name":"n","cidrs":"10.0.0.0/8"})", R"("cidrs" is not a list)"},
  };
  for (const auto& row : rows) {
    check_refused(overlay::node_cidr_replayer(), node_cidr_header,
                  {R"({"i":1,"op":"new_set","set":"a","cluster":"10.0.0.0/20","mask":24})",
                   R"({"i":2,"op":"add_node","name":"here"})"},
                  row);
  }
  const auto replayer = overlay::node_cidr_replayer().make(node_cidr_header);
  CHECK_THROWS_AS(replayer->check(std::string(100'000, '[')), ReplayInputError);
  CHECK_FALSE(replayer->check(R"({"i":18446744073709551615,"op":"dump"})"));
}

constexpr const char* host_local_header = R"({"format":"host-local-recording","version":1})";
constexpr const char* eight_addresses =
    R"({"i":1,"op":"configure","fresh":true,"sets":[[{"subnet":"10.0.0.0/29"}],[{"subnet":"fd00::/120"}]]})";

TEST_CASE("a recording of host-local that was tampered with does not") {
  const auto replayer = overlay::host_local_replayer().make(host_local_header);
  replayer->answer(eight_addresses);
  CHECK(
      replayer->check(
          R"({"i":2,"op":"add","id":"c1","ifname":"eth0","answer":{"ips":[["10.0.0.1/29","10.0.0.1"]]}})") ==
      "operation 2 add\n"
      R"(recorded {"ips":[["10.0.0.1/29","10.0.0.1"]]} )"
      "\n"
      R"(cidrplan {"ips":[["10.0.0.2/29","10.0.0.1"],["fd00::2/120","fd00::1"]]} b2a2ab18f5af1d18)");
  CHECK(replayer->check(
            R"({"i":3,"op":"del","id":"c1","ifname":"eth0","answer":{},"state":"b2a2ab18f5af1d18"})") ==
        "operation 3 del\n"
        "recorded {} b2a2ab18f5af1d18\n"
        "cidrplan {} df3ea8aeb399a202\n"
        "what the operation touched, as cidrplan has it:\n"
        "  L 0 10.0.0.2\n"
        "  L 1 fd00::2");
  replayer->answer(R"({"i":4,"op":"add","id":"c2","ifname":"eth0"})");
  CHECK(replayer->answer(R"({"i":5,"op":"dump"})") ==
        R"({"i":5,"answer":{},"state":"cca58d4ea431b746","lines":["L 0 10.0.0.3","L 1 fd00::3",)"
        R"("R 10.0.0.3 c2 eth0","R fd00::3 c2 eth0"]})");
}

TEST_CASE("lines that are no operations of host-local are refused") {
  const Refused rows[] = {
      {"nonsense", "not a line of JSON"},
      {R"({"i":2,"op":"fly"})", R"(unknown operation "fly")"},
      {R"({"i":2,"op":"configure","sets":7})", R"("sets" is not a list)"},
      {R"({"i":2,"op":"configure","sets":[{}]})", "a range set is not a list"},
      {R"({"i":2,"op":"configure","sets":[[7]]})", "a range is not an object"},
      {R"({"i":2,"op":"configure","sets":[[{}]]})", R"("" is not a CIDR)"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"10.0.0.0"}]]})", R"("10.0.0.0" is not a CIDR)"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"10.0.0.0/33"}]]})", R"("10.0.0.0/33" is not a CIDR)"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"10.0.0.0/-1"}]]})", R"("10.0.0.0/-1" is not a CIDR)"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"::/0","start":"::"}]]})", "::/0 is wider than /8"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"10.0.0.0/24","start":"ten"}]]})",
       R"("ten" is not an address)"},
      {R"({"i":2,"op":"configure","sets":[[{"subnet":"10.0.0.0/24","gateway":[]}]]})",
       R"("gateway" is not a text)"},
      {R"({"i":2,"op":"configure","fresh":1})", R"("fresh" is not true or false)"},
      {R"({"i":2,"op":"add","id":7})", R"("id" is not a text)"},
      {R"({"i":2,"op":"add","id":"c","request":["x"]})", R"("x" is not an address)"},
      {R"({"i":2,"op":"add","id":"c","request":"10.0.0.3"})", R"("request" is not a list)"},
      {R"({"i":2,"op":"add","id":"c","request":["10.0.0.3","10.0.0.4"]})",
       "two requested addresses in one range set"},
  };
  for (const auto& row : rows) {
    check_refused(overlay::host_local_replayer(), host_local_header, {eight_addresses}, row);
  }
  check_refused(overlay::host_local_replayer(), host_local_header, {},
                {R"({"i":1,"op":"add","id":"c"})", "no configuration is in force"});
  std::string many = R"({"i":2,"op":"configure","sets":[)";
  for (int i = 0; i < 128; ++i) many += std::string(i > 0 ? "," : "") + R"([{"subnet":"10.0.0.0/24"}])";
  many += R"(,[]]})";
  check_refused(overlay::host_local_replayer(), host_local_header, {},
                {many.c_str(), "more than 256 ranges"});
}

TEST_CASE("headers of another version are refused") {
  const auto refused = [](const ReplayerSpec& spec, std::string_view header) {
    CAPTURE(header);
    CHECK_THROWS_AS(spec.make(header), ReplayInputError);
  };
  for (const auto& spec : std::vector{overlay::node_cidr_replayer(), overlay::host_local_replayer()}) {
    for (const auto* header :
         {"", "{", "[1]", "{}", R"({"version":2})", R"({"version":1.0})", R"({"version":"1"})"}) {
      refused(spec, header);
    }
  }
}
