#include <array>
#include <map>
#include <random>

#include "models/calico/calico_factory.h"
#include "tests/models/calico/calico_cluster.h"
#include "tests/models/calico/calico_design.h"

using namespace cidrplan;
using namespace cidrplan::calico;
using test::at;
using test::Cluster;
using test::Plan;
using test::pool;

namespace {

OccupancyReport occupancy_of(const Cluster& cluster) {
  OccupancyReport report;
  cluster.model->occupancy(report);
  return report;
}

/// "3:16/0" for block 3 with 16 addresses in use, none of them borrowed; "w" where it waits, "-" without
/// owner.
std::string blocks_of(const Cluster& cluster) {
  std::string text;
  for (const auto& range : occupancy_of(cluster).ranges)
    for (const auto& block : range.holdings)
      text += (text.empty() ? "" : " ") + to_string(block.number) + ":" + to_string(block.used) + "/" +
              to_string(block.borrowed) + (block.waiting ? "w" : "") +
              (block.owner == Holding::no_owner ? "-" : "");
  return text;
}

}  // namespace

// worker-0 begins at block 12 of the 16 /28 blocks of 10.0.0.0/24.
TEST_CASE("how full blocks are: full, pinned by one pod, empty and waiting for collection") {
  Cluster cluster(pool("p", "10.0.0.0/24", 28));
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  CHECK(blocks_of(cluster).empty());
  for (std::uint32_t pod = 0; pod < 17; ++pod) cluster.ask(pod, 0, at(1));
  CHECK(blocks_of(cluster) == "12:16/0 13:1/0");
  const auto report = occupancy_of(cluster);
  CHECK(report.owned);
  CHECK(report.collected);
  REQUIRE(report.ranges.size() == 1);
  CHECK(report.ranges[0].pieces() == 16);
  CHECK(report.ranges[0].piece_size() == 16);
  CHECK(report.ranges[0].holdings[1].owner == 0);

  cluster.release(16, at(2));
  CHECK(blocks_of(cluster) == "12:16/0 13:0/0w");
  const auto figures = figures_of(occupancy_of(cluster));
  CHECK(figures.pieces == 2);
  CHECK(figures.waiting == 1);
  CHECK(figures.idle() == 16);
  CHECK(figures.nodes_with == std::vector<std::int64_t>{0, 0, 1});
  cluster.run_to(at(3600));
  CHECK(blocks_of(cluster) == "12:16/0");
}

TEST_CASE("the last block of a node is empty but waits for nothing") {
  Cluster cluster(pool("p", "10.0.0.0/24", 28));
  REQUIRE(cluster.add(0, at(0), "worker-0").granted);
  cluster.ask(0, 0, at(0));
  cluster.release(0, at(1));
  CHECK(blocks_of(cluster) == "12:0/0");
  cluster.run_to(at(3600));
  CHECK(blocks_of(cluster) == "12:0/0");
}

// Of four blocks h1 to h4 begin at 2, 0, 3 and 1; the fifth borrows, of the first block of its walk.
TEST_CASE("borrowed addresses are told, and blocks of a node that is gone") {
  Cluster cluster(pool("p", "10.0.0.0/26", 28));
  for (std::uint32_t node = 1; node <= 5; ++node) {
    REQUIRE(cluster.add(node, at(0)).granted);
    cluster.ask(node, node, at(0));
  }
  const auto before = figures_of(occupancy_of(cluster));
  CHECK(before.used == 5);
  CHECK(before.borrowed == 1);
  CHECK(before.pieces == 4);
  CHECK(before.nodes_with == std::vector<std::int64_t>{0, 4});
}

TEST_CASE("what Windows keeps of a block nobody uses") {
  auto options = Cluster::with(pool("p", "10.0.0.0/24", 28));
  options.config.strict_affinity = true;
  Cluster cluster(options);
  REQUIRE(cluster.add(0, at(0), "worker-0", Os::windows).granted);
  cluster.ask(0, 0, at(0));
  const auto report = occupancy_of(cluster);
  REQUIRE(report.ranges[0].holdings.size() == 1);
  CHECK(report.ranges[0].holdings[0].used == 1);
  CHECK(report.ranges[0].holdings[0].kept == 4);
  CHECK(report.ranges[0].fill(report.ranges[0].holdings[0]) == Fill::one);
  CHECK(figures_of(report).idle() == 11);
}

namespace {

std::string variants_of(const std::string& design) {
  const auto scenario = Plan{"nodes = 3", "pods = 10", design, ""}.scenario();
  std::string text;
  for (const auto& variant : scenario.designs[0].factory->variants()) {
    text += variant.words + (variant.present ? "*" : "");
    for (const auto& setting : variant.settings) text += " " + setting.key + "=" + setting.value;
    text += "\n";
  }
  return text;
}

NodeTraffic traffic(double pods) {
  NodeTraffic traffic;
  traffic.pods = pods;
  traffic.stay = Duration::minutes(60);
  traffic.nodes = 10;
  traffic.slots = 110;
  return traffic;
}

std::optional<LongRun> long_run_of(const std::string& design, const NodeTraffic& traffic) {
  return Plan{"nodes = 3", "pods = 10", design, ""}.scenario().designs[0].factory->long_run(traffic);
}

const std::string one_pool = "[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/16\"\n";

}  // namespace

TEST_CASE("block sizes /26 to /29 side by side, and the design's own among them") {
  CHECK(variants_of(one_pool) ==
        "/26 blocks* pool.p.block_size=26\n/27 blocks pool.p.block_size=27\n"
        "/28 blocks pool.p.block_size=28\n/29 blocks pool.p.block_size=29\n");
  CHECK(variants_of(one_pool + "block_size = 24\n").find("/24 blocks* pool.p.block_size=24\n/26 blocks ") ==
        0);
  // A pool of /28 has no room for larger blocks.
  CHECK(variants_of("[[design.pool]]\nname = \"p\"\ncidr = \"10.0.0.0/28\"\nblock_size = 29\n") ==
        "/28 blocks pool.p.block_size=28\n/29 blocks* pool.p.block_size=29\n");
}

TEST_CASE("theory takes the node's load from its traffic, and keeps silent where it has none") {
  const auto run = long_run_of(one_pool, traffic(30));
  REQUIRE(run);
  CHECK(run->used == Approx(30).epsilon(1e-3));
  // 10 nodes, 300 pods at random: more than 64 on one node has a chance below 1e-8.
  CHECK(run->pieces == Approx(1).epsilon(1e-6));
  CHECK(run->idle == Approx(34).epsilon(1e-3));
  double pieces = 0;
  for (const auto each : run->fill) pieces += each;
  CHECK(pieces == Approx(run->pieces).epsilon(1e-6));
  REQUIRE(run->notes.size() == 2);

  CHECK(long_run_of("encapsulation = \"vxlan\"\n" + one_pool, traffic(30))->used == Approx(31).epsilon(1e-3));
  // Half of 63 pods, 0 or 1: the traffic of daemonsets adds what never leaves.
  auto with_daemons = traffic(30);
  with_daemons.daemons = 4;
  CHECK(long_run_of(one_pool, with_daemons)->used == Approx(34).epsilon(1e-3));

  CHECK_FALSE(long_run_of("leak_grace_period = \"0s\"\n" + one_pool, traffic(30)));
  CHECK_FALSE(long_run_of(one_pool, traffic(3000)));
  CHECK_FALSE(long_run_of("max_blocks_per_host = 1\n" + one_pool, traffic(64)));
  CHECK_FALSE(long_run_of(
      one_pool + "[[design.pool]]\nname = \"q\"\ncidr = \"10.1.0.0/16\"\nblock_size = 27\n", traffic(30)));
}

// What the model keeps by small steps, as each operation changes a block, against a look at every block.
TEST_CASE("sums over blocks are those of a look at each of them") {
  const auto profile = GENERATE(Profile::p31, Profile::p32, Profile::p33);
  const bool strict = GENERATE(false, true);
  CAPTURE(profile, strict);
  auto options = Cluster::with(pool("p", "10.0.0.0/25", 28));
  options.profile = profile;
  options.config.strict_affinity = strict;
  Cluster cluster(std::move(options));
  constexpr std::uint32_t nodes = 12;  // for eight blocks
  std::array<bool, nodes> there{};
  std::map<std::uint32_t, std::uint32_t> node_of;  // of pods
  std::mt19937 draws(11);                          // the standard fixes its numbers
  std::uint32_t made = 0;
  std::uint64_t singles = 0, empties = 0, lent = 0;
  for (int step = 0; step < 3000; ++step) {
    const auto now = at(step * 5.0);
    cluster.run_to(now);
    const auto node = static_cast<std::uint32_t>(draws() % nodes);
    const auto kind = draws() % 20;
    if (!there[node]) {
      there[node] = cluster.add(node, now).granted;
    } else if (kind == 0) {
      for (auto pod = node_of.begin(); pod != node_of.end();) {
        if (pod->second != node) {
          ++pod;
          continue;
        }
        cluster.release(pod->first, now);
        pod = node_of.erase(pod);
      }
      cluster.remove(node, now);
      there[node] = false;
    } else if (kind < 11 && node_of.size() < 100) {
      cluster.assign(made, node, now);
      node_of[made++] = node;
    } else if (!node_of.empty()) {
      const auto pod = std::next(node_of.begin(), static_cast<long>(draws() % node_of.size()));
      cluster.release(pod->first, now);
      node_of.erase(pod);
    }

    const auto report = occupancy_of(cluster);
    const auto figures = figures_of(report);
    uint128 idle = 0;
    for (const auto& block : report.ranges[0].holdings)
      if (block.owner != Holding::no_owner) idle += 16 - block.used;
    const auto row = cluster.row();
    CAPTURE(step);
    REQUIRE(cluster.measure("blocks_held") == figures.pieces);
    REQUIRE(cluster.measure("blocks_empty") == figures.of(Fill::empty));
    if (row.usage.cooling == 0) REQUIRE(cluster.measure("blocks_single") == figures.of(Fill::one));
    REQUIRE(row.usage.in_use + row.usage.cooling == figures.used);
    REQUIRE(row.usage.idle == idle);
    REQUIRE(row.borrowed == figures.borrowed);
    singles += figures.of(Fill::one) > 0;
    empties += figures.of(Fill::empty) > 0;
    lent += figures.borrowed > 0;
  }
  CHECK(singles > 100);
  CHECK(empties > 100);
  CHECK((lent > 100) == !strict);
}
