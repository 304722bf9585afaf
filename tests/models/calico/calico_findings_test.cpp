#include <algorithm>

#include "tests/models/calico/calico_design.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using test::Plan;

namespace {

const std::string slash_24 = "[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/24\"\n";  // four blocks of 64

struct Facts {
  std::int64_t nodes = 3;
  Usage usage{256, 30, 0, 162, 0, 0, 64};
  uint128 borrowed = 0;
  std::vector<Measure> measures{{"blocks_held", "", 3}};
  std::optional<Cause> refused = std::nullopt;
};

Evidence evidence_of(const Facts& facts) {
  Evidence evidence;
  evidence.design = "c";
  evidence.nodes_end = facts.nodes;
  UsageRow row;
  row.place = {PlaceKind::pool, 0};
  row.usage = facts.usage;
  row.borrowed = facts.borrowed;
  evidence.start = evidence.end = evidence.peak = {row};
  evidence.end_measures = evidence.peak_measures = facts.measures;
  if (facts.refused) evidence.first_refusal = {SimTime{}, *facts.refused, {PlaceKind::pool, "p", ""}};
  return evidence;
}

/// The text of the finding of that code; empty: it was not found.
std::string finding(const Plan& plan, std::string_view code, const Facts& facts = {}) {
  const auto scenario = plan.scenario();
  const auto all = scenario.designs[0].factory->findings(evidence_of(facts));
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Finding& each) { return each.code == code; });
  if (at == all.end()) return {};
  CHECK(at->design == "c");
  CHECK_FALSE(at->source.empty());
  return at->text;
}

Plan with(std::string design) {
  Plan plan;
  plan.design = std::move(design);
  return plan;
}

/// The keys and values that are tried, in order.
std::string cures(const Plan& plan, Cause cause) {
  Facts facts;
  facts.refused = cause;
  const auto scenario = plan.scenario();
  std::string all;
  for (const auto& cure : scenario.designs[0].factory->cures(evidence_of(facts)))
    all += (all.empty() ? "" : ", ") + cure.key + "=" + cure.value;
  return all;
}

}  // namespace

TEST_CASE("a small design has few findings") {
  const auto scenario = with(slash_24).scenario();
  Facts well_used;
  well_used.usage = {256, 150, 0, 42, 0, 0, 64};
  CHECK(scenario.designs[0].factory->findings(evidence_of(well_used)).empty());
}

TEST_CASE("node count, replacement and borrowing are judged by the blocks there are") {
  const auto strict = with("strict_affinity = true\n" + slash_24);
  Facts four;
  four.nodes = 4;
  CHECK(finding(strict, "nodes-beyond-blocks", four) ==
        "With strict affinity every node needs a block of its own. p has 4 blocks for 4 nodes at the end: a "
        "further "
        "node gets neither a tunnel address nor pods.");
  CHECK(finding(strict, "nodes-beyond-blocks").empty());
  CHECK(finding(with(slash_24), "nodes-beyond-blocks", four).empty());

  // Three blocks are held by three nodes, and one is unclaimed: enough for one new node, not for two.
  CHECK(finding(strict, "few-blocks-for-replacement").empty());
  auto surging = strict;
  surging.group = "nodes = 3\nsurge = 2";
  CHECK(finding(surging, "few-blocks-for-replacement") ==
        "At the peak 1 blocks are unclaimed. Replacing 2 of the nodes takes 2 for the new ones before the "
        "old ones' "
        "come back.");

  Facts borrowing;
  borrowing.borrowed = 12;
  CHECK(finding(with(slash_24), "borrowed-addresses", borrowing) ==
        "12 addresses are borrowed out of other nodes' blocks at the end. Each is one more route on every "
        "node, and "
        "keeps its block bound to a node that has gone.");
}

TEST_CASE("the cap is compared with what kubelet admits") {
  // 20 blocks of four hold 80 addresses, one of them a tunnel's.
  const auto small = with(
      "encapsulation = \"vxlan\"\n[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/24\"\nblock_size = 30\n");
  CHECK(finding(small, "block-cap-below-max-pods") ==
        "A node of g may own 20 blocks, which hold 79 IPv4 addresses of pods, while kubelet admits 110 pods: "
        "later ones "
        "stay without address, borrowing or not.");
  CHECK(finding(with(slash_24), "block-cap-below-max-pods").empty());
}

TEST_CASE("poor use and pinned blocks are told with their figures") {
  // 30 of 192 held addresses are in use, 15 %; an average node has 10, for which a /27 is enough.
  CHECK(finding(with(slash_24), "blocks-poorly-used") ==
        "At the peak 30 of the 192 addresses that blocks hold are in use (15 %). Blocks of /27 would still "
        "hold what an "
        "average node needs.");
  Facts pinned;
  pinned.nodes = 10;
  pinned.measures = {{"blocks_held", "", 20}, {"blocks_single", "", 2}};
  CHECK(finding(with(slash_24), "blocks-pinned", pinned) ==
        "At the end 2 of 20 blocks have a single address in use. Only wholly empty blocks come back, 15 to "
        "22 minutes "
        "later, and a node keeps one.");
  pinned.measures = {{"blocks_held", "", 21}, {"blocks_single", "", 2}};
  CHECK(finding(with(slash_24), "blocks-pinned", pinned).empty());
  CHECK(
      finding(with("leak_grace_period = \"0s\"\n" + slash_24), "blocks-never-collected") ==
      "leak_grace_period is 0s: neither empty blocks nor leaked addresses come back while their node lives.");
}

TEST_CASE("pools, families and systems are told apart") {
  Plan windows;
  windows.group = "nodes = 3\nos = \"windows\"";
  windows.design = "strict_affinity = true\n" + slash_24;
  CHECK(finding(windows, "windows-blocks-lose-four") ==
        "Windows keeps 4 addresses of each block: a /26 block gives nodes of g 60, 60 pods a node.");

  const auto two = with(
      "[[design.pool]]\nname = \"b\"\ncidr = \"10.1.0.0/24\"\n[[design.pool]]\nname = \"a\"\ncidr = "
      "\"10.2.0.0/24\"\n");
  CHECK(finding(two, "pools-fill-by-name") ==
        "Calico tries pools in alphabetical order, not in that of the scenario: a has no block left before b "
        "is "
        "touched.");

  Plan dual = with(slash_24 + "[[design.pool]]\nname = \"six\"\ncidr = \"fd00::/112\"\n");
  dual.workload = "pods = 10\nfamilies = [\"ipv4\", \"ipv6\"]";
  CHECK(finding(dual, "family-binds") ==
        "A pod that needs both families has none until it has both. There are 4 IPv4 blocks and 1,024 IPv6 "
        "blocks, so "
        "IPv4 runs out first.");

  const auto elsewhere = with(slash_24 + "node_selector = \"tier == 'web'\"\n");
  CHECK(finding(elsewhere, "group-without-pool") ==
        "No pool gives IPv4 addresses to pods on nodes of g: none selects its nodes, or is meant for "
        "workloads and "
        "assigned by itself.");
}

TEST_CASE("large clusters are told of routes, sessions and objects") {
  Facts large;
  large.nodes = 2'000;
  large.measures = {
      {"blocks_held", "", 2'500}, {"routes_per_node", "", 2'499}, {"datastore_objects", "", 120'000}};
  const auto routed = with("[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/12\"\n");
  CHECK(finding(routed, "many-routes", large) ==
        "At the peak a node learns 2,499 routes: one for each block of the others, and one for each borrowed "
        "address.");
  // 2,000 x 1,999 / 2
  CHECK(
      finding(routed, "bgp-full-mesh", large) ==
      "2,000 nodes that peer with each other have 1,999,000 BGP sessions, 1,999 each; Calico suggests route "
      "reflectors beyond about 100 nodes.");
  // 3 x 2 / 2 + 2 x 1,997
  CHECK(
      finding(with("route_reflectors = 3\n[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/12\"\n"),
              "bgp-route-reflectors", large) ==
      "3 route reflectors that peer with each other, and two for each other node, make 3,997 BGP sessions.");
  CHECK(finding(routed, "typha-advised", large) ==
        "Calico advises Typha beyond 50 nodes with the Kubernetes datastore; there are 2,000.");
  CHECK(finding(routed, "many-datastore-objects", large) ==
        "At the peak IPAM keeps 120,000 objects in the datastore. Every claim of a block lists all 2,500 "
        "blocks.");
  const auto vxlan =
      with("encapsulation = \"vxlan\"\n[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/12\"\n");
  CHECK(finding(vxlan, "bgp-full-mesh", large).empty());
  CHECK(finding(with("[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/12\"\nblock_size = 20\n"),
                "large-block-object") ==
        "A full /20 block of p is an object of about 1.1 MB, and etcd refuses requests beyond 1.5 MiB.");
}

TEST_CASE("what Calico itself would say is told in its words") {
  CHECK(finding(with("max_blocks_per_host = 4\n" + slash_24), "calicoctl-refuses-config") ==
        "calicoctl refuses this configuration (\"MaxBlocksPerHost requires StrictAffinity to be enabled\"); "
        "it has to be "
        "stored by editing the resource.");
  CHECK(finding(with("auto_allocate_blocks = false\n" + slash_24), "calicoctl-refuses-config") ==
        "calicoctl refuses this configuration (\"Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at "
        "the same "
        "time\"); it has to be stored by editing the resource.");
  Facts refused;
  refused.refused = Cause::pool_exhausted;
  CHECK(finding(with(slash_24), "what-calico-says", refused) ==
        "In the log of the CNI plugin the first refusal reads: \"failed to request IPv4 addresses: Assigned "
        "0 out of 1 "
        "requested IPv4 addresses; No IPs available in pools: [10.0.0.0/24]\".");
  refused.refused = Cause::block_cap;
  CHECK(finding(with(slash_24), "what-calico-says", refused) ==
        "In the log of the CNI plugin the first refusal reads: \"cannot allocate new block due to per host "
        "block limit; "
        "Need to allocate an IPAM block but could not - limit of 20 blocks reached for this node\".");
}

TEST_CASE("cures fit the cause") {
  const auto strict = with("strict_affinity = true\n" + slash_24);
  CHECK(cures(strict, Cause::no_free_block) ==
        "strict_affinity=false, pool.p.block_size=27, pool.p.block_size=28, pool.p.block_size=29");
  Plan windows = strict;
  windows.group = "nodes = 3\nos = \"windows\"";
  CHECK(cures(windows, Cause::no_free_block) ==
        "pool.p.block_size=27, pool.p.block_size=28, pool.p.block_size=29");
  CHECK(cures(windows, Cause::block_cap) ==
        "pool.p.block_size=25, pool.p.block_size=24, windows_use_single_network=false");
  // 110 pods and up to five tunnels in blocks of four: 29.
  CHECK(cures(with("[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/24\"\nblock_size = 30\n"),
              Cause::block_cap) ==
        "max_blocks_per_host=29, pool.p.block_size=29, pool.p.block_size=28, pool.p.block_size=27");
  CHECK(cures(with("auto_allocate_blocks = false\n" + slash_24), Cause::auto_allocate_off) ==
        "auto_allocate_blocks=true");
  CHECK(cures(with(slash_24 + "node_selector = \"tier == 'web'\"\n"), Cause::no_matching_pool) ==
        "pool.p.node_selector=\"all()\"");
  CHECK(cures(with("profile = \"P33\"\nip_cooldown = \"60s\"\n" + slash_24), Cause::cooling) ==
        "ip_cooldown=\"0s\"");
  CHECK(cures(with(slash_24), Cause::pool_exhausted).empty());  // a wider pool is tried for every design
}
