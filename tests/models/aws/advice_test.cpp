#include "models/aws/cpu_advice.h"
#include "planner/capacity/cures.h"
#include "planner/capacity/setting_trials.h"
#include "planner/capacity/sufficiency.h"
#include "tests/models/aws/designs.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::test;

namespace {

std::vector<Finding> advice_on(const Scenario& scenario) {
  const auto& design = scenario.designs.front();
  return design.factory->findings(evidence_of(design, simulate_lives(scenario, design)));
}

/// The text of the finding with that code; empty where there is none.
std::string advice(const DesignCase& one, const std::string& code) {
  for (const auto& finding : advice_on(scenario_of(one)))
    if (finding.code == code) return finding.text;
  return "";
}

/// One m5.large node with pods that stay, in one subnet.
DesignCase one_node(int pods) {
  DesignCase one;
  one.vpc = "cidrs = [\"10.0.0.0/16\"]";
  one.subnets = "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/24\"\nzone = \"z\"\n";
  one.group = "instance_type = \"m5.large\"\nnodes = 1";
  one.rest = "[[workload]]\nname = \"w\"\nnode_groups = [\"g\"]\npods = " + std::to_string(pods) + "\n";
  return one;
}

}  // namespace

TEST_CASE("whole interfaces that lie ready are told with a share that their figures bear out") {
  // m5.large: three interfaces of ten addresses. One pod: two interfaces, 20 addresses, 17 of them idle
  // beside two primaries and the pod: 85 %.
  CHECK(advice(one_node(1), "warm-eni-target-holds-most") ==
        "At the peak 17 of the 20 addresses drawn (85 %) lie ready on nodes and serve no pod: "
        "warm_eni_target = 1 keeps whole interfaces free. warm_ip_target keeps single addresses.");
  // 10 pods: three interfaces, 30 addresses, 27 - 10 = 17 idle: 56.7 %.
  CHECK(advice(one_node(10), "warm-eni-target-holds-most") ==
        "At the peak 17 of the 30 addresses drawn (more than 56 %) lie ready on nodes and serve no pod: "
        "warm_eni_target = 1 keeps whole interfaces free. warm_ip_target keeps single addresses.");
  // 12 pods: 15 idle of 30 are no more than half.
  CHECK(advice(one_node(12), "warm-eni-target-holds-most").empty());
}

TEST_CASE("150 nodes that join at once make more calls than EC2 takes, and 50 do not") {
  const auto joining = [](int nodes) {
    DesignCase one;
    one.vpc = "cidrs = [\"10.0.0.0/16\"]";
    one.subnets = "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/18\"\nzone = \"z\"\n";
    one.group = "instance_type = \"m5.large\"\nnodes = 1";
    one.rest =
        "[[workload]]\nname = \"w\"\nnode_groups = [\"g\"]\npods = 1\n"
        "[[node_group]]\nname = \"h\"\ninstance_type = \"m5.large\"\nnodes = " +
        std::to_string(nodes) +
        "\n[[event]]\nat = \"2027-01-02\"\nkind = \"group-added\"\nnode_group = \"h\"\n";
    one.horizon = "2d";
    return live(one);
  };
  // Each node's daemon asks for the addresses of its first interface in one call: 150 take the bucket's 100
  // tokens and 50 that come at 5 a second.
  const auto many = joining(150);
  REQUIRE(!many.api_use.empty());
  CHECK(many.api_use[0].action == "AssignPrivateIpAddresses");
  CHECK(many.api_use[0].busiest_hour == 150);
  CHECK(many.api_use[0].beyond == 50);
  CHECK(many.api_use[0].longest_wait == Duration::seconds(10));
  CHECK(many.api_use[0].first_without == SimTime{} + Duration::days(1));
  for (const auto& use : joining(50).api_use) CHECK(use.beyond == 0);
}

TEST_CASE("a kubelet that admits more pods than there are addresses is told") {
  // m5.large: 3 interfaces x 9 = 27 addresses, and two pods on the host's network.
  auto one = one_node(1);
  one.group += "\nmax_pods = 29";
  CHECK(advice(one, "max-pods-above-addresses").empty());
  one.group = "instance_type = \"m5.large\"\nnodes = 1\nmax_pods = 110";
  CHECK(advice(one, "max-pods-above-addresses") ==
        "max_pods = 110 of g is more than a node has addresses for: m5.large has 27 for pods under these "
        "settings, and with 2 pods on the host's network 29 are of use. Kubelet admits the others, and they "
        "stay without an address.");
  one.options = "prefix_delegation = true";
  CHECK(advice(one, "max-pods-above-addresses").empty());
}

TEST_CASE("a scenario without the pods that every node has on its host's network is told") {
  // m5.large: 27 addresses and a limit of 29 pods.
  auto one = one_node(29);
  const auto code = "host-network-pods-missing";
  CHECK(advice(one, code) ==
        "A node of g (m5.large) admits 29 pods and has addresses for 27, since 2 are to be on the host's "
        "network; the scenario lists none there. Every node of EKS runs aws-node and kube-proxy: with both "
        "as daemonsets of host_network = true no pod goes to a node that has no address for it.");
  const auto on_host = [](const char* name) {
    return std::string("[[daemonset]]\nname = \"") + name + "\"\nhost_network = true\n";
  };
  one.rest += on_host("aws-node");
  CHECK(advice(one, code).find("the scenario lists 1 there") != std::string::npos);
  one.rest += on_host("kube-proxy");
  CHECK(advice(one, code).empty());
  // Not where no pod lacks an address, nor where the limit is above them with both.
  CHECK(advice(one_node(27), code).empty());
  one = one_node(29);
  one.group += "\nmax_pods = 110";
  CHECK(advice(one, code).empty());
}

TEST_CASE("a node whose addresses are used up before its CPU is told with the CPU that is left") {
  // Kubelet keeps 60m of the first core and 10m of the second; of 8: 60 + 10 + 2 x 5 + 4 x 2.5.
  CHECK(aws::cpu_for_pods(1) == 940);
  CHECK(aws::cpu_for_pods(2) == 1'930);
  CHECK(aws::cpu_for_pods(3) == 2'925);
  CHECK(aws::cpu_for_pods(4) == 3'920);
  CHECK(aws::cpu_for_pods(8) == 7'910);

  auto one = one_node(1);
  const auto text = [&](const std::string& group, const std::string& policy) {
    one.group = group;
    one.rest = "[[workload]]\nname = \"w\"\npods = 1\n[policy]\n" + policy + "\n";
    return advice(one, "slots-bind-before-cpu");
  };
  // t3.medium: 3 interfaces of 6 addresses. 3 x 5 = 15 pods of 100m, 430m left: 22.3 %.
  CHECK(text("instance_type = \"t3.medium\"", "") ==
        "A node of g (t3.medium, 2 vCPUs) has addresses for 15 pods. At policy.cpu_request = 100m they "
        "request 1500m of the 1930m that pods can have: 22 % of its CPU serves nobody. With "
        "prefix_delegation it takes 19.");
  // m5.large: 27 pods. Of 100m the CPU holds 19; of 70m 27; of 68m 28, one more than there are addresses.
  CHECK(text("instance_type = \"m5.large\"", "").empty());
  CHECK(text("instance_type = \"m5.large\"", "cpu_request = \"70m\"").empty());
  CHECK_FALSE(text("instance_type = \"m5.large\"", "cpu_request = \"68m\"").empty());
  // Prefixes have 108 pods at most, and an m4.large takes none.
  CHECK(text("instance_type = \"m5.large\"", "cpu_request = \"10m\"").ends_with("it takes 108."));
  CHECK(text("instance_type = \"m4.large\"", "cpu_request = \"10m\"").ends_with("serves nobody."));
  // The group's own limit, or its own number of nodes, is a choice.
  CHECK(text("instance_type = \"t3.medium\"\nmax_pods = 16", "").empty());
  CHECK(text("instance_type = \"t3.medium\"\nnodes = 1", "").empty());
  one.options = "prefix_delegation = true";
  CHECK(text("instance_type = \"t3.medium\"", "").empty());
}

TEST_CASE("where nodes' subnets refuse, 100.64.0.0/10 is named while it is open") {
  // A /28 gives 11 addresses: a node's own and ten for one interface's worth of pods; its 11th pod has none.
  auto one = one_node(11);
  one.subnets = "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/28\"\nzone = \"z\"\n";
  one.vpc += "\npeers = [\"100.64.0.0/15\"]";
  const auto text = advice(one, "shared-range-open");
  CHECK(text ==
        "100.64.0.0/10 is open to this VPC: with custom_networking pods take their addresses there, for "
        "instance from 100.66.0.0/16, in a subnet of role pods for each zone. Of the 10 addresses held in "
        "subnets at the end nodes need 1 for themselves.");
  one.vpc = "cidrs = [\"10.0.0.0/16\", \"100.64.0.0/16\"]";
  CHECK(advice(one, "shared-range-open").empty());
  CHECK(advice(one_node(11), "shared-range-open").empty());
}

TEST_CASE("pods on Fargate take part in the flow of addresses, one each from their profile's subnets") {
  auto one = one_node(1);
  one.subnets += "[[subnet]]\nname = \"f\"\ncidr = \"10.0.1.0/28\"\nzone = \"z\"\nrole = \"pods\"\n";
  const auto with = [&](int pods) {
    auto changed = one;
    changed.rest +=
        "[[workload]]\nname = \"jobs\"\nnamespace = { name = \"serverless\" }\nnode_groups = [\"g\"]\npods "
        "= " +
        std::to_string(pods) + "\n";
    changed.options = "[[design.fargate_profile]]\nnamespaces = [\"serverless\"]\nsubnets = [\"f\"]\n";
    const auto scenario = scenario_of(changed);
    const auto market = market_at(scenario, scenario.designs.front(), SimTime{});
    return sufficiency(market.needs, market.supplies);
  };
  CHECK(with(11).suffices());      // a /28 gives 11 addresses
  CHECK(with(14).missing() == 3);  // and no more, whatever is left elsewhere
  CHECK(with(14).needed == with(11).needed + 3);
}

namespace {

/// What is said of the warm targets once the lives that it takes were lived.
Finding warm_advice(const DesignCase& one) {
  const auto scenario = scenario_of(one);
  const auto& design = scenario.designs.front();
  const auto ensemble = simulate_lives(scenario, design);
  auto evidence = evidence_of(design, ensemble);
  evidence.trials = live_setting_trials(scenario, design, ensemble);
  for (const auto& finding : design.factory->findings(evidence))
    if (finding.code == "least-warm-targets") return finding;
  return {};
}

/// Lasts four days, with so many times the pods for an hour of the second.
void add_burst(DesignCase& one, const std::string& factor) {
  one.horizon = "4d";
  one.rest += "[[event]]\nat = \"2027-01-02\"\nkind = \"burst\"\nworkload = \"w\"\nfactor = " + factor +
              "\nduration = \"1h\"\n";
}

DesignCase doubling(int pods) {
  auto one = one_node(pods);
  add_burst(one, "2");
  return one;
}

const std::string at_once = "EC2 answers at once here; a real interface takes up to 10 s to come.";

}  // namespace

TEST_CASE("the smallest warm targets that no burst exhausts are found and proved by living with them") {
  // m5.large, 9 addresses an interface beside its own. 5 pods come with the node; 5 more at once find 5 free
  // addresses under warm_ip_target = 5, 4 under 4. At the peak 10 pods and 5 free addresses on two
  // interfaces: 17. warm_eni_target = 1 has three interfaces then, 30.
  const auto found = warm_advice(doubling(5));
  CHECK(found.severity == Severity::info);
  CHECK(found.text ==
        "warm_ip_target = 5 is the least with which no pod waits for an address that its node's pool could "
        "have had (4: 1 pod waits). At the peak 17 addresses of subnets are held with it, 30 with "
        "warm_eni_target = 1. " +
            at_once);
}

TEST_CASE("what comes with a node is minimum_ip_target's, what comes later warm_ip_target's") {
  // 6 pods come with the node, 3 more later: 9 of 6 + 3 addresses; 2 free ones leave one pod without. At the
  // peak 9 pods and 3 free addresses on two interfaces: 14.
  auto one = one_node(6);
  add_burst(one, "1.5");
  one.options = "warm_ip_target = 1";
  const auto found = warm_advice(one);
  CHECK(found.severity == Severity::warning);
  // Under warm_ip_target = 1 the node starts with one address for 6 pods and later has one for 3.
  CHECK(found.text ==
        "Under warm_ip_target = 1, 7 pods wait for an address that their node's pool could have had. "
        "warm_ip_target = 3 (and minimum_ip_target = 6 for the start of a node) is the least with which "
        "none does (2: 1 pod waits). At the peak 14 addresses of subnets are held with it, 20 with "
        "warm_eni_target = 1, 12 with the present settings. " +
            at_once);
}

TEST_CASE("pods for which no interface can be there yet are told apart") {
  // 20 pods come with the node: its first interface has 9 addresses, the second comes 2.5 s later, and 11
  // pods wait whatever is set. A whole free interface is enough for warm_eni_target = 1, so that the third
  // does not come before they ask again, after 10 s: 9 find an address and 2 do not.
  const auto found = warm_advice(one_node(20));
  CHECK(found.severity == Severity::warning);
  CHECK(found.text ==
        "Under warm_eni_target = 1, 2 pods wait for an address that their node's pool could have had. "
        "warm_ip_target = 1 (and minimum_ip_target = 20 for the start of a node) is the least with which "
        "none does. At the peak 24 addresses of subnets are held with it, 30 with warm_eni_target = 1. "
        "11 pods wait whatever is set: interfaces come to a node one at a time, and it has only so many. " +
            at_once);
}

TEST_CASE("where whole interfaces find no room, what bursts need is seen under smaller targets") {
  // A /27 has 27 addresses: three nodes, and 24 for pods. Whole interfaces give 9 + 9 + 6, and of 8 pods on
  // the third node two find none. 5 pods come with each node and 3 more later: 8 addresses each.
  auto one = one_node(15);
  one.group = "instance_type = \"m5.large\"\nnodes = 3";
  one.subnets = "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/27\"\nzone = \"z\"\n";
  add_burst(one, "1.6");
  CHECK(warm_advice(one).text ==
        "warm_ip_target = 3 (and minimum_ip_target = 5 for the start of a node) is the least with which no "
        "pod waits for an address that its node's pool could have had (2: 3 pods wait). At the peak 27 "
        "addresses of subnets are held with it, 27 with warm_eni_target = 1. " +
            at_once);
  // One address less, 23 for 24 pods: no targets help.
  one.subnets += "in_use = 1\n";
  CHECK(
      warm_advice(one).text ==
      "No warm_ip_target was found that spares every pod a wait: for warm_ip_target = "
      "12 subnets have no room (3 pods wait), and under warm_ip_target = 6, 2 pods wait for an address that "
      "their node's pool could have had. " +
          at_once);
}

TEST_CASE("prefixes and windows nodes have no such targets") {
  auto one = doubling(5);
  one.options = "prefix_delegation = true";
  CHECK(warm_advice(one).text.empty());
  one.options = "";
  one.group += "\nos = \"windows\"";
  CHECK(warm_advice(one).text.empty());
}
