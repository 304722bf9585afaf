#include "planner/capacity/choice_sensitivity.h"
#include "planner/findings/rules.h"
#include "tests/models/aws/designs.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::test;

namespace {

/// A /25: 8 blocks, of which the first and the last hold the provider's five. Three nodes with prefixes.
DesignCase three_nodes(const char* choice, int pods, const char* reservations = "[]") {
  return {std::string("cidrs = [\"10.0.0.0/16\"]\naddress_choice = \"") + choice + '"',
          std::string(
              "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/25\"\nzone = \"us-east-1a\"\nreservations = ") +
              reservations,
          "instance_type = \"m5.large\"\nnodes = 3",
          "[[workload]]\nname = \"w\"\npods = " + std::to_string(pods), "prefix_delegation = true"};
}

}  // namespace

TEST_CASE("51 pods on three nodes find six /28s when single addresses are packed, and three at the worst") {
  // Packed: the nodes' own addresses lie in the first block; six blocks for 17 pods a node, two each.
  const auto packed = live(three_nodes("packed", 51));
  CHECK_FALSE(packed.first_refusal);
  CHECK(packed.end.pods_with_address == 51);
  CHECK(packed.end.rows[0].free_prefixes == 0);
  CHECK(static_cast<int>(subnets_of(packed.end).held()) == 3 + 6 * 16);

  // Worst: each node's own address breaks a block, which leaves it one prefix: 16 pods each, 3 without.
  const auto worst = live(three_nodes("worst", 51));
  REQUIRE(worst.first_refusal);
  CHECK(worst.first_refusal->cause == Cause::no_aligned_prefix);
  CHECK(worst.first_refusal->place.name == "a");
  CHECK(worst.end.pods_with_address == 48);
  CHECK(worst.end.waiting == 3);
  // 123 - 3 - 48 = 72 are free, and no request of the design can have them.
  const auto usage = subnets_of(worst.end);
  CHECK(static_cast<int>(usage.unusable) == 72);
  CHECK(static_cast<int>(usage.available) == 0);
}

TEST_CASE("a reservation for prefixes cures fragmentation to the block") {
  // Blocks 2 to 6 are reserved and whole; the first node's own address breaks block 1, the others then find
  // broken ones. Five /28s: two for each of the first two nodes, which hold 17 pods each, one for the third.
  const auto cured = three_nodes(
      "worst", 50,
      R"([{ cidr = "10.0.0.32/27", kind = "prefix" }, { cidr = "10.0.0.64/26", kind = "prefix" }])");
  const auto run = live(cured);
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == 50);
  CHECK(live(three_nodes("worst", 50)).end.pods_with_address == 48);
}

namespace {

std::string said_of_fragments(const DesignCase& one) {
  const auto scenario = scenario_of(one);
  const auto ensemble = simulate_lives(scenario, scenario.designs[0]);
  for (const auto& finding : judge({scenario, scenario.designs[0], ensemble, {}, {}}))
    if (finding.code == "fragmented-subnets") return finding.text;
  return {};
}

}  // namespace

TEST_CASE("a finding names reservations that keep /28s whole, and with them the pods fit") {
  // 3 nodes' addresses, each in a /28 of its own: 123 - 3 - 3 * 16 = 72 are free. The upper halves down to a
  // /28 are 7 blocks, of which the last holds the broadcast address; the lowest one has 16 - 4 addresses.
  CHECK(
      said_of_fragments(three_nodes("worst", 51)) ==
      "At the peak a has 72 addresses free and 0 wholly free /28s: 3 single addresses break the others. "
      "10.0.0.64/26, 10.0.0.32/27 and 10.0.0.16/28 reserved for prefixes (subnet.a.reservations) would keep "
      "6 /28s whole, and leave 12 addresses for single ones.");
  const auto cured = three_nodes("worst", 51,
                                 R"([{ cidr = "10.0.0.64/26", kind = "prefix" },
                                     { cidr = "10.0.0.32/27", kind = "prefix" },
                                     { cidr = "10.0.0.16/28", kind = "prefix" }])");
  const auto run = live(cured);
  CHECK_FALSE(run.first_refusal);
  CHECK(run.end.pods_with_address == 51);
  CHECK(said_of_fragments(cured).empty());

  CHECK(said_of_fragments(three_nodes("packed", 51)).empty());
  auto single = three_nodes("worst", 51);
  single.options = "";
  CHECK(said_of_fragments(single).empty());
}

TEST_CASE("how much the answer depends on EC2's choice is found by living again") {
  const auto scenario = scenario_of(three_nodes("packed", 51));
  const auto shown = simulate(scenario, scenario.designs[0], 0);
  const auto outcomes = outcomes_by_choice(scenario, scenario.designs[0], shown);
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].choice == AddressChoice::packed);
  CHECK_FALSE(outcomes[0].first_refusal);
  CHECK(outcomes[2].choice == AddressChoice::worst);
  REQUIRE(outcomes[2].first_refusal);
  CHECK(outcomes[2].first_refusal->cause == Cause::no_aligned_prefix);

  auto single = three_nodes("packed", 51);
  single.options = "";
  const auto other = scenario_of(single);
  CHECK(outcomes_by_choice(other, other.designs[0], shown).empty());
}

TEST_CASE("a type that cannot have prefixes takes single addresses") {
  auto xen = three_nodes("packed", 9);
  xen.group = "instance_type = \"c4.large\"\nnodes = 1";
  // c4.large: 3 interfaces of 10 addresses. As with WARM_ENI_TARGET = 1, nine pods fill one of two.
  const auto run = live(xen);
  CHECK(static_cast<int>(subnets_of(run.end).held()) == 20);
  const auto scenario = scenario_of(xen);
  REQUIRE(scenario.warnings.size() == 1);
  CHECK(scenario.warnings[0].code == "prefixes-not-supported");
  CHECK(scenario.warnings[0].message ==
        "c4.large of g is neither Nitro nor bare metal: its nodes take single addresses");
}

TEST_CASE("Network Address Usage counts addresses, prefixes and further interfaces, each once") {
  // m5.large with three full interfaces counts 30 addresses and 2 further interfaces; with one interface and
  // three prefixes 1 + 3 (awsdocs/amazon-vpc-user-guide doc_source/network-address-usage.md).
  auto one = three_nodes("packed", 18);
  one.group = "instance_type = \"m5.large\"\nnodes = 1\nmax_pods = 40";
  one.options = "";
  auto run = live(one);
  CHECK(static_cast<int>(subnets_of(run.end).held()) == 30);
  CHECK(run.most.address_usage == 32);
  CHECK(run.most.interfaces == 3);
  one.options = "prefix_delegation = true";  // 18 pods in two prefixes, and one ready
  run = live(one);
  CHECK(run.most.address_usage == 4);
  CHECK(run.most.interfaces == 1);
}
