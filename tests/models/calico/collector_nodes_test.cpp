// What deleted nodes leave behind.

#include "tests/models/calico/collected_cluster.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

using Texts = std::vector<std::string>;

/// n1 owns 10.0.0.0/29 and n2 borrows 10.0.0.2 of it.
void lend(CollectedCluster& cluster) {
  cluster.node("n1");
  cluster.node("n2");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.set_pod("b", {"n2", {"10.0.0.2"}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.2", "n2", "b");
}

}  // namespace

TEST_CASE("a deleted node's blocks go without any grace, its last one too", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.claim("10.0.0.0/29", "n1");
  cluster.claim("10.0.0.8/29", "n1");
  cluster.pass(0);
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 node n1"});
  CHECK(cluster.allocator.store().blocks() == 0);
}

TEST_CASE("of a clean deleted node a lent block goes at a full scan only", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.pass(0);
  cluster.end_pod("a");
  cluster.pass(1);  // n1 is clean
  cluster.remove_node("n1");
  CHECK(cluster.pass(2) == Texts{"2 kept n1"});
  CHECK(cluster.result.nodes_left == 1);
  cluster.end_pod("b");
  CHECK(cluster.pass(3).empty());
  CHECK(cluster.has_block("10.0.0.0/29"));
  CHECK(cluster.pass(4, true) == Texts{"4 node n1"});
  CHECK_FALSE(cluster.has_block("10.0.0.0/29"));
}

TEST_CASE("of a dirty deleted node a lent block goes after the last borrower's release", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.pass(0);
  cluster.delete_pod("a");  // its address stays: a leftover of the node
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.1", "1 kept n1"});
  CHECK(cluster.dirty() == Texts{"n1"});
  CHECK(cluster.pass(2) == Texts{"2 kept n1"});
  cluster.end_pod("b");
  CHECK(cluster.pass(3) == Texts{"3 node n1"});
  CHECK(cluster.dirty().empty());
}

TEST_CASE("an attempt that fails has still released the node's empty blocks", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.claim("10.0.0.8/29", "n1");
  cluster.pass(0);
  cluster.end_pod("a");
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 kept n1"});
  CHECK_FALSE(cluster.has_block("10.0.0.8/29"));
  CHECK(cluster.has_block("10.0.0.0/29"));
}

TEST_CASE("a leak in a deleted node's block frees the block in the same pass", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.pass(0);
  cluster.end_pod("a");
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 kept n1"});
  cluster.delete_pod("b");  // its address stays
  cluster.pass(2);
  CHECK(cluster.pass(903, true) == Texts{"903 ip 10.0.0.2", "903 node n1"});
}

TEST_CASE("a deleted node's addresses in others' blocks go too, and ownerless blocks with them",
          "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.node("n2");
  cluster.claim("10.0.0.0/29", "n2");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.claim("10.0.0.8/29", "n1");
  cluster.assign("10.0.0.9", "n1", "b");
  cluster.disown("10.0.0.8/29", "n1");
  cluster.pass(0);
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.1", "1 ip 10.0.0.9", "1 node n1"});
  CHECK_FALSE(cluster.has_block("10.0.0.8/29"));
  CHECK(cluster.has_block("10.0.0.0/29"));
}

TEST_CASE("a tunnel in another node's block waits for Calico's node object, and its node's blocks do not",
          "[collector]") {
  // A tunnel address is valid while the Calico node exists, but n2 owns no block that it could hold up: n2 is
  // done and clean, so that only a full scan finds the address later.
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.node("n2");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.tunnel("10.0.0.2", "n2");
  cluster.claim("10.0.0.8/29", "n2");
  cluster.pass(0);
  cluster.remove_kubernetes_node("n2");
  CHECK(cluster.pass(1) == Texts{"1 node n2"});
  CHECK_FALSE(cluster.has_block("10.0.0.8/29"));
  cluster.remove_calico_node("n2");
  CHECK(cluster.pass(2).empty());
  CHECK(cluster.is_assigned("10.0.0.2"));
  CHECK(cluster.pass(3, true) == Texts{"3 ip 10.0.0.2", "3 node n2"});
}

TEST_CASE("a tunnel in its own node's block holds it up until Calico's node object goes", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n2");
  cluster.tunnel("10.0.0.2", "n2");
  cluster.pass(0);
  cluster.remove_kubernetes_node("n2");
  CHECK(cluster.pass(1) == Texts{"1 kept n2"});
  cluster.remove_calico_node("n2");
  CHECK(cluster.pass(2, true) == Texts{"2 ip 10.0.0.2", "2 node n2"});
  CHECK(cluster.allocator.store().blocks() == 0);
}

TEST_CASE("a deleted node that loses the block which held it up is done at the next try", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.pass(0);
  cluster.delete_pod("a");
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.1", "1 kept n1"});
  cluster.disown("10.0.0.0/29", "n1");
  CHECK(cluster.pass(2) == Texts{"2 node n1"});
}

TEST_CASE("nothing runs while the datastore is locked, and marks are kept", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.collector.set_datastore_ready(false, cluster.now);
  cluster.collector.hear();
  cluster.remove_node("n1");
  CHECK(cluster.pass(1).empty());
  CHECK(cluster.collector.scans_all_next());
  CHECK(cluster.dirty() == Texts{"n1"});
  CHECK_FALSE(cluster.result.failed());
  cluster.collector.set_datastore_ready(true, cluster.now);
  cluster.collector.hear();
  CHECK(cluster.pass(2) == Texts{"2 ip 10.0.0.1", "2 node n1"});
}

TEST_CASE("blocks of a deleted node that is not cleaned up yet are collected as empty ones", "[collector]") {
  CollectedCluster cluster(step_options());
  lend(cluster);
  cluster.claim("10.0.0.8/29", "n1");
  cluster.pass(0);  // 10.0.0.8/29's timer starts
  cluster.remove_node("n1");
  CHECK(cluster.pass(1).empty());  // pod a is still valid
  CHECK(cluster.pass(901) == Texts{"901 block 10.0.0.8/29"});
}

TEST_CASE("a node being migrated from Flannel keeps its empty blocks", "[collector]") {
  CollectedCluster cluster(step_options());
  const auto n1 = cluster.node("n1");
  cluster.claim("10.0.0.0/29", "n1");
  cluster.claim("10.0.0.8/29", "n1");
  cluster.pass(0);
  cluster.collector.set_node(n1, true, true, cluster.now);
  cluster.collector.hear();
  CHECK(cluster.pass(10).empty());  // the timers are forgotten
  cluster.collector.set_node(n1, true, false, cluster.now);
  cluster.collector.hear();
  CHECK(cluster.pass(902).empty());  // and begin anew
  // By name 10-0-0-0-29 < 10-0-0-8-29: the second goes, the first stays.
  CHECK(cluster.pass(1803) == Texts{"1803 block 10.0.0.8/29"});
}
