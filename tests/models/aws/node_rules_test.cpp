#include <string>

#include "models/aws/replay.h"
#include "tests/support/catch.h"

using namespace cidrplan;

// Recordings written by hand: rules of the daemon that the recordings beneath tests/conformance/ do not
// reach. Every answer is derived from the rule named beside it.

namespace {

/// An m5.large in 10.0.0.0/24 with nothing but its primary interface.
struct Node {
  std::string settings = "{}";
  std::string instance = R"({"type":"m5.large","enis":3,"addresses":10})";
  std::string subnets = R"([{"id":"a","cidr":"10.0.0.0/24"}])";
  std::string attached = R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4"}])";
  int max_pods = 29;
  std::string more = {};  ///< further members of the header, with a comma before each
};

std::string header_of(const Node& node) {
  return R"({"format":"ipamd-recording","version":1,"layer":"node","order":"ascending","instance":)" +
         node.instance + R"(,"max_pods":)" + std::to_string(node.max_pods) + R"(,"settings":)" +
         node.settings + R"(,"subnets":)" + node.subnets + R"(,"node_subnet":"a","attached":)" +
         node.attached + node.more + "}";
}

class Recording {
 public:
  explicit Recording(const Node& node) : replayer_(aws::ipamd_replayer().make(header_of(node))) {}

  /// @param operation  its members besides `i` and `t`
  void expect(std::int64_t t, const std::string& operation, const std::string& answer) {
    const auto difference =
        replayer_->check(R"({"i":)" + std::to_string(++number_) + R"(,"t":)" + std::to_string(t) + "," +
                         operation + R"(,"answer":)" + answer + "}");
    if (difference) FAIL_CHECK(*difference);
  }
  /// An operation whose answer is of no interest here.
  std::string perform(std::int64_t t, const std::string& operation) {
    return replayer_->answer(R"({"i":)" + std::to_string(++number_) + R"(,"t":)" + std::to_string(t) + "," +
                             operation + "}");
  }
  std::string error_of(std::int64_t t, const std::string& operation) {
    try {
      perform(t, operation);
    } catch (const ReplayInputError& error) {
      return error.what();
    }
    return "";
  }

 private:
  std::unique_ptr<Replayer> replayer_;
  int number_ = 0;
};

std::string header_error(const Node& node) {
  try {
    Recording recording(node);
  } catch (const ReplayInputError& error) {
    return error.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

constexpr const char* starts = R"("op":"start")";
constexpr const char* one_round = R"("op":"round")";

}  // namespace

TEST_CASE("a Xen type takes single addresses where prefixes are asked for") {
  // isConfigValid falls back to single addresses; WARM_ENI_TARGET is then 1: all N = 9 of the first
  // interface.
  Recording recording({.settings = R"({"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"})",
                       .instance = R"({"type":"m4.large","enis":2,"addresses":10})"});
  recording.expect(0, starts,
                   R"({"calls":[{"call":"describe_enis","eni":"eni-001"},{"call":"tag","eni":"eni-001"},)"
                   R"({"call":"describe_subnets"},{"call":"set_groups","eni":"eni-001"},)"
                   R"({"call":"assign","eni":"eni-001","ips":9,"got":["10.0.0.5-10.0.0.13"]}],)"
                   R"("enis":[[0,9,0]],"stats":[9,0,0,0]})");
}

TEST_CASE("an interface tagged no_manage with another value than true is managed") {
  // setUnmanagedENIs looks at that tag first: only "true" leaves the interface alone, and with another value
  // MANAGE_UNTAGGED_ENI is not looked at.
  Recording recording(
      {.settings = R"({"MANAGE_UNTAGGED_ENI":"false"})",
       .attached = R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4"},)"
                   R"({"eni":"eni-002","device":1,"subnet":"a","primary":"10.0.0.5","no_manage":"false"}])"});
  recording.expect(
      0, starts,
      R"({"calls":[{"call":"describe_enis","ips":2},{"call":"tag","eni":"eni-001"},)"
      R"({"call":"describe_subnets"},{"call":"tag","eni":"eni-002"},{"call":"describe_subnets"},)"
      R"({"call":"set_groups","eni":"eni-001"},{"call":"set_groups","eni":"eni-002"},)"
      R"({"call":"assign","eni":"eni-001","ips":9,"got":["10.0.0.6-10.0.0.14"]}],)"
      R"("enis":[[0,9,0],[1,0,0]],"stats":[9,0,0,0]})");
}

TEST_CASE("numbers are read as the daemon's language reads them") {
  // WARM_ENI_TARGET 0: with one free address of nine nothing is added; 1: another interface comes.
  const auto creates = [](const std::string& settings) {
    Recording recording({.settings = settings});
    recording.perform(0, starts);
    recording.perform(0, R"("op":"add","pods":[1])");
    return holds(recording.perform(0, one_round), R"("call":"create")");
  };
  for (const auto* zero : {"0", "-0", "+0", "00000000000000000000000"}) {
    CAPTURE(zero);
    CHECK_FALSE(creates(R"({"WARM_ENI_TARGET":")" + std::string(zero) + R"("})"));
  }
  for (const auto* other : {"", "-1", "1.0", " 0", "0x0", "+-0", "--0", "9223372036854775808"}) {
    CAPTURE(other);
    CHECK(creates(R"({"WARM_ENI_TARGET":")" + std::string(other) + R"("})"));
  }
  // 64 bits: a target of 19 digits counts, and what does not fit counts as not given.
  CHECK(creates(R"({"WARM_IP_TARGET":"1000000000000000000"})"));
  CHECK(creates(R"({"WARM_ENI_TARGET":"0","MINIMUM_IP_TARGET":"9223372036854775807"})"));
  CHECK_FALSE(creates(R"({"WARM_ENI_TARGET":"0","MINIMUM_IP_TARGET":"9223372036854775808"})"));
  // MAX_ENI below 1, unreadable or above the type's own limit is none at all.
  for (const auto* none : {"0", "-1", "two", "99", "9223372036854775807"}) {
    CAPTURE(none);
    CHECK(creates(R"({"MAX_ENI":")" + std::string(none) + R"("})"));
  }
  CHECK_FALSE(creates(R"({"MAX_ENI":"1"})"));
  CHECK(creates(R"({"MAX_ENI":"+2"})"));
}

TEST_CASE("a cooldown is any number of seconds, negative ones included") {
  // The only address is free again once now - release > period. Negative: at once. Unreadable: 30 s.
  const auto free_after = [](const std::string& period, std::int64_t ms) {
    Recording recording(
        {.settings = R"({"MINIMUM_IP_TARGET":"1","IP_COOLDOWN_PERIOD":")" + period + R"("})"});
    recording.perform(0, starts);
    recording.perform(0, R"("op":"add","pods":[1])");
    recording.perform(1000, R"("op":"del","pods":[1])");
    return holds(recording.perform(1000 + ms, R"("op":"add","pods":[2])"), R"("10.0.0.5")");
  };
  CHECK(free_after("-1", 0));
  CHECK_FALSE(free_after("0", 0));
  CHECK(free_after("0", 1));
  CHECK_FALSE(free_after("7", 7000));
  CHECK(free_after("7", 7001));
  CHECK_FALSE(free_after("ten", 30000));
  CHECK(free_after("ten", 30001));
  CHECK_FALSE(free_after("", 30000));
  CHECK_FALSE(free_after("9000000000", 1'000'000'000'000));
  // Nanoseconds of 64 bits: 18,446,744,073 s are 290,448,384 ns short of a whole turn, which is less than
  // none.
  CHECK(free_after("18446744073", 0));
  // 18,446,744,074 s are 290,448,384 ns beyond it.
  CHECK_FALSE(free_after("18446744074", 290));
  CHECK(free_after("18446744074", 291));
}

TEST_CASE("a type without trunk compares with metadata every round while pods may have interfaces") {
  // ENABLE_POD_ENI on and no trunk in the datastore: hasRoomForEni asks for the type, the comparison does
  // not.
  Recording recording({.settings = R"({"ENABLE_POD_ENI":"true","WARM_IP_TARGET":"1"})",
                       .instance = R"({"type":"t3.medium","enis":3,"addresses":6})",
                       .max_pods = 17});
  recording.perform(0, starts);
  recording.expect(0, R"("op":"add","pods":[1])", R"({"ips":["10.0.0.5"]})");
  recording.expect(0, one_round,
                   R"({"calls":[{"call":"assign","eni":"eni-001","ips":1,"got":["10.0.0.6"]}],)"
                   R"("enis":[[0,2,1]],"stats":[2,1,0,0]})");
  recording.expect(5000, R"("op":"del","pods":[1])", "{}");
  recording.expect(5000, one_round,
                   R"({"calls":[{"call":"unassign","eni":"eni-001","gave":["10.0.0.5"]}],)"
                   R"("enis":[[0,1,0]],"stats":[1,0,0,0]})");
  recording.expect(10000, R"("op":"add","pods":[2])", R"({"ips":["10.0.0.6"]})");
  // EC2 gives 10.0.0.5 again; given back less than 60 s ago, it is dropped by the comparison.
  recording.expect(10000, one_round,
                   R"({"calls":[{"call":"assign","eni":"eni-001","ips":1,"got":["10.0.0.5"]}],)"
                   R"("enis":[[0,1,1]],"stats":[1,1,0,0]})");
}

TEST_CASE("prefixes of the primary interface stay out of the pool under custom networking") {
  // Metadata does not tell them, at the start no more than at a comparison later on.
  Recording recording({.settings = R"({"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"true",)"
                                   R"("ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"})",
                       .subnets = R"([{"id":"a","cidr":"10.0.0.0/24"},{"id":"p","cidr":"100.64.0.0/24"}])",
                       .attached = R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4",)"
                                   R"("ips":["10.0.0.5","10.0.0.16/28"]}])",
                       .max_pods = 110,
                       .more = R"(,"pod_subnet":"p")"});
  recording.perform(0, starts);
  for (std::int64_t t = 0; t < 120'000; t += 5'000)
    recording.expect(t, one_round, R"({"enis":[[0,0,0],[1,1,0]],"stats":[16,0,0,1]})");
}

TEST_CASE("a daemon that knows only metadata asks EC2 for no interface and knows no tags and no kinds") {
  // DescribeAllENIs returns what metadata holds; trunk, EFA and tags are EC2's to tell.
  Recording recording(
      {.settings = R"({"ENABLE_IMDS_ONLY_MODE":"true"})",
       .attached = R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4","ips":["10.0.0.5"]},)"
                   R"({"eni":"eni-002","device":1,"subnet":"a","primary":"10.0.0.6","ips":["10.0.0.7"],)"
                   R"("no_manage":"true"}])"});
  recording.expect(0, starts,
                   R"({"calls":[{"call":"describe_subnets"},{"call":"describe_subnets"}],)"
                   R"("enis":[[0,1,0],[1,1,0]],"stats":[2,0,0,0]})");
  recording.expect(0, R"("op":"add","pods":[1,2,3])", R"({"ips":["10.0.0.5","10.0.0.7","-"]})");
  recording.expect(0, R"("op":"attach_trunk","eni":"eni-003","device":2,"subnet":"a","primary":"10.0.0.8")",
                   "{}");
  recording.expect(0, one_round,
                   R"({"reconcile":[{"call":"describe_subnets"}],"extra":-2500,)"
                   R"("enis":[[0,1,1],[1,1,1],[2,0,0]],"stats":[2,2,0,0]})");
  const auto lines = recording.perform(2500, R"("op":"dump")");
  CHECK(holds(lines, "E eni-003 2 - 2500"));
}

TEST_CASE("settings that no recording covers are refused") {
  CHECK(header_error({.settings = R"({"ENABLE_MULTI_NIC":"true"})"}) ==
        R"("settings": ENABLE_MULTI_NIC is "true", but only network card 0 is replayed; record without it)");
  CHECK(header_error({.settings = R"({"ENABLE_IPv6":"1","ENABLE_IPv4":"false"})"}) ==
        R"("settings": ENABLE_IPv6 is "1", but of a node's daemon only IPv4 is replayed; record without it)");
  CHECK(
      header_error({.settings = R"({"ENABLE_IPv4":"false"})"}) ==
      R"("settings": ENABLE_IPv4 is "false", but of a node's daemon only IPv4 is replayed; record without it)");
  CHECK(header_error({.settings = R"({"WARM_IP_TARGETS":"2"})"}) ==
        R"("settings": the VPC CNI has no variable WARM_IP_TARGETS; did you mean WARM_IP_TARGET?)");
  CHECK(header_error({.settings = R"({"COLOUR":"red"})"}) ==
        R"("settings": the VPC CNI has no variable COLOUR; leave out what its daemon does not read)");
  CHECK(header_error({.settings = R"({"ENABLE_MULTI_NIC":"false","ENABLE_IPv4":"true","ENABLE_IPv6":"maybe",)"
                                  R"("AWS_VPC_K8S_CNI_LOGLEVEL":"DEBUG"})"})
            .empty());
  Recording recording({});
  recording.perform(0, starts);
  CHECK(holds(recording.error_of(0, R"("op":"restart","settings":{"ENABLE_MULTI_NIC":"t"})"),
              "ENABLE_MULTI_NIC"));
}

TEST_CASE("nothing is asked of a daemon that has not started") {
  for (const auto* operation :
       {R"("op":"round")", R"("op":"add","pods":[1])", R"("op":"del","pods":[1])", R"("op":"restart")"}) {
    CAPTURE(operation);
    Recording recording({});
    recording.perform(0, R"("op":"cordon")");
    recording.perform(0, R"("op":"others_take","subnet":"a","ips":["10.0.0.9"])");
    const auto error = recording.error_of(0, operation);
    const std::string name(operation + 6, std::string(operation + 6).find('"'));
    CHECK(error == R"("op" is ")" + name +
                       R"(", but the daemon has not started; a recording of a node has "start" before it)");
    recording.perform(0, starts);
    CHECK(recording.error_of(0, operation).empty());
  }
}
