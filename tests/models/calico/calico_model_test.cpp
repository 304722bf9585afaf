#include "tests/models/calico/calico_cluster.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using test::at;
using test::Cluster;
using test::pool;

namespace {

constexpr Families both{true, true};

CalicoOptions strict(PoolPlan plan) {
  auto options = Cluster::with(std::move(plan));
  options.config.strict_affinity = true;
  return options;
}

PoolPlan wrapped(PoolPlan plan, Encapsulation how) {
  plan.encapsulation = how;
  return plan;
}

}  // namespace

// The worked examples of blocks and walks: h1 to h4 begin at .32, .0, .48 and .16 of 10.0.0.0/26 in /28
// blocks, and worker-0 at 10.0.0.192 of 10.0.0.0/24 (FNV-1 2999756864, start 12 of 16).

TEST_CASE("pods take the addresses of their node's blocks in order, and released ones last") {
  Cluster cluster(pool("p", "10.0.0.0/24", 28));
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.192");
  CHECK(cluster.ask(1, 0, at(0)) == "10.0.0.193");
  cluster.release(0, at(1));
  for (std::uint32_t pod = 2; pod <= 15; ++pod) cluster.ask(pod, 0, at(2));  // .194 to .207
  CHECK(cluster.ask(16, 0, at(3)) == "10.0.0.192");
  CHECK(cluster.ask(17, 0, at(3)) == "10.0.0.208");  // the next block of the walk
  // 17 pods in two blocks of 16: 15 addresses wait for the next ones, and 224 are for anybody.
  const auto usage = cluster.usage();
  CHECK(usage.capacity == 256);
  CHECK(usage.in_use == 17);
  CHECK(usage.idle == 15);
  CHECK(usage.available == 224);
  CHECK(cluster.row().borrowable == 15);
  CHECK(cluster.measure("blocks_held") == 2);
  CHECK(cluster.measure("blocks_single") == 1);
  CHECK(cluster.measure("blocks_empty") == 0);
  // Two blocks, two affinities, 17 handles and the configuration.
  CHECK(cluster.measure("datastore_objects") == 22);
}

TEST_CASE("a node's tunnels take their addresses before its first pod") {
  Cluster vxlan(wrapped(pool("p", "10.0.0.0/24", 28), Encapsulation::vxlan));
  REQUIRE(vxlan.add(0, at(0), "worker-0").granted);
  CHECK(vxlan.usage().in_use == 1);
  CHECK(vxlan.ask(0, 0, at(0)) == "10.0.0.193");

  // IPIP and WireGuard: two. WireGuard of IPv6 has no pool, so it takes none.
  auto options = Cluster::with(wrapped(pool("p", "10.0.0.0/24", 28), Encapsulation::ipip));
  options.wireguard = true;
  Cluster both_kinds(options);
  REQUIRE(both_kinds.add(0, at(0), "worker-0").granted);
  CHECK(both_kinds.ask(0, 0, at(0)) == "10.0.0.194");

  Cluster plain(pool("p", "10.0.0.0/24", 28));
  REQUIRE(plain.add(0, at(0), "worker-0").granted);
  CHECK(plain.usage().held() == 0);  // a node without pods and tunnels owns nothing
}

TEST_CASE("with strict affinity a node without a block gets no pods, and with tunnels does not join") {
  Cluster pods(strict(pool("p", "10.0.0.0/26", 28)));
  for (std::uint32_t node = 1; node <= 5; ++node) REQUIRE(pods.add(node, at(0)).granted);
  CHECK(pods.ask(1, 1, at(0)) == "10.0.0.32");
  CHECK(pods.ask(2, 2, at(0)) == "10.0.0.0");
  CHECK(pods.ask(3, 3, at(0)) == "10.0.0.48");
  CHECK(pods.ask(4, 4, at(0)) == "10.0.0.16");
  const auto refused = pods.assign(5, 5, at(0));
  CHECK(refused.outcome == Assignment::Outcome::waiting);
  CHECK(refused.cause == Cause::no_free_block);
  CHECK(refused.place == PlaceRef{PlaceKind::pool, 0});
  CHECK(pods.model->place_name(refused.place) == "p");
  CHECK(pods.usage().idle == 60);
  CHECK(pods.row().borrowable == 0);
  CHECK(pods.usage().available == 0);

  Cluster tunnels(strict(wrapped(pool("p", "10.0.0.0/26", 28), Encapsulation::vxlan)));
  for (std::uint32_t node = 1; node <= 4; ++node) REQUIRE(tunnels.add(node, at(0)).granted);
  const auto freed = tunnels.model->freed();
  const auto fifth = tunnels.add(5, at(0));
  CHECK_FALSE(fifth.granted);
  CHECK(fifth.cause == Cause::no_free_block);
  CHECK(tunnels.usage().in_use == 4);
  // Pods that end give no block back; a node that leaves does, a second later.
  tunnels.ask(1, 1, at(1));
  tunnels.release(1, at(2));
  CHECK(tunnels.model->freed() == freed);
  tunnels.remove(4, at(10));
  tunnels.run_to(at(12));
  CHECK(tunnels.model->freed() > freed);
  CHECK(tunnels.add(5, at(60)).granted);
}

TEST_CASE("what one pod was told is no answer to those who may have what it may not") {
  // One block of four addresses for anybody, and one for a namespace.
  auto options = Cluster::with(pool("a", "10.0.0.0/30", 30));
  options.pools.push_back(pool("b", "10.0.1.0/30", 30));
  options.pools[1].pool.namespace_selector = Selector::parse("team == 'red'").selector;
  options.namespaces = {{"default", {}}, {"shop", {{"team", "red"}}}};
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 4; ++pod) REQUIRE(cluster.ask(pod, 0, at(0)).starts_with("10.0.0."));
  CHECK(cluster.ask(4, 0, at(1)) == "pool-exhausted");
  CHECK(cluster.ask(5, 0, at(1)) == "pool-exhausted");
  CHECK(cluster.assign(6, 0, at(1), {}, 1).ipv4.to_string() == "10.0.1.0");
  CHECK(cluster.ask(5, 0, at(2)) == "pool-exhausted");
  // What comes free goes to whoever asks next.
  cluster.release(2, at(3));
  CHECK(cluster.ask(5, 0, at(3)) == "10.0.0.2");
  CHECK(cluster.ask(4, 0, at(4)) == "pool-exhausted");
}

TEST_CASE("an empty block is taken over a minute after its claim, and not before v3.32") {
  for (const auto profile : {Profile::p31, Profile::p32}) {
    auto options = strict(pool("p", "10.0.0.0/26", 28));
    options.profile = profile;
    Cluster cluster(options);
    for (std::uint32_t node = 1; node <= 5; ++node) REQUIRE(cluster.add(node, at(0)).granted);
    for (std::uint32_t node = 1; node <= 4; ++node) cluster.ask(node, node, at(0));
    cluster.ask(5, 5, at(5));
    cluster.release(1, at(30));
    CHECK(cluster.ask(5, 5, at(40)) == "no-free-block");
    CHECK(cluster.measure("blocks_empty") == 1);
    if (profile == Profile::p31) {
      CHECK(cluster.run_to(at(7200)).empty());  // the last block of a node that lives stays
      continue;
    }
    CHECK(cluster.run_to(at(100)) == "5@60");
    CHECK(cluster.ask(5, 5, at(100)) == "10.0.0.32");
  }
}

TEST_CASE("without strict affinity a node without a block borrows, one route for each address") {
  Cluster cluster(pool("p", "10.0.0.0/25", 26));
  REQUIRE(cluster.add(0, at(0), "host-a").granted);
  REQUIRE(cluster.add(1, at(0), "host-b").granted);
  CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.0");
  CHECK(cluster.ask(1, 1, at(0)) == "10.0.0.64");
  CHECK(cluster.measure("routes_per_node") == 1);
  for (std::uint32_t pod = 2; pod <= 64; ++pod) cluster.ask(pod, 0, at(1));  // .1 to .63
  CHECK(cluster.ask(65, 0, at(1)) == "10.0.0.65");
  CHECK(cluster.row().borrowed == 1);
  // Two blocks and one borrowed address are 3 prefixes, of which a node has 3 / 2 = 1 itself.
  CHECK(cluster.measure("routes_per_node") == 2);
  for (std::uint32_t pod = 66; pod <= 127; ++pod) cluster.ask(pod, 0, at(1));  // .66 to .127
  const auto full = cluster.assign(128, 0, at(2));
  CHECK(full.cause == Cause::pool_exhausted);
  CHECK(cluster.usage().available == 0);
  cluster.release(1, at(3));
  CHECK(cluster.run_to(at(3)) == "0@3");
  CHECK(cluster.ask(128, 0, at(4)) == "10.0.0.64");
}

TEST_CASE("a free address calls the node that waits longest, and who is served passes the call on") {
  Cluster cluster(pool("p", "10.0.0.0/29", 29));
  for (std::uint32_t node = 0; node <= 3; ++node) REQUIRE(cluster.add(node, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 8; ++pod) cluster.ask(pod, 0, at(0));
  for (std::uint32_t node = 1; node <= 3; ++node)
    CHECK(cluster.ask(10 + node, node, at(node)) == "pool-exhausted");
  cluster.release(0, at(10));
  CHECK(cluster.run_to(at(10)) == "1@10");
  CHECK(cluster.ask(11, 1, at(11)) == "10.0.0.0");
  CHECK(cluster.run_to(at(11)) == "2@11");  // there may be more
  CHECK(cluster.ask(12, 2, at(12)) == "pool-exhausted");
  CHECK(cluster.run_to(at(12)).empty());
  cluster.release(1, at(20));
  CHECK(cluster.run_to(at(20)) == "3@20");  // 2 has gone to the back
  cluster.release(13, at(21));              // it ends before it asks, and the call is for another
  CHECK(cluster.run_to(at(21)) == "2@21");
  CHECK(cluster.ask(12, 2, at(22)) == "10.0.0.1");
}

TEST_CASE("at the cap only an address of the node's own blocks helps") {
  // 10.0.0.0/24 in blocks of two: two of them hold four pods, and borrowing does not begin.
  auto options = Cluster::with(pool("p", "10.0.0.0/24", 31));
  options.config.max_blocks_per_host = 2;
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0)).granted);
  REQUIRE(cluster.add(1, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 4; ++pod) cluster.ask(pod, 0, at(0));
  const auto capped = cluster.assign(4, 0, at(0));
  CHECK(capped.cause == Cause::block_cap);
  CHECK(capped.place == PlaceRef{PlaceKind::node, 0});
  cluster.ask(5, 1, at(1));
  cluster.release(5, at(2));
  CHECK(cluster.run_to(at(10)).empty());  // another node's address
  cluster.release(3, at(20));
  CHECK(cluster.run_to(at(20)) == "0@20");
}

TEST_CASE("where claiming is switched off nothing but blocks that are there serves") {
  auto plan = pool("p", "10.0.0.0/24", 28);
  plan.held = {{"worker-0", 1, 0}};
  auto options = strict(plan);
  options.config.auto_allocate_blocks = false;
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  REQUIRE(cluster.add(1, at(0), "other").granted);
  CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.192");
  CHECK(cluster.ask(1, 1, at(0)) == "auto-allocate-off");
  CHECK(cluster.usage().idle == 15);
  CHECK(cluster.usage().available == 0);
  CHECK(cluster.usage().unusable == 240);
}

TEST_CASE("a pod that needs both families gives one back when it lacks the other") {
  CalicoOptions options;
  options.pools = {pool("four", "10.0.0.0/24", 28), pool("six", "fd00::/127", 128)};
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  CHECK(cluster.ask(0, 0, at(0), both).starts_with("10.0.0.192 fd00::"));
  CHECK(cluster.ask(1, 0, at(0), both).starts_with("10.0.0.193 fd00::"));
  CHECK(cluster.ask(2, 0, at(0), both) == "pool-exhausted");
  CHECK(cluster.usage(0).in_use == 2);
  CHECK(cluster.usage(1).in_use == 2);
  CHECK(cluster.measure("datastore_objects") == 1 + 3 * 2 + 2);  // a handle names both addresses
  // .194 was taken and given back, so it stands behind .207.
  CHECK(cluster.ask(3, 0, at(1)) == "10.0.0.195");
  cluster.release(0, at(2));
  CHECK(cluster.run_to(at(2)) == "0@2");
  CHECK(cluster.ask(2, 0, at(3), both).starts_with("10.0.0.196 fd00::"));
  CHECK(cluster.ask(4, 0, at(3), {false, true}) == "pool-exhausted");
}

TEST_CASE("Windows keeps four addresses of a block, and one block unless told otherwise") {
  for (const bool single : {true, false}) {
    auto options = strict(pool("p", "10.0.0.0/24", 28));
    options.windows_single_network = single;
    Cluster cluster(options);
    REQUIRE(cluster.add(0, at(0), "worker-0", Os::windows).granted);
    CHECK(cluster.usage().overhead == 4);  // the agent makes sure of a block when it starts
    CHECK(cluster.usage().idle == 12);
    CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.195");
    for (std::uint32_t pod = 1; pod < 12; ++pod) cluster.ask(pod, 0, at(0));
    CHECK(cluster.ask(12, 0, at(0)) == (single ? "block-cap" : "10.0.0.211"));
  }
}

TEST_CASE("v3.33 lets released addresses rest") {
  auto options = strict(pool("p", "10.0.0.0/30", 31));
  options.profile = Profile::p33;
  options.config.cooldown = Duration::seconds(60);
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 4; ++pod) cluster.ask(pod, 0, at(0));
  cluster.release(0, at(10.5));
  CHECK(cluster.usage().cooling == 1);
  CHECK(cluster.ask(4, 0, at(11)) == "cooling");
  // The stamp is 10, and the age must be more than 60 s.
  CHECK(cluster.run_to(at(90)) == "0@70.001");
  CHECK(cluster.ask(4, 0, at(90)) != "cooling");
}

TEST_CASE("a pool that comes later serves pods that nothing served before, and brings its tunnels") {
  CalicoOptions options;
  options.pools = {pool("a", "10.0.0.0/30", 30), wrapped(pool("b", "10.1.0.0/28", 28), Encapsulation::vxlan)};
  options.pools[0].pool.allowed_uses = AllowedUses({Use::tunnel});
  options.pools[1].from = at(1000);
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0)).granted);
  const auto refused = cluster.assign(0, 0, at(0));
  CHECK(refused.outcome == Assignment::Outcome::refused);
  CHECK(refused.cause == Cause::no_matching_pool);
  CHECK(refused.place.kind == PlaceKind::node_group);
  CHECK(cluster.usage(1).capacity == 0);
  CHECK(cluster.run_to(at(2000)) == "0@1000");
  CHECK(cluster.usage(1).capacity == 16);
  CHECK(cluster.ask(0, 0, at(2000)) == "10.1.0.1");  // .0 is the tunnel's
}

TEST_CASE("selectors decide by the labels of nodes and namespaces") {
  CalicoOptions options;
  options.pools = {pool("blue", "10.0.0.0/28", 28), pool("red", "10.1.0.0/28", 28)};
  options.pools[0].pool.node_selector =
      Selector::parse("rack == 'r1' && kubernetes.io/hostname != 'h2'").selector;
  options.pools[1].pool.namespace_selector = Selector::parse("team == 'red'").selector;
  options.namespaces = {{"default", {}}, {"shop", {{"team", "red"}}}};
  Cluster cluster(options);
  const cidrplan::Labels rack{{"rack", "r1"}};
  REQUIRE(cluster.add(1, at(0), "h1", Os::linux, &rack).granted);
  REQUIRE(cluster.add(2, at(0), "h2", Os::linux, &rack).granted);
  CHECK(cluster.assign(0, 1, at(0)).ipv4.to_string() == "10.0.0.0");
  CHECK(cluster.assign(1, 2, at(0)).cause == Cause::no_matching_pool);
  CHECK(cluster.assign(2, 2, at(0), {}, 1).ipv4.to_string() == "10.1.0.0");
}

// --- what comes back

TEST_CASE("an empty block comes back after the grace period, and one stays") {
  Cluster cluster(pool("p", "10.0.0.0/24", 30));
  REQUIRE(cluster.add(0, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 8; ++pod) cluster.ask(pod, 0, at(0));
  for (std::uint32_t pod = 0; pod < 8; ++pod) cluster.release(pod, at(1000));
  CHECK(cluster.measure("blocks_empty") == 2);
  // A pass a second later starts the timers. Ticks come every 450 s: at 1800 they are 799 s old, at 2250 over
  // 900.
  cluster.run_to(at(2249));
  CHECK(cluster.measure("blocks_held") == 2);
  cluster.run_to(at(10'000));
  CHECK(cluster.measure("blocks_held") == 1);

  auto options = Cluster::with(pool("p", "10.0.0.0/24", 30));
  options.grace = {};
  Cluster kept(options);
  REQUIRE(kept.add(0, at(0)).granted);
  for (std::uint32_t pod = 0; pod < 8; ++pod) kept.ask(pod, 0, at(0));
  for (std::uint32_t pod = 0; pod < 8; ++pod) kept.release(pod, at(1000));
  kept.run_to(at(100'000));
  CHECK(kept.measure("blocks_held") == 2);
}

TEST_CASE("a removed node's tunnel address comes back, and no other's does") {
  Cluster cluster(wrapped(pool("p", "192.168.0.0/20", 26), Encapsulation::vxlan));
  for (std::uint32_t i = 1; i <= 3; ++i) REQUIRE(cluster.add(i, at(0)).granted);
  CHECK(cluster.usage().in_use == 3);
  cluster.run_to(at(100));
  cluster.remove(2, at(100));
  CHECK(cluster.usage().available == 4096 - 128 - 1);  // its 63 free addresses are anybody's, by borrowing
  cluster.run_to(at(5000));
  CHECK(cluster.usage().in_use == 2);
  CHECK(cluster.usage().held() == 128);
  REQUIRE(cluster.assign(0, 1, at(6000)).outcome == Assignment::Outcome::granted);
  cluster.release(0, at(6000));
  // Passes that were due since are made up for before the new nodes come, or these would look like nodes that
  // are gone.
  for (std::uint32_t i = 4; i <= 6; ++i) REQUIRE(cluster.add(i, at(100'000)).granted);
  cluster.run_to(at(110'000));
  CHECK(cluster.usage().in_use == 5);
}

TEST_CASE("a refused node's tunnel is no leak of whoever has its address next") {
  // One block of two: the first node's tunnels of IPIP and WireGuard. A second node gets neither.
  auto options = Cluster::with(wrapped(pool("p", "10.0.0.0/30", 30), Encapsulation::ipip));
  options.wireguard = true;
  Cluster cluster(options);
  REQUIRE(cluster.add(1, at(0)).granted);
  CHECK(cluster.ask(1, 1, at(0)) == "10.0.0.2");
  CHECK_FALSE(cluster.add(2, at(1)).granted);  // IPIP would have had .3, WireGuard nothing
  CHECK(cluster.ask(2, 1, at(1)) == "10.0.0.3");
  cluster.run_to(at(5000));
  CHECK(cluster.usage().in_use == 4);
}

TEST_CASE("what a lost release leaves comes back after the grace period") {
  auto options = Cluster::with(pool("p", "10.0.0.0/24", 28));
  options.leaks = 1;
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0)).granted);
  cluster.ask(0, 0, at(0));
  cluster.ask(1, 0, at(0));
  cluster.release(0, at(100));
  CHECK(cluster.usage().in_use == 2);
  CHECK(cluster.measure("datastore_objects") == 1 + 2 + 2);
  // A pass at 101 makes it a candidate. Ticks at 450 and 900 find it younger than 900 s, that at 1350 older.
  cluster.run_to(at(1349));
  CHECK(cluster.usage().in_use == 2);
  cluster.run_to(at(1350));
  CHECK(cluster.usage().in_use == 1);
  CHECK(cluster.measure("datastore_objects") == 1 + 2 + 1);
}

// --- the state at the start

TEST_CASE("held blocks are those the node would have claimed; what is in use stays") {
  auto plan = pool("p", "10.0.0.0/24", 28);
  plan.held = {{"gone", 2, 0}, {"worker-0", 2, 5}, {"dead", 1, 3}};
  Cluster cluster(strict(plan));
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  CHECK(cluster.measure("blocks_held") == 5);
  // worker-0: .192 to .207 with three of the five, .208 to .223 with two.
  CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.195");
  auto usage = cluster.usage();
  CHECK(usage.in_use == 5 + 3 + 1);
  CHECK(usage.idle == 32 - 6);
  // Nobody may claim the dead node's 13 free addresses; the two empty blocks can be taken over.
  CHECK(usage.unusable == 13);
  CHECK(usage.available == 256 - 9 - 26 - 13);
  // The controller's first look at all nodes, at 450 s, takes back what is empty.
  cluster.run_to(at(449));
  CHECK(cluster.measure("blocks_held") == 5);
  cluster.run_to(at(451));
  CHECK(cluster.measure("blocks_held") == 3);
  cluster.run_to(at(100'000));
  CHECK(cluster.measure("blocks_held") == 3);
  CHECK(cluster.usage().in_use == 9);
}

TEST_CASE("reserved addresses are of no use to anybody") {
  auto plan = pool("p", "10.0.0.0/24", 28);
  plan.reservations = {*Prefix::parse("10.0.0.192/30"), *Prefix::parse("10.0.0.0/28")};
  Cluster cluster(plan);
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  CHECK(cluster.usage().unusable == 4 + 16);
  CHECK(cluster.ask(0, 0, at(0)) == "10.0.0.196");
  CHECK(cluster.usage().idle == 11);
  CHECK(cluster.usage().unusable == 20);
  CHECK(cluster.usage().available == 256 - 12 - 20);
}

TEST_CASE("a disabled pool gives nothing") {
  auto plan = pool("p", "10.0.0.0/24", 28);
  plan.pool.disabled = true;
  Cluster cluster(plan);
  REQUIRE(cluster.add(0, at(0)).granted);
  CHECK(cluster.ask(0, 0, at(0)) == "no-matching-pool");
  CHECK(cluster.usage().unusable == 256);
}
