#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/aws/replay.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

std::vector<std::filesystem::path> recordings() {
  std::vector<std::filesystem::path> files;
  const auto folder = std::filesystem::path(CIDRPLAN_SOURCE_DIR) / "tests" / "conformance" / "ipamd";
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every recording of the VPC CNI's daemon comes out the same") {
  const auto files = recordings();
  CHECK(files.size() == 46);
  std::uint64_t operations = 0;
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    std::ifstream in(file);
    std::string line;
    REQUIRE(std::getline(in, line));
    const auto replayer = aws::ipamd_replayer().make(line);
    while (std::getline(in, line)) {
      const auto difference = replayer->check(line);
      if (difference) {
        FAIL_CHECK(*difference);
        break;
      }
      ++operations;
    }
  }
  // 12 recordings of the datastore and 34 of the whole daemon.
  CHECK(operations == 22'947);
}

namespace {

constexpr const char* node_header =
    R"({"format":"ipamd-recording","version":1,"layer":"node","order":"ascending",)"
    R"("instance":{"type":"m5.large","enis":3,"addresses":10},"max_pods":29,"settings":{},)"
    R"("subnets":[{"id":"a","cidr":"10.0.0.0/26"}],"node_subnet":"a",)"
    R"("attached":[{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4","type":"interface"}]})";

constexpr const char* store_header =
    R"({"format":"ipamd-recording","version":1,"layer":"datastore","prefix_mode":false,"cooldown":30})";

}  // namespace

TEST_CASE("a recording that was tampered with does not") {
  const auto replayer = aws::ipamd_replayer().make(node_header);
  // Nine addresses fill the primary interface.
  const auto answer = replayer->answer(R"({"i":1,"t":0,"op":"start"})");
  CHECK(answer.find(R"("got":["10.0.0.5-10.0.0.13"])") != std::string::npos);
  const auto difference =
      replayer->check(R"({"i":2,"t":0,"op":"add","pods":[1],"answer":{"ips":["10.0.0.6"]},"state":""})");
  REQUIRE(difference);
  CHECK(difference->find(R"(recorded {"ips":["10.0.0.6"]})") != std::string::npos);
  CHECK(difference->find(R"(cidrplan {"ips":["10.0.0.5"]})") != std::string::npos);
}

TEST_CASE("targets of any size are read as the daemon reads them") {
  // A t3.medium has 3 interfaces of 5 addresses: it gets the 5 of the first whatever more is wanted.
  for (const auto* target : {"17", "999999", "1000000", "+0000000000020", "99999999999999999"}) {
    CAPTURE(target);
    const auto header =
        R"({"format":"ipamd-recording","version":1,"layer":"node","instance":{"type":"t3.medium","enis":3,"addresses":6},)"
        R"("max_pods":17,"settings":{"WARM_IP_TARGET":")" +
        std::string(target) +
        R"("},"subnets":[{"id":"a","cidr":"10.0.0.0/24"}],"node_subnet":"a",)"
        R"("attached":[{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4","type":"interface"}]})";
    const auto replayer = aws::ipamd_replayer().make(header);
    replayer->answer(R"({"i":1,"t":0,"op":"start"})");
    const auto answer = replayer->answer(R"({"i":2,"t":0,"op":"round"})");
    CHECK(answer.find(R"("call":"create")") != std::string::npos);
    CHECK(answer.find(R"("ips":5)") != std::string::npos);
  }
}

TEST_CASE("a shuffled choice that is no candidate is a difference") {
  std::string header = store_header;
  header.insert(header.size() - 1, R"(,"order":"shuffled")");
  const auto replayer = aws::ipamd_replayer().make(header);
  const auto add = [&](const char* cidr, int i) {
    return replayer->check(R"({"i":)" + std::to_string(i) +
                           R"(,"t":0,"op":"add_cidr","eni":"eni-001","cidr":")" + cidr + R"(","answer":{}})");
  };
  CHECK_FALSE(replayer->check(R"({"i":1,"t":0,"op":"add_eni","eni":"eni-001","primary":true,"answer":{}})"));
  CHECK_FALSE(add("10.0.0.1/32", 2));
  CHECK_FALSE(add("10.0.0.2/32", 3));
  CHECK_FALSE(replayer->check(R"({"i":4,"t":0,"op":"assign","pod":"p1","answer":{"ip":"10.0.0.2"}})"));
  CHECK(replayer->check(R"({"i":5,"t":0,"op":"assign","pod":"p2","answer":{"ip":"10.0.0.2"}})"));
}

TEST_CASE("an emptied unit of an excluded interface goes after five seconds, of either family") {
  // deallocateEmptyCIDR looks in the map of the unit's family; the counters stay as they are.
  struct Family {
    const char* header;
    const char* add;
    const char* unit;
    const char* address;
    const char* counters;
  };
  const Family families[] = {
      {R"("kind":"excluded","prefix_mode":true)", R"("op":"add_cidr")", "10.0.0.16/28", "10.0.0.16",
       "T 16 0 1"},
      {R"("kind":"ipv6","prefix_mode":true)", R"("op":"add_cidr6")", "fd00::/80",
       "fd00::", "T 281474976710656 0 1"},
  };
  for (const auto& family : families) {
    CAPTURE(family.unit);
    const auto replayer = aws::ipamd_replayer().make(
        std::string(R"({"format":"ipamd-recording","version":1,"layer":"datastore","cooldown":30,)") +
        family.header + "}");
    int i = 0;
    const auto perform = [&](int t, const std::string& rest) {
      return replayer->answer(R"({"i":)" + std::to_string(++i) + R"(,"t":)" + std::to_string(t) + "," + rest +
                              "}");
    };
    const auto lines = [&](int t) { return perform(t, R"("op":"dump")"); };
    perform(0, R"("op":"add_eni","eni":"eni-001","device":0,"primary":true)");
    perform(0, std::string(family.add) + R"(,"eni":"eni-001","prefix":true,"cidr":")" + family.unit + "\"");
    CHECK(perform(0, R"("op":"assign","pod":"p1")").find(family.address) != std::string::npos);
    perform(1000, R"("op":"set_excluded","eni":"eni-001","excluded":true)");
    perform(2000, R"("op":"unassign","pod":"p1")");
    CHECK(lines(6999).find(family.unit) != std::string::npos);
    const auto later = lines(7000);
    CHECK(later.find(family.unit) == std::string::npos);
    CHECK(later.find(family.counters) != std::string::npos);
  }
}

TEST_CASE("lines that are no operations are refused") {
  const char* const lines[] = {
      "",
      "{",
      "[]",
      "null",
      R"({"i":1})",
      R"({"i":-1,"t":0,"op":"round"})",
      R"({"i":1.5,"t":0,"op":"round"})",
      R"({"t":0,"op":"round"})",
      R"({"i":1,"t":-5,"op":"round"})",
      R"({"i":1,"t":1e300,"op":"round"})",
      R"({"i":1,"t":99999999999999999999,"op":"round"})",
      R"({"i":1,"t":0,"op":"fly"})",
      R"({"i":1,"t":0,"op":7})",
      R"({"i":1,"t":0,"op":"add","pods":["x"]})",
      R"({"i":1,"t":0,"op":"add","pods":[-1]})",
      R"({"i":1,"t":0,"op":"add","pods":7})",
      R"({"i":1,"t":0,"op":"others_take","subnet":"b","ips":[]})",
      R"({"i":1,"t":0,"op":"others_take","subnet":"a","ips":["10.0.0.2"]})",
      R"({"i":1,"t":0,"op":"others_take","subnet":"a","ips":["10.0.0.9-10.9.0.0"]})",
      R"({"i":1,"t":0,"op":"others_take","subnet":"a","ips":["10.0.0.9-10.0.0.5"]})",
      R"({"i":1,"t":0,"op":"others_give","subnet":"a","ips":["10.0.0.4"]})",
      R"({"i":1,"t":0,"op":"others_give","subnet":"a","ips":["10.0.0.0"]})",
      R"({"i":1,"t":0,"op":"attach_trunk","eni":"eni-001","device":1,"subnet":"a","primary":"10.0.0.9"})",
      R"({"i":1,"t":0,"op":"attach_trunk","eni":"en1","device":1,"subnet":"a","primary":"10.0.0.9"})",
      R"({"i":1,"t":0,"op":"restart","settings":{"WARM_IP_TARGET":3}})",
      R"({"i":1,"t":0,"op":"advance","ms":-1})",
  };
  for (const auto* line : lines) {
    CAPTURE(line);
    const auto replayer = aws::ipamd_replayer().make(node_header);
    CHECK_THROWS_AS(replayer->check(line), ReplayInputError);
  }
  const char* const store_lines[] = {
      R"({"i":1,"t":0,"op":"add_eni","eni":"x"})",
      R"({"i":1,"t":0,"op":"add_cidr","eni":"eni-001","cidr":"10.0.0.0/27","prefix":true})",
      R"({"i":1,"t":0,"op":"add_cidr","eni":"eni-001","cidr":"10.0.0.0/28"})",
      R"({"i":1,"t":0,"op":"add_cidr6","eni":"eni-001","cidr":"10.0.0.0/28","prefix":true})",
      R"({"i":1,"t":0,"op":"stats","family":"5"})",
      R"({"i":1,"t":0,"op":"restart","lost":["10.0.0.1"]})",
      R"({"i":1,"t":0,"op":"remove_unused_eni","warm_ip":-1})",
  };
  for (const auto* line : store_lines) {
    CAPTURE(line);
    const auto replayer = aws::ipamd_replayer().make(store_header);
    CHECK_THROWS_AS(replayer->check(line), ReplayInputError);
  }
  const auto replayer = aws::ipamd_replayer().make(store_header);
  CHECK_THROWS_AS(replayer->check(std::string(100'000, '[')), ReplayInputError);
  CHECK_FALSE(replayer->check(R"({"i":18446744073709551615,"t":5,"op":"advance"})"));
  CHECK_THROWS_AS(replayer->check(R"({"i":1,"t":4,"op":"advance"})"), ReplayInputError);
}

TEST_CASE("headers of another kind are refused") {
  const char* const headers[] = {
      "",
      "{}",
      R"({"format":"calico-ipam-recording","version":1})",
      R"({"format":"ipamd-recording","version":2,"layer":"node"})",
      R"({"format":"ipamd-recording","version":1,"layer":"cloud"})",
      R"({"format":"ipamd-recording","version":1,"layer":"node"})",
      R"({"format":"ipamd-recording","version":1,"layer":"datastore","cooldown":30,"order":"sideways"})",
      R"({"format":"ipamd-recording","version":1,"layer":"datastore","cooldown":-1})",
      (R"({"format":"ipamd-recording","version":1,"layer":"node","instance":{"enis":3,"addresses":10},)"
       R"("subnets":[{"id":"a","cidr":"10.0.0.0/8"}],"node_subnet":"a"})"),
  };
  for (const auto* header : headers) {
    CAPTURE(header);
    CHECK_THROWS_AS(aws::ipamd_replayer().make(header), ReplayInputError);
  }
}
