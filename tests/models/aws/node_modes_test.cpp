#include "models/all_models.h"
#include "tests/models/aws/designs.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::test;

namespace {

const std::string vpc = "cidrs = [\"10.0.0.0/16\"]";

std::string subnet(const std::string& name, const std::string& cidr, const std::string& more = "") {
  return "[[subnet]]\nname = \"" + name + "\"\ncidr = \"" + cidr + "\"\nzone = \"us-east-1a\"\n" + more +
         "\n";
}

std::string pods(int count, const std::string& more = "") {
  return "[[workload]]\nname = \"w\"\npods = " + std::to_string(count) + "\n" + more;
}

std::int64_t held_in(const Run& run, std::size_t subnet) {
  return static_cast<std::int64_t>(run.end.rows[subnet].usage.held());
}

/// What a person sees of a scenario that is refused.
std::string refusal_of(const DesignCase& one) {
  const auto loaded = load_scenario({"case", text_of(one), {}, {}, {}}, all_models(), all_instances());
  CHECK_FALSE(loaded.scenario);
  std::string text;
  for (const auto& diagnostic : loaded.diagnostics.sorted())
    text += diagnostic.code + ": " + diagnostic.message + " (" + diagnostic.hint + ")\n";
  return text;
}

/// One m5.large: A 10, so that Windows has 9 slots.
DesignCase windows_node(int count, const std::string& options) {
  return {vpc, subnet("a", "10.0.0.0/24"), "instance_type = \"m5.large\"\nnodes = 1\nos = \"windows\"",
          pods(count), options};
}

std::int64_t windows_held(int count, const std::string& options) {
  const auto run = live(windows_node(count, options));
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == count);
  return held_in(run, 0) - 1;
}

}  // namespace

// --- Windows ---

TEST_CASE("a Windows node holds what the controller's targets say, single addresses or prefixes") {
  // max(p + warm, minimum), at most 9; by default both are 3.
  CHECK(windows_held(0, "") == 3);
  CHECK(windows_held(4, "") == 7);
  CHECK(windows_held(8, "") == 9);
  CHECK(windows_held(2, "windows_warm_ip_target = 1\nwindows_minimum_ip_target = 6") == 6);
  CHECK(windows_held(4, "windows_warm_ip_target = 0\nwindows_minimum_ip_target = 0") == 5);  // 0 counts as 1

  // ceil(max(p + 1, 3) / 16) prefixes by default; with a prefix target only, ceil(p / 16) + target.
  const std::string prefixes = "windows_prefix_delegation = true\n";
  CHECK(windows_held(0, prefixes) == 16);
  CHECK(windows_held(15, prefixes) == 16);
  CHECK(windows_held(16, prefixes) == 32);
  CHECK(windows_held(16, prefixes + "windows_warm_prefix_target = 1") == 32);
  CHECK(windows_held(17, prefixes + "windows_warm_prefix_target = 1") == 48);
  CHECK(windows_held(17, prefixes + "windows_warm_prefix_target = 1\nwindows_minimum_ip_target = 3") == 32);
}

TEST_CASE("a Windows node has one interface, and the pods beyond its slots wait") {
  const auto run = live(windows_node(12, "warm_eni_target = 1"));
  CHECK(run.end.pods_with_address == 9);
  CHECK(run.end.waiting == 3);
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::eni_slots);
  CHECK(held_in(run, 0) == 10);
  CHECK(measure(run.end, "further_interfaces") == 0);
}

TEST_CASE("Windows nodes beside Linux nodes keep out of custom networking") {
  DesignCase both{vpc, subnet("a", "10.0.0.0/24") + subnet("p", "10.0.1.0/24", "role = \"pods\""),
                  "instance_type = \"m5.large\"\nnodes = 1\nsubnets = [\"a\"]",
                  "[[node_group]]\nname = \"win\"\ninstance_type = \"m5.large\"\nnodes = 1\nos = "
                  "\"windows\"\nsubnets = [\"a\"]\n" +
                      pods(5, "node_groups = [\"win\"]"),
                  "custom_networking = true"};
  const auto run = live(both);
  // a: both nodes' own addresses, and 5 + 3 of the Windows node. p: one interface of ten for no pod.
  CHECK(held_in(run, 0) == 2 + 8);
  CHECK(held_in(run, 1) == 10);
}

// --- IPv6 ---

namespace {

DesignCase ipv6_cluster(const std::string& group = "instance_type = \"m5.large\"\nnodes = 2",
                        const std::string& options = "ipv6 = true\nprefix_delegation = true") {
  return {vpc, subnet("a", "10.0.0.0/28", "ipv6_cidr = \"2600:1f18:0:1::/64\""), group,
          pods(200, "families = [\"ipv6\"]"), options};
}

}  // namespace

TEST_CASE("a node of an IPv6 cluster draws one IPv4 address and a /80, however many pods it has") {
  const auto run = live(ipv6_cluster());
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == 200);
  CHECK(held_in(run, 0) == 2);
  CHECK(measure(run.end, "interfaces") == 2);
  CHECK(measure(run.end, "ipv6_ranges") == 2);
}

TEST_CASE("what an IPv6 cluster's daemon refuses is refused") {
  CHECK(
      refusal_of(ipv6_cluster("instance_type = \"m5.large\"\nnodes = 2", "ipv6 = true")) ==
      "ipv6-settings: the daemon does not start with ipv6 and without prefix_delegation (prefix_delegation = "
      "true)\n");
  CHECK(refusal_of(ipv6_cluster("instance_type = \"m5.large\"\nnodes = 2",
                                "ipv6 = true\nprefix_delegation = true\ncustom_networking = true")) ==
        "ipv6-settings: the daemon does not start with ipv6 and custom_networking (leave custom_networking "
        "out)\n");
  CHECK(
      refusal_of(ipv6_cluster("instance_type = \"c4.large\"\nnodes = 2")) ==
      "ipv6-settings: the daemon does not start with ipv6 on c4.large of g, which is neither Nitro nor bare "
      "metal (choose a Nitro type)\n");
  auto without = ipv6_cluster();
  without.subnets = subnet("a", "10.0.0.0/28");
  CHECK(refusal_of(without) ==
        "ipv6-settings: nodes of g need an IPv6 range of subnet a (give the subnet an ipv6_cidr)\n");
  auto ipv4 = ipv6_cluster();
  ipv4.rest = pods(10);
  CHECK(
      refusal_of(ipv4) ==
      "family-not-served: as configured, model vpc-cni gives pods IPv6 addresses only, and workload w needs "
      "IPv4 (change its families, or leave the design out)\n");
  CHECK(
      refusal_of(ipv6_cluster("instance_type = \"m5.large\"\nnodes = 2\nos = \"windows\"")) ==
      "os-not-served: as configured, model vpc-cni runs no Windows nodes, and node group g needs it to (os = "
      "\"linux\", or leave the design out)\n");
}

// --- where further interfaces stand ---

namespace {

/// An m5.large (E 3, A 10) in a /28, whose 11 addresses its first interface leaves 1 of; a /26 of 59 beside.
DesignCase discovered(const std::string& tags, const std::string& options = "",
                      const std::string& own_tags = "") {
  return {vpc, subnet("a", "10.0.0.0/28", own_tags) + subnet("b", "10.0.0.64/26", tags),
          "instance_type = \"m5.large\"\nnodes = 1\nsubnets = [\"a\"]", pods(10), options};
}

constexpr const char* open_to_all = "tags = { \"kubernetes.io/role/cni\" = \"1\" }";
constexpr const char* of_another =
    "tags = { \"kubernetes.io/role/cni\" = \"1\", \"cni.networking.k8s.aws/cluster/other\" = \"shared\" }";

}  // namespace

TEST_CASE("a further interface stands in a tagged subnet of the zone that has more room") {
  // Ten pods want min(3, 1 + ceil(10 / 9)) = 3 interfaces: ten addresses in a, two times ten in b.
  const auto run = live(discovered(open_to_all));
  CHECK_FALSE(run.first_refusal);
  CHECK(held_in(run, 0) == 10);
  CHECK(held_in(run, 1) == 20);
  CHECK(live(discovered(of_another, "cluster_name = \"other\"")).end.pods_with_address == 10);
  // Without a name of its own a cluster does not look at the names in tags.
  CHECK(live(discovered(of_another)).end.pods_with_address == 10);
}

TEST_CASE("no interface stands in a subnet that is not tagged, forbidden, or another cluster's") {
  const auto run_short = [](const DesignCase& one) {
    const auto run = live(one);
    REQUIRE(run.first_refusal);
    CHECK(run.first_refusal->cause == Cause::subnet_exhausted);
    CHECK(run.first_refusal->place.name == "a");
    CHECK(run.end.pods_with_address == 9);
    CHECK(held_in(run, 1) == 0);
  };
  run_short(discovered(""));
  run_short(discovered("tags = { \"kubernetes.io/role/cni\" = \"0\" }"));
  run_short(discovered(of_another, "cluster_name = \"mine\""));
  run_short(discovered(open_to_all, "subnet_discovery = false"));
}

TEST_CASE("pods get nothing from a primary interface in a subnet with the tag 0") {
  // Two further interfaces of ten addresses each stand in b, and the primary one gives none.
  const auto run = live(discovered(open_to_all, "", "tags = { \"kubernetes.io/role/cni\" = \"0\" }"));
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == 10);
  CHECK(held_in(run, 0) == 1);
  CHECK(held_in(run, 1) == 20);
}

TEST_CASE("a label of the group names the ENIConfig, which has the name of its subnet") {
  DesignCase labelled{vpc,
                      subnet("a", "10.0.0.0/24") + subnet("wide", "10.0.16.0/20", "role = \"pods\"") +
                          subnet("narrow", "10.0.1.0/24", "role = \"pods\""),
                      "instance_type = \"m5.large\"\nnodes = 1\nlabels = { \"k8s.amazonaws.com/eniConfig\" = "
                      "\"narrow\" }",
                      pods(5), "custom_networking = true"};
  const auto run = live(labelled);
  CHECK(held_in(run, 1) == 0);
  CHECK(held_in(run, 2) == 20);
  labelled.group = "instance_type = \"m5.large\"\nnodes = 1";
  const auto by_room = live(labelled);
  CHECK(held_in(by_room, 1) == 20);
  labelled.group += "\nlabels = { \"vpc.amazonaws.com/externalEniConfig\" = \"narow\" }";
  CHECK(
      refusal_of(labelled) ==
      "no-pod-subnet: a label of g names the ENIConfig \"narow\", and not every zone of the group has a "
      "subnet "
      "of role pods with that name (an interface stands in the zone of its node: one group and one label for "
      "each zone)\n");
}
