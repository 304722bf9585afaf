#include <string>

#include "tests/models/aws/hand_recording.h"
#include "tests/support/catch.h"

using namespace cidrplan::test;

// Recordings written by hand: rules of the daemon that the recordings beneath tests/conformance/ do not
// reach. Every answer is derived from the rule named beside it.

TEST_CASE("a Xen type takes single addresses where prefixes are asked for") {
  // isConfigValid falls back to single addresses; WARM_ENI_TARGET is then 1: all N = 9 of the first
  // interface.
  HandRecording recording({.settings = R"({"ENABLE_PREFIX_DELEGATION":"true","WARM_PREFIX_TARGET":"1"})",
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
  HandRecording recording(
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

TEST_CASE("a type without trunk compares with metadata every round while pods may have interfaces") {
  // ENABLE_POD_ENI on and no trunk in the datastore: hasRoomForEni asks for the type, the comparison does
  // not.
  HandRecording recording({.settings = R"({"ENABLE_POD_ENI":"true","WARM_IP_TARGET":"1"})",
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
  HandRecording recording(
      {.settings = R"({"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG":"true",)"
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
  HandRecording recording(
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

TEST_CASE("an attachment that EC2 refuses is undone, and no back-off follows") {
  // A foreign interface took the third slot, which the daemon does not know before it compares with metadata.
  HandRecording recording({});
  recording.perform(0, starts);
  recording.perform(0, R"("op":"add","pods":[1])");
  recording.perform(0, one_round);  // 8 of 9 free: eni-002
  recording.perform(5000,
                    R"("op":"attach_trunk","eni":"eni-003","device":2,"subnet":"a","primary":"10.0.0.50")");
  recording.perform(5000, R"("op":"add","pods":[2,3,4,5,6,7,8,9,10])");
  const auto refused = [](const std::string& eni) {
    return R"({"calls":[{"call":"describe_subnets"},{"call":"create","subnet":"a","ips":9,"eni":")" + eni +
           R"(","primary":"10.0.0.24","got":["10.0.0.25-10.0.0.33"]},{"call":"describe_instances"},)" +
           R"({"call":"attach","eni":")" + eni + R"(","device":3,"error":"AttachmentLimitExceeded"},)" +
           R"({"call":"delete","eni":")" + eni + R"("}],"enis":[[0,9,9],[1,9,1]],"stats":[18,10,0,0]})";
  };
  recording.expect(5000, one_round, refused("eni-004"));
  recording.expect(10000, one_round, refused("eni-005"));
}

TEST_CASE("an interface with more units than the daemon knows is read anew") {
  // While ENABLE_POD_ENI waits for a trunk, each comparison drops what was given back less than 60 s ago and
  // given out again since: EC2 then has five units, the datastore four.
  HandRecording recording({.settings = R"({"ENABLE_POD_ENI":"true","WARM_IP_TARGET":"1"})",
                           .instance = R"({"type":"t3.medium","enis":3,"addresses":6})",
                           .max_pods = 17});
  recording.perform(0, starts);
  recording.perform(0, R"("op":"add","pods":[1])");
  recording.perform(0, one_round);
  recording.perform(5000, R"("op":"del","pods":[1])");
  recording.perform(5000, one_round);  // gives 10.0.0.5 back at 7.5 s
  recording.expect(10000, R"("op":"add","pods":[2])", R"({"ips":["10.0.0.6"]})");
  recording.perform(10000, one_round);  // 10.0.0.5 again, which is dropped
  recording.perform(15000, one_round);
  recording.expect(20000, R"("op":"add","pods":[3])", R"({"ips":["10.0.0.7"]})");
  recording.perform(20000, one_round);
  recording.expect(25000, R"("op":"add","pods":[4])", R"({"ips":["10.0.0.8"]})");
  recording.perform(25000, one_round);
  recording.expect(30000, R"("op":"add","pods":[5])", R"({"ips":["10.0.0.9"]})");
  recording.expect(
      30000, one_round,
      R"({"calls":[{"call":"assign","eni":"eni-001","ips":1,"error":"PrivateIpAddressLimitExceeded"},)"
      R"({"call":"describe_enis","eni":"eni-001"}],"enis":[[0,4,4]],"stats":[4,4,0,0]})");
  // Beyond the 60 s it counts as any other; metadata and datastore differ, so EC2 is asked.
  for (std::int64_t t = 35000; t < 65000; t += 5000) recording.perform(t, one_round);
  recording.expect(
      65000, one_round,
      R"({"calls":[{"call":"assign","eni":"eni-001","ips":1,"error":"PrivateIpAddressLimitExceeded"},)"
      R"({"call":"describe_enis","eni":"eni-001"}],"reconcile":[{"call":"describe_enis","eni":"eni-001"}],)"
      R"("enis":[[0,5,4]],"stats":[5,4,0,0]})");
}

TEST_CASE("a node in a subnet set aside serves pods from other subnets only") {
  // Tag value 0: the primary interface is excluded, gives back what it has, and the subnet gets no interface.
  // Tag value other than 0 and no other cluster's: valid. Most free addresses first: c (123) before b (59).
  HandRecording recording(
      {.settings = R"({"CLUSTER_NAME":"demo"})",
       .subnets =
           R"([{"id":"a","cidr":"10.0.0.0/24","tags":{"kubernetes.io/role/cni":"0"}},)"
           R"({"id":"b","cidr":"10.0.1.0/26","tags":{"kubernetes.io/role/cni":""}},)"
           R"({"id":"c","cidr":"10.0.2.0/25","tags":{"kubernetes.io/role/cni":"1",)"
           R"("cni.networking.k8s.aws/cluster/demo":"shared","cni.networking.k8s.aws/cluster/other":"shared"}},)"
           R"({"id":"d","cidr":"10.0.4.0/23","tags":{"kubernetes.io/role/cni":"1",)"
           R"("cni.networking.k8s.aws/cluster/other":"shared"}},)"
           R"({"id":"e","cidr":"10.0.6.0/23"}])",
       .attached =
           R"([{"eni":"eni-001","device":0,"subnet":"a","primary":"10.0.0.4","ips":["10.0.0.5-10.0.0.6"]}])"});
  recording.expect(
      0, starts,
      R"({"calls":[{"call":"describe_enis","eni":"eni-001"},{"call":"tag","eni":"eni-001"},)"
      R"({"call":"describe_subnets"},{"call":"unassign","eni":"eni-001","gave":["10.0.0.5-10.0.0.6"]},)"
      R"({"call":"set_groups","eni":"eni-001"},{"call":"describe_subnets"},)"
      R"({"call":"create","subnet":"c","ips":9,"eni":"eni-002","primary":"10.0.2.4","got":["10.0.2.5-10.0.2.13"]},)"
      R"({"call":"describe_instances"},{"call":"attach","eni":"eni-002","device":1},{"call":"modify","eni":"eni-002"},)"
      R"({"call":"describe_subnets"}],"enis":[[0,0,0],[1,9,0]],"stats":[9,0,0,0]})");
  // Others leave 10 free in c, of which an interface takes 1 + 9, and more in b: now b comes first.
  recording.perform(0, R"("op":"others_take","subnet":"c","ips":["10.0.2.14-10.0.2.116"])");
  recording.perform(0, R"("op":"add","pods":[1])");
  recording.expect(
      0, one_round,
      R"({"calls":[{"call":"describe_subnets"},)"
      R"({"call":"create","subnet":"b","ips":9,"eni":"eni-003","primary":"10.0.1.4","got":["10.0.1.5-10.0.1.13"]},)"
      R"({"call":"describe_instances"},{"call":"attach","eni":"eni-003","device":2},{"call":"modify","eni":"eni-003"},)"
      R"({"call":"describe_subnets"}],"enis":[[0,0,0],[1,9,1],[2,9,0]],"stats":[18,1,0,0]})");
}

TEST_CASE("without subnet discovery a node in a subnet set aside gets no interface") {
  HandRecording recording(
      {.settings = R"({"ENABLE_SUBNET_DISCOVERY":"false","WARM_ENI_TARGET":"2"})",
       .subnets = R"([{"id":"a","cidr":"10.0.0.0/24","tags":{"kubernetes.io/role/cni":"0"}}])"});
  // Exclusion concerns new interfaces here, not what the primary one gives.
  recording.expect(0, starts,
                   R"({"calls":[{"call":"describe_enis","eni":"eni-001"},{"call":"tag","eni":"eni-001"},)"
                   R"({"call":"set_groups","eni":"eni-001"},)"
                   R"({"call":"assign","eni":"eni-001","ips":9,"got":["10.0.0.5-10.0.0.13"]}],)"
                   R"("enis":[[0,9,0]],"stats":[9,0,0,0]})");
  // No error of EC2's: no back-off, so that every round asks again.
  for (std::int64_t t = 0; t < 15000; t += 5000)
    recording.expect(t, one_round,
                     R"({"calls":[{"call":"describe_subnets"}],"enis":[[0,9,0]],"stats":[9,0,0,0]})");
}

TEST_CASE("a cordoned node grows and frees interfaces only where it is told to manage them") {
  for (const bool manages : {false, true}) {
    CAPTURE(manages);
    HandRecording recording({.settings = manages ? R"({"AWS_MANAGE_ENIS_NON_SCHEDULABLE":"true"})" : "{}"});
    recording.perform(0, R"("op":"cordon")");
    CHECK(holds(recording.perform(0, starts), R"("call":"assign")") == manages);
    CHECK(holds(recording.perform(0, one_round), R"("call":"assign")") == false);
    recording.perform(5000, R"("op":"uncordon")");
    CHECK(holds(recording.perform(5000, one_round), R"("call":"assign")") != manages);
  }
}

TEST_CASE("the back-off lasts until more than 120 s after the error that ended an attempt") {
  // 10.0.0.0/28: five reserved and the primary address leave 10, others take all. Without discovery the
  // second request's error ends the attempt; checks fall on 2.5 s of every round.
  HandRecording recording({.settings =
                               R"({"ENABLE_SUBNET_DISCOVERY":"false","ENABLE_PREFIX_DELEGATION":"true",)"
                               R"("WARM_PREFIX_TARGET":"2"})",
                           .subnets = R"([{"id":"a","cidr":"10.0.0.0/28"}])",
                           .max_pods = 110});
  const std::string twice =
      R"({"call":"assign","eni":"eni-001","prefixes":2,"error":"InsufficientCidrBlocks"},)"
      R"({"call":"assign","eni":"eni-001","prefixes":1,"error":"InsufficientCidrBlocks"}])";
  recording.expect(0, starts,
                   R"({"calls":[{"call":"describe_enis","eni":"eni-001"},{"call":"tag","eni":"eni-001"},)"
                   R"({"call":"set_groups","eni":"eni-001"},)" +
                       twice + R"(,"enis":[[0,0,0]],"stats":[0,0,0,0]})");
  // Attempts at 122.5 s and 247.5 s (245 s after 122.5 s would be too early: 122.5 + 120 is not above 242.5).
  for (std::int64_t t = 0; t <= 245'000; t += 5'000) {
    const bool tries = t == 120'000 || t == 245'000;
    recording.expect(t, one_round,
                     (tries ? R"({"calls":[)" + twice + "," : std::string("{")) +
                         R"("enis":[[0,0,0]],"stats":[0,0,0,0]})");
  }
}

TEST_CASE("a prefix target keeps an idle interface although address targets rule") {
  // W 1, M 0, prefix target 1, m5.large: with 144 pods the ninth prefix fills the first interface, one more
  // comes on the second. When its last pod has gone, the others hold no free prefix: it stays. Without the
  // prefix target it goes once 60 s old and out of cooldown, because the others have the 16 addresses that W
  // asks for.
  for (const bool keeps : {false, true}) {
    CAPTURE(keeps);
    const std::string target = keeps ? R"("1")" : R"("0")";
    HandRecording recording({.settings = R"({"ENABLE_PREFIX_DELEGATION":"true","WARM_IP_TARGET":"1",)"
                                         R"("MINIMUM_IP_TARGET":"0","WARM_PREFIX_TARGET":)" +
                                         target + "}",
                             .subnets = R"([{"id":"a","cidr":"10.0.0.0/20"}])",
                             .max_pods = 250});
    recording.perform(0, starts);
    std::string pods = "0";
    std::int64_t t = 0;
    for (int pod = 1; pod < 144; ++pod) {
      pods += "," + std::to_string(pod);
      if (pod % 16 != 15) continue;
      recording.perform(t, R"("op":"add","pods":[)" + pods + "]");
      pods = std::to_string(pod);
      recording.perform(t, one_round);
      t += 5000;
    }
    recording.expect(t, one_round, R"({"enis":[[0,9,144],[1,1,0]],"stats":[160,144,0,10]})");
    // One pod of each prefix of the first interface goes: the others then have nine free addresses, in no
    // free prefix, which is below W rounded up to 16; seven more of the first prefix: 16.
    recording.perform(t + 5000, R"("op":"del","pods":[0,16,32,48,64,80,96,112,128,1,2,3,4,5,6,7])");
    bool freed = false;
    for (int round = 1; round <= 30; ++round)
      freed = freed || holds(recording.perform(t + 5000 * round + (freed ? 2000 : 0), one_round),
                             R"("call":"detach")");
    CHECK(freed != keeps);
  }
}
