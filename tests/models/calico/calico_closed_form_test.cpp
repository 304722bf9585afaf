#include "tests/models/calico/calico_design.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using test::Plan;

namespace {

/// Of one group: the same demand today and at the peak, pods of IPv4 alone unless said.
struct Demand {
  std::int64_t nodes = 0;
  std::int64_t pods = 0;
  std::int64_t most_per_node = 0;
  std::int64_t pods_ipv6 = 0;
};

DemandAt demand_of(const Demand& wanted, SimTime at = {}) {
  GroupDemand group;
  group.nodes = wanted.nodes;
  group.pods = wanted.pods;
  group.most_per_node = wanted.most_per_node;
  group.ipv4 = {wanted.pods, wanted.most_per_node};
  group.ipv6 = {wanted.pods_ipv6, wanted.pods_ipv6 > 0 ? wanted.most_per_node : 0};
  return {at, {group}};
}

/// "low-high"
std::string held(const Plan& plan, const Demand& today, const Demand& peak, SimTime at = {}) {
  const auto scenario = plan.scenario();
  const auto form = scenario.designs[0].factory->closed_form(demand_of(today, at), demand_of(peak, at));
  CHECK(form.subnets.high == 0);
  return to_string(form.ranges.low) + "-" + to_string(form.ranges.high);
}

std::string held(const std::string& design, const Demand& today, const Demand& peak) {
  Plan plan;
  plan.design = design;
  return held(plan, today, peak);
}

const std::string slash_20 = "[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/20\"\n";  // 64 blocks of 64

}  // namespace

TEST_CASE("a node holds the blocks that its most pods need, and at least one with its first") {
  // 30 pods on 10 nodes, three on each: a block each, and 640 addresses.
  CHECK(held(slash_20, {10, 30, 3}, {10, 30, 3}) == "640-640");
  // Up to 65 on one node: two blocks may be held, one is for sure.
  CHECK(held(slash_20, {10, 30, 3}, {10, 200, 65}) == "64-1280");  // 30 pods may stand on one node
  // 700 pods need 11 blocks at least.
  CHECK(held(slash_20, {10, 700, 70}, {10, 700, 70}) == "704-1280");
  // Two tunnels: every node has a block, and 63 pods with them need two.
  CHECK(held("encapsulation = \"vxlan\"\nwireguard = true\n" + slash_20, {10, 5, 1}, {10, 600, 63}) ==
        "640-1280");
  CHECK(held(slash_20, {10, 0, 0}, {10, 0, 0}) == "0-0");
}

TEST_CASE("pool and cap bound what is held") {
  CHECK(held(slash_20, {100, 300, 3}, {100, 300, 3}) == "4096-4096");
  // One node with 1,400 pods: twenty blocks.
  CHECK(held(slash_20, {1, 1400, 1400}, {1, 1400, 1400}) == "1280-1280");
  CHECK(held("auto_allocate_blocks = false\n" + slash_20, {10, 30, 3}, {10, 30, 3}) == "0-640");
  // Leaked addresses may fill all there is.
  CHECK(held("leaks = \"1%\"\n" + slash_20, {10, 30, 3}, {10, 30, 3}) == "640-4096");
  CHECK(held("profile = \"P33\"\nip_cooldown = \"30s\"\n" + slash_20, {10, 30, 3}, {10, 30, 3}) ==
        "640-4096");
}

TEST_CASE("where nodes leave and no block is left, others may own none") {
  // 65 nodes want a block each, and there are 64. When one leaves, the last pods of a node without a block
  // may stay where they are: 300 addresses are in use, in four blocks and a part of a fifth, which has no
  // owner.
  CHECK(held(slash_20, {64, 300, 5}, {65, 300, 5}) == "256-4096");
  // Nobody leaves: all are claimed. With strict affinity nobody borrows.
  CHECK(held(slash_20, {65, 300, 5}, {65, 300, 5}) == "3840-4096");
  CHECK(held("strict_affinity = true\n" + slash_20, {64, 300, 5}, {65, 300, 5}) == "3840-4096");
}

TEST_CASE("held blocks, reservations and later pools count") {
  CHECK(held(slash_20 + "held = [{ node = \"gone\", blocks = 3 }]", {10, 30, 3}, {10, 30, 3}) == "640-832");
  CHECK(held(slash_20 + "reservations = [\"10.0.0.0/30\"]", {10, 30, 3}, {10, 30, 3}) == "636-640");
  Plan later;
  later.design =
      "[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/23\"\n[[design.pool]]\nname = \"q\"\n"
      "cidr = \"10.1.0.0/20\"\nfrom = \"2027-01-11\"\n";
  CHECK(held(later, {10, 30, 3}, {10, 30, 3}) == "512-512");  // eight blocks at first
  CHECK(held(later, {10, 30, 3}, {10, 30, 3}, SimTime{} + Duration::days(20)) == "640-640");
}

TEST_CASE("both families are held, and a pod that may lack one is counted in none") {
  Plan dual;
  dual.workload = "pods = 10\nfamilies = [\"ipv4\", \"ipv6\"]";
  dual.design = slash_20 + "[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/112\"\n";
  CHECK(held(dual, {10, 30, 3, 30}, {10, 30, 3, 30}) == "1280-1280");
  dual.design = slash_20 + "[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/122\"\n";  // one block of 64
  CHECK(held(dual, {10, 30, 3, 30}, {10, 30, 3, 30}) == "64-704");
}

TEST_CASE("Windows nodes have a block from their start, with four addresses less in it") {
  Plan plan;
  plan.group = "nodes = 10\nos = \"windows\"";
  plan.design = "strict_affinity = true\nwindows_use_single_network = false\n" + slash_20;
  CHECK(held(plan, {10, 0, 0}, {10, 0, 0}) == "640-640");
  CHECK(held(plan, {10, 610, 61}, {10, 610, 61}) == "704-1280");  // 61 pods do not fit into 60
}

TEST_CASE("pools of their own for tunnels and namespaces may each need a block") {
  Plan plan;
  plan.more =
      "[[workload]]\nname = \"x\"\npods = 1\nnamespace = { name = \"shop\", labels = { team = \"red\" } }\n";
  plan.design = "encapsulation = \"vxlan\"\n" + slash_20 +
                "allowed_uses = [\"Workload\"]\n"
                "[[design.pool]]\nname = \"red\"\ncidr = \"10.1.0.0/20\"\nallowed_uses = [\"Workload\"]\n"
                "namespace_selector = \"team == 'red'\"\n"
                "[[design.pool]]\nname = \"tunnels\"\ncidr = \"10.2.0.0/20\"\nallowed_uses = [\"Tunnel\"]\n";
  // Two lists that namespaces see, and the tunnels' pool: three blocks a node at most. For sure: the
  // tunnel's, and one for pods wherever they are.
  CHECK(held(plan, {10, 30, 3}, {10, 30, 3}) == "1280-1920");
}
