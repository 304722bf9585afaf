#include "models/all_models.h"
#include "models/aws/vpc_cni_model.h"
#include "planner/simulation/held_in_closed_form.h"
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

std::string pods(const std::string& name, int count, const std::string& in_namespace = "",
                 const std::string& more = "") {
  return "[[workload]]\nname = \"" + name + "\"\npods = " + std::to_string(count) + "\n" +
         (in_namespace.empty() ? "" : "namespace = { name = \"" + in_namespace + "\" }\n") + more + "\n";
}

const std::string with_groups = "pod_eni = true\nsecurity_group_namespaces = [\"pay\"]";

std::string fargate(const std::string& namespaces, const std::string& subnets) {
  return "[[design.fargate_profile]]\nnamespaces = [" + namespaces + "]\nsubnets = [" + subnets + "]\n";
}

std::int64_t held_in(const Run& run, std::size_t at) {
  return static_cast<std::int64_t>(run.end.rows[at].usage.held());
}

/// What a person sees of a scenario that is refused, or only warned of.
std::string told_of(const DesignCase& one) {
  const auto loaded = load_scenario({"case", text_of(one), {}, {}, {}}, all_models(), all_instances());
  std::string text;
  for (const auto& diagnostic : loaded.diagnostics.sorted())
    text += diagnostic.code + ": " + diagnostic.message +
            (diagnostic.hint.empty() ? "" : " (" + diagnostic.hint + ")") + "\n";
  return text;
}

const std::string two_large = "instance_type = \"m5.large\"\nnodes = 2";

}  // namespace

// --- security groups for pods: m5.large has E 3, N 9 and 9 branch interfaces ---

TEST_CASE("a trunk takes one of a node's interfaces, and each pod with security groups an address") {
  const auto run =
      live({vpc, subnet("a", "10.0.0.0/24"), two_large, pods("w", 20) + pods("p", 12, "pay"), with_groups});
  CHECK_FALSE(run.first_refusal);
  // A node: 10 pods want 1 + ceil(10 / 9) = 3 interfaces, and 2 are left for them: 20 addresses, and one for
  // the trunk. 12 branch interfaces.
  CHECK(held_in(run, 0) == 2 * (20 + 1) + 12);
  CHECK(measure(run.end, "branch_interfaces") == 12);
  CHECK(measure(run.end, "further_interfaces") == 2 * 2);
  CHECK(measure(run.end, "interfaces") == 2 * 3 + 12);
  // Network Address Usage: a unit for each address, and for each interface but the nodes' first ones.
  CHECK(run.most.address_usage == 2 * 21 + 12 + 2 * 2 + 12);
  // Nine times two is what the two nodes serve of the others: 18 addresses a node.
  const auto many =
      live({vpc, subnet("a", "10.0.0.0/24"), two_large, pods("w", 40) + pods("p", 1, "pay"), with_groups});
  CHECK(many.end.pods_with_address == 36 + 1);
}

TEST_CASE("with custom networking trunk and branch interfaces stand in the subnet for pods") {
  const auto run =
      live({vpc, subnet("a", "10.0.0.0/24") + subnet("b", "10.0.1.0/24", "role = \"pods\""), two_large,
            pods("w", 4) + pods("p", 5, "pay"), with_groups + "\ncustom_networking = true"});
  CHECK_FALSE(run.first_refusal);
  CHECK(held_in(run, 0) == 2);
  // One interface of three is left for pods: 10 addresses a node, one for its trunk, five branch interfaces.
  CHECK(held_in(run, 1) == 2 * (10 + 1) + 5);
}

TEST_CASE("pods with security groups go to nodes with a branch interface left, and wait where none has one") {
  const auto full = live({vpc, subnet("a", "10.0.0.0/24"), "instance_type = \"m5.large\"\nnodes = 1",
                          pods("p", 12, "pay"), with_groups});
  CHECK(full.end.pods_with_address == 9);
  CHECK(full.end.waiting == 3);
  REQUIRE(full.first_refusal);
  CHECK(full.first_refusal->cause == Cause::eni_slots);
  CHECK(full.first_refusal->place.name == "g");
  // 20 of them need ceil(20 / 9) = 3 nodes, each with 10 addresses and a trunk.
  const auto grown = live({vpc, subnet("a", "10.0.0.0/24"), "instance_type = \"m5.large\"\nnodes = \"auto\"",
                           pods("p", 20, "pay"), with_groups});
  CHECK_FALSE(grown.first_refusal);
  CHECK(grown.end.nodes == 3);
  CHECK(held_in(grown, 0) == 3 * 11 + 20);
  // t3.large has none: all of them go to the m5.large, and the warning says so.
  const DesignCase mixed{
      vpc, subnet("a", "10.0.0.0/24"), "instance_type = \"t3.large\"\nnodes = 1",
      "[[node_group]]\nname = \"h\"\ninstance_type = \"m5.large\"\nnodes = 1\n" + pods("p", 9, "pay"),
      with_groups};
  CHECK(live(mixed).end.pods_with_address == 9);
  CHECK(told_of(mixed) ==
        "no-trunk: nodes of g take no pod with security groups: t3.large has no branch interfaces\n");
}

TEST_CASE("a branch interface keeps its place on the trunk for a minute after its pod") {
  aws::VpcCniOptions options;
  options.settings.pod_eni = true;
  options.security_group_namespaces = {NamespaceId{1}};
  Subnet only;
  only.cidr = *Prefix::parse("10.0.0.0/24");
  options.subnets = {only};
  SubnetSpace space(options.subnets, Quotas{});
  aws::VpcCniModel model(options, space);
  InstanceLimits limits;
  limits.enis = 3;
  limits.ipv4_per_eni = 10;
  limits.trunk_branch_enis = 2;
  Node node;
  node.subnet = SubnetId{0};
  node.address = Address::v4(*space.take(SubnetId{0}, Hold::in_use));
  space.attach_interface();
  node.limits = &limits;
  REQUIRE(model.add_node(node, {}).granted);
  CHECK(space.held() == 10 + 1);

  const auto ask = [&](std::uint32_t pod, SimTime now) {
    return model.assign({PodId{pod}, NodeId{0}, {}, NamespaceId{1}}, now);
  };
  CHECK(ask(0, {}).outcome == Assignment::Outcome::granted);
  CHECK(ask(1, {}).outcome == Assignment::Outcome::granted);
  CHECK(ask(2, {}).cause == Cause::eni_slots);
  CHECK(space.held() == 11 + 2);
  model.release(PodId{0}, SimTime{1'000});
  CHECK(ask(2, SimTime{1'000}).cause == Cause::cooling);
  CHECK(space.held() == 11 + 2);

  std::vector<NodeId> gained;
  for (auto at = model.next_wakeup(); at <= SimTime{61'000} && gained.empty(); at = model.next_wakeup())
    model.wake(at, gained);
  CHECK(gained == std::vector<NodeId>{NodeId{0}});
  CHECK(space.held() == 11 + 1);
  CHECK(ask(2, SimTime{61'000}).outcome == Assignment::Outcome::granted);

  // The node goes: its trunk at once, what cools a minute later.
  model.release(PodId{1}, SimTime{70'000});
  model.release(PodId{2}, SimTime{70'000});
  model.remove_node(NodeId{0}, SimTime{70'000});
  CHECK(space.held() == 1 + 2);
  for (auto at = model.next_wakeup(); at != SimTime::never(); at = model.next_wakeup())
    model.wake(at, gained);
  CHECK(space.held() == 1);
  CHECK(space.interfaces() == 1);
}

TEST_CASE("a pod with security groups that finds its subnet full waits until something is given back") {
  // 11 addresses: ten for the node, one for its trunk. The other pod goes, and nothing frees an address.
  const auto run = live({vpc, subnet("a", "10.0.0.0/28"), "instance_type = \"m5.large\"\nnodes = 1",
                         pods("p", 1, "pay"), with_groups});
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::subnet_exhausted);
  CHECK(run.first_refusal->place.name == "a");
  // A second node that leaves after a day gives its ten back: 27 addresses hold 2 x 10 and one trunk each.
  const auto served =
      live({vpc, subnet("a", "10.0.0.0/27", "in_use = 5"),
            "instance_type = \"m5.large\"\nnodes = { steps = [{ at = \"2027-01-01\", value = 2 }, "
            "{ at = \"2027-01-03\", value = 1 }] }",
            pods("p", 3, "pay"), with_groups, "4d"});
  REQUIRE(served.first_refusal);
  CHECK(served.first_refusal->cause == Cause::subnet_exhausted);
  CHECK(served.end.pods_with_address == 3);
  CHECK(held_in(served, 0) == 5 + 11 + 3);
}

TEST_CASE("interfaces of pods count against the region's quota") {
  const auto run = live({vpc + "\n[vpc.quota]\nenis_per_region = 6", subnet("a", "10.0.0.0/24"),
                         "instance_type = \"m5.large\"\nnodes = 1", pods("p", 6, "pay"), with_groups});
  // The node's own, its trunk, and four pods.
  CHECK(run.end.pods_with_address == 4);
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::quota_enis);
}

// --- Fargate ---

TEST_CASE("each pod on Fargate takes one address of its profile's subnets, and no slot of a node") {
  const auto rest = pods("w", 5) + pods("f", 30, "jobs") + "[[daemonset]]\nname = \"d\"\n";
  const auto run =
      live({vpc,
            subnet("a", "10.0.0.0/24") + subnet("x", "10.0.1.0/26", "role = \"spare\"") +
                subnet("y", "10.0.1.64/26", "role = \"spare\""),
            "instance_type = \"m5.large\"\nnodes = 1", rest, fargate("\"jobs\"", "\"x\", \"y\"")});
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.nodes == 1);
  CHECK(run.end.pods_with_address == 36);
  // 5 pods and a daemonset's on the node: two interfaces of ten.
  CHECK(held_in(run, 0) == 20);
  CHECK(held_in(run, 1) == 15);
  CHECK(held_in(run, 2) == 15);
  CHECK(measure(run.end, "fargate_pods") == 30);
  CHECK(measure(run.end, "interfaces") == 2 + 30);
}

TEST_CASE("pods on Fargate wait where their subnets are full, and follow each other") {
  const DesignCase small{
      vpc, subnet("a", "10.0.0.0/24") + subnet("x", "10.0.1.0/28", "role = \"spare\""),
      "instance_type = \"m5.large\"\nnodes = 1",
      pods("f", 15, "jobs", "lifetime = { distribution = \"exponential\", mean = \"1h\" }"),
      fargate("\"jobs\"", "\"x\"")};
  const auto run = live(small);
  CHECK(run.end.pods_with_address <= 11);
  CHECK(run.end.pods_with_address + run.end.waiting >= 15);
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::subnet_exhausted);
  CHECK(run.first_refusal->place.name == "x");
  CHECK(run.first_refusal->who == "pod of f");
  CHECK(run.pods_started > 15 + 200);  // some 11 an hour are served, all the day long
}

TEST_CASE("pods on Fargate wait for the region's quota, and follow each other when an interface goes") {
  const auto run = live({vpc + "\n[vpc.quota]\nenis_per_region = 5",
                         subnet("a", "10.0.0.0/24") + subnet("x", "10.0.1.0/24", "role = \"spare\""),
                         "instance_type = \"m5.large\"\nnodes = 1",
                         pods("f", 6, "jobs", "lifetime = { distribution = \"exponential\", mean = \"1h\" }"),
                         fargate("\"jobs\"", "\"x\"")});
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::quota_enis);
  CHECK(run.end.pods_with_address <= 4);
  CHECK(run.pods_started > 6 + 60);  // some four an hour are served, all the day long
}

TEST_CASE("the closed form counts no more pods on Fargate than their subnets take") {
  // 11 of 15 pods have an address: the node's ten, and eleven.
  const DesignCase small{vpc, subnet("a", "10.0.0.0/24") + subnet("x", "10.0.1.0/28", "role = \"spare\""),
                         "instance_type = \"m5.large\"\nnodes = 1", pods("f", 15, "jobs"),
                         fargate("\"jobs\"", "\"x\"")};
  const auto scenario = scenario_of(small);
  const auto form = held_in_closed_form(scenario, scenario.designs[0], {scenario.horizon.ms - 1});
  CHECK(form.subnets.low == 21);
  CHECK(form.subnets.high == 21);
  CHECK(live(small).end.pods_with_address == 11);
}

TEST_CASE("a pod on Fargate in an IPv6 cluster has one address of each family") {
  const auto run =
      live({vpc, subnet("a", "10.0.0.0/26", "ipv6_cidr = \"2600:1f18:0:1::/64\""),
            "instance_type = \"m5.large\"\nnodes = 1",
            pods("w", 4, "", "families = [\"ipv6\"]") + pods("f", 7, "jobs", "families = [\"ipv6\"]"),
            "ipv6 = true\nprefix_delegation = true\n" + fargate("\"jobs\"", "\"a\"")});
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == 11);
  CHECK(held_in(run, 0) == 1 + 7);
}

// --- mistakes ---

TEST_CASE("places of pods that cannot be are refused") {
  DesignCase one{vpc, subnet("a", "10.0.0.0/24") + subnet("out", "10.0.1.0/24", "role = \"public\""),
                 two_large, pods("w", 5) + pods("p", 5, "pay"), "security_group_namespaces = [\"pay\"]"};
  CHECK(told_of(one) ==
        "pod-eni-settings: without pod_eni no node offers an interface to pods with security groups, so that "
        "none of them would ever start (pod_eni = true)\n");
  one.options = "pod_eni = true\nsecurity_group_namespaces = [\"pya\"]";
  CHECK(told_of(one) ==
        "unknown-name: no pod of the scenario is in namespace \"pya\" (did you mean \"pay\"?)\n");
  one.options = with_groups;
  one.group = "instance_type = \"t3.large\"\nnodes = 2";
  CHECK(
      told_of(one) ==
      "no-trunk: no node group takes pods with security groups: its instance type has no branch interfaces, "
      "or it runs Windows (choose a type with branch interfaces, such as m5.large with 9; none of the T "
      "family has any)\n");
  one.options = fargate("\"pay\"", "\"b\", \"out\"") + fargate("\"pay\"", "\"a\"");
  CHECK(
      told_of(one) ==
      "unknown-name: the scenario has no subnet \"b\" (did you mean \"a\"?)\n"
      "fargate-profile: subnet out is public, and Fargate takes private ones only (name a subnet without a "
      "route to an internet gateway)\n"
      "fargate-profile: namespace \"pay\" is in another Fargate profile too, and which one a pod would take "
      "is left to chance (name it in one of them)\n");
}

TEST_CASE("a negative target is what the daemon takes it for") {
  const DesignCase one{vpc, subnet("a", "10.0.0.0/24"), "instance_type = \"m5.large\"\nnodes = 1",
                       pods("w", 5), "warm_eni_target = -3\nmax_eni = -1\nwarm_ip_target = -1"};
  CHECK(
      told_of(one) ==
      "negative-target: warm_eni_target = -3: the daemon takes a negative value for 1 (leave it out)\n"
      "negative-target: max_eni = -1: the daemon takes a negative value for not set (leave it out)\n"
      "negative-target: warm_ip_target = -1: the daemon takes a negative value for not set (leave it out)\n");
  CHECK(held_in(live(one), 0) == 20);  // 1 + ceil(5 / 9) interfaces of ten
}

TEST_CASE("a node without an interface for pods under custom networking is refused for its slots") {
  const auto run = live({vpc, subnet("a", "10.0.0.0/24") + subnet("p", "10.0.1.0/24", "role = \"pods\""),
                         "instance_type = \"m5.large\"\nnodes = 1", pods("w", 5),
                         "custom_networking = true\nmax_eni = 1"});
  CHECK(run.end.nodes == 0);
  REQUIRE(run.first_refusal);
  CHECK(run.first_refusal->cause == Cause::eni_slots);
  CHECK(run.first_refusal->place.name == "g-1");
}
