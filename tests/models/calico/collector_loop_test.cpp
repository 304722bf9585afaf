// When the collector's passes come. Ticks are at 450 s, 900 s, 1350 s, …; a window lasts a second.

#include "tests/models/calico/collected_cluster.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

using Texts = std::vector<std::string>;

void at(CollectedCluster& cluster, std::int64_t second) { CHECK(cluster.run_to(second).empty()); }

/// n1 with a used block 10.0.0.0/29 and, in 10.0.0.8/29, pod b.
void two_blocks(CollectedCluster& cluster) {
  cluster.node("n1");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.set_pod("b", {"n1", {"10.0.0.9"}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.9", "n1", "b");
  at(cluster, 5);
}

}  // namespace

TEST_CASE("in an idle cluster an empty block goes at the first tick after its 15 minutes", "[collector]") {
  struct Row {
    const char* name;
    std::int64_t emptied;
    std::int64_t gone;
  };
  const Row rows[] = {
      // seen at 452; at 1350 it has been empty for 898 s, at 1800 for 1348 s: 22.5 minutes less a second in
      // all
      {"just after a tick", 451, 1800},
      // seen at 449; at 1350 901 s
      {"just before a tick", 448, 1350},
      // seen at 450, where the tick is: exactly 900 s at 1350 are not more than 900 s
      {"seen at a tick", 449, 1800},
      {"seen a second after a tick", 450, 1800},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CollectedCluster cluster(loop_options());
    two_blocks(cluster);
    at(cluster, row.emptied);
    cluster.end_pod("b");
    CHECK(cluster.run_to(row.gone - 1).empty());
    CHECK(cluster.run_to(row.gone) == Texts{std::to_string(row.gone) + " block 10.0.0.8/29"});
    CHECK(cluster.run_to(10'000).empty());
  }
}

TEST_CASE("in a busy cluster an empty block goes with the first event after its 15 minutes", "[collector]") {
  CollectedCluster cluster(loop_options());
  two_blocks(cluster);
  at(cluster, 451);
  cluster.end_pod("b");
  at(cluster, 1351);  // a pass at 1352 comes 900 s after 452: too early by nothing
  cluster.assign("10.0.0.2", "n1", "c");
  at(cluster, 1353);
  cluster.assign("10.0.0.3", "n1", "d");
  CHECK(cluster.run_to(1354) == Texts{"1354 block 10.0.0.8/29"});
}

TEST_CASE("a pass comes a second after the first event", "[collector]") {
  CollectedCluster cluster(loop_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  at(cluster, 5);
  cluster.remove_node("n1");
  CHECK(cluster.run_to(SimTime{5'999}).empty());
  CHECK(cluster.run_to(SimTime{6'000}) == Texts{"6 ip 10.0.0.1", "6 node n1"});
}

TEST_CASE("a leak goes at the first scan of its node after the grace period", "[collector]") {
  CollectedCluster cluster(loop_options());
  two_blocks(cluster);
  at(cluster, 10);
  cluster.delete_pod("b");  // its address stays; a candidate since 11
  at(cluster, 900);         // the tick at 900 finds it 889 s old
  SECTION("the next tick") {
    CHECK(cluster.run_to(1349).empty());
    CHECK(cluster.run_to(1350) == Texts{"1350 ip 10.0.0.9"});
  }
  SECTION("an event of its node") {
    at(cluster, 950);
    cluster.assign("10.0.0.2", "n1", "c");
    CHECK(cluster.run_to(951) == Texts{"951 ip 10.0.0.9"});
  }
  SECTION("an event of another node does not help") {
    cluster.node("n2");
    at(cluster, 950);
    cluster.assign("10.0.0.17", "n2", "c");
    CHECK(cluster.run_to(1349).empty());
  }
}

TEST_CASE("a deleted node that others hold up is tried again and again, ever more rarely", "[collector]") {
  CollectedCluster cluster(loop_options());
  cluster.node("n1");
  cluster.node("n2");
  cluster.set_pod("b", {"n2", {"10.0.0.2"}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.2", "n2", "b");
  at(cluster, 100);
  cluster.remove_node("n1");
  // The first pass at 101. What it released comes back as an event: the next one at 102, into which the retry
  // of 101.005 falls. Then 10 ms later, 20, 40, …
  CHECK(cluster.run_to(113) == Texts{"101 ip 10.0.0.1", "101 kept n1", "102 kept n1", "102.010 kept n1",
                                     "102.030 kept n1", "102.070 kept n1", "102.150 kept n1",
                                     "102.310 kept n1", "102.630 kept n1", "103.270 kept n1",
                                     "104.550 kept n1", "107.110 kept n1", "112.230 kept n1"});
  // 10.24 s, 20.48 s, then every 30 s
  CHECK(cluster.run_to(203) ==
        Texts{"122.470 kept n1", "142.950 kept n1", "172.950 kept n1", "202.950 kept n1"});
  at(cluster, 210);
  cluster.end_pod("b");
  CHECK(cluster.run_to(211) == Texts{"211 node n1"});
  CHECK(cluster.run_to(1000).empty());
}

TEST_CASE("retries run the whole pass: empty blocks elsewhere go early", "[collector]") {
  CollectedCluster cluster(loop_options());
  two_blocks(cluster);
  cluster.node("n2");
  cluster.node("n3");
  cluster.set_pod("y", {"n3", {"10.0.0.18"}});
  cluster.assign("10.0.0.17", "n2", "x");
  cluster.assign("10.0.0.18", "n3", "y");
  at(cluster, 100);
  cluster.remove_node("n2");
  cluster.run_to(460);
  cluster.end_pod("b");  // seen at 461, and due after 1361
  // Retries every 30 s: …, 442.950 is followed by the pass at 461 (retry pending: 472.950), 502.950, …; the
  // first after 1361 s is at 1372.950.
  for (const auto& text : cluster.run_to(1372)) CHECK(text.find("block") == std::string::npos);
  CHECK(cluster.run_to(1373) == Texts{"1372.950 block 10.0.0.8/29", "1372.950 kept n2"});
}

TEST_CASE("a tick that falls into a window runs at its end", "[collector]") {
  CollectedCluster cluster(loop_options());
  two_blocks(cluster);
  cluster.set_pod("a", {"n1", {"10.0.0.1"}, true});  // evicted: no event
  cluster.node("n2");
  at(cluster, 449);
  cluster.run_to(SimTime{449'500});
  cluster.assign("10.0.0.17", "n2", "c");
  CHECK(cluster.run_to(450).empty());
  CHECK(cluster.candidates("n1").empty());
  cluster.run_to(451);
  CHECK(cluster.candidates("n1") == Texts{"10.0.0.1 since 450.500"});
}

TEST_CASE("a node that turns out to be no Kubernetes node loses its timers when that is heard",
          "[collector]") {
  CollectedCluster cluster(loop_options());
  two_blocks(cluster);
  cluster.end_pod("b");
  cluster.run_to(10);
  const auto timers = [&] {
    int count = 0;
    cluster.collector.blocks().for_each_timer([&](const Prefix&, SimTime) { ++count; });
    return count;
  };
  CHECK(timers() == 1);
  cluster.delete_pod("a");  // a window of pods from 10 to 11 s
  cluster.run_to(SimTime{10'500});
  cluster.collector.set_node(cluster.host("n1"), false, false, cluster.now);  // heard at 11.5 s
  cluster.run_to(11);
  CHECK(timers() == 1);
  cluster.run_to(12);
  CHECK(timers() == 0);
}
