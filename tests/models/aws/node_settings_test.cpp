#include <string>

#include "tests/models/aws/hand_recording.h"
#include "tests/support/catch.h"

using namespace cidrplan::test;

namespace {

/// Why the recording of such a node is not read; empty where it is.
std::string header_error(const RecordedNode& node) {
  try {
    HandRecording recording(node);
  } catch (const cidrplan::ReplayInputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("numbers are read as the daemon's language reads them") {
  // WARM_ENI_TARGET 0: with one free address of nine nothing is added; 1: another interface comes.
  const auto creates = [](const std::string& settings) {
    HandRecording recording({.settings = settings});
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
    HandRecording recording(
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
  HandRecording recording({});
  recording.perform(0, starts);
  CHECK(holds(recording.error_of(0, R"("op":"restart","settings":{"ENABLE_MULTI_NIC":"t"})"),
              "ENABLE_MULTI_NIC"));
}

TEST_CASE("nothing is asked of a daemon that has not started") {
  for (const auto* operation :
       {R"("op":"round")", R"("op":"add","pods":[1])", R"("op":"del","pods":[1])", R"("op":"restart")"}) {
    CAPTURE(operation);
    HandRecording recording({});
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

TEST_CASE("a restart without settings, or with null, keeps those before") {
  // WARM_IP_TARGET 3 at the start: three addresses. With settings of its own, none of them: nine.
  const auto addresses_after = [](const std::string& members) {
    HandRecording recording({.settings = R"({"WARM_IP_TARGET":"3"})"});
    recording.perform(0, starts);
    const auto answer = recording.perform(0, R"("op":"restart")" + members);
    return holds(answer, R"("stats":[3,0,0,0])") ? 3 : holds(answer, R"("stats":[9,0,0,0])") ? 9 : 0;
  };
  CHECK(addresses_after("") == 3);
  CHECK(addresses_after(R"(,"settings":null)") == 3);
  CHECK(addresses_after(R"(,"settings":{})") == 9);
}

TEST_CASE("an operation that there is none of is named with the one that was meant") {
  HandRecording recording({});
  CHECK(recording.error_of(0, R"("op":"rounds")") ==
        R"("op" is "rounds", which is no operation; did you mean round?)");
  CHECK(recording.error_of(0, R"("op":"")") ==
        R"("op" is "", which is no operation; known are add, advance, attach_trunk, cordon, del, dump, )"
        R"(others_give, others_take, restart, round, start, uncordon)");
  CHECK(holds(recording.error_of(0, R"("op":")" + std::string(500, 'x') + "\""),
              R"("op" is ")" + std::string(60, 'x') + R"(", which is)"));
}
