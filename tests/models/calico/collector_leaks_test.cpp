// Which addresses the collector takes back, case by case. Passes at seconds chosen by hand; the grace period
// is 900 s, so what is a candidate since second 0 is confirmed at 901 and not at 900.

#include "tests/models/calico/collected_cluster.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

using Texts = std::vector<std::string>;

Collector::Options with_grace(std::optional<Duration> grace) {
  auto options = step_options();
  options.grace = grace;
  return options;
}

}  // namespace

TEST_CASE("a pod's address is leaked on a living node", "[collector]") {
  struct Row {
    const char* name;
    std::optional<CollectedCluster::Pod> pod;
    bool leaked;
  };
  const Row rows[] = {
      {"the pod exists and has the address", {{"n1", {"10.0.0.1"}}}, false},
      {"the pod has it among others", {{"n1", {"172.16.0.1", "10.0.0.1"}}}, false},
      {"the pod reports no address yet", {{"n1", {}}}, false},
      {"evicted, and it never reported one", {{"n1", {}, true}}, false},
      {"not bound to a node yet, and the address is its own", {{"", {"10.0.0.1"}}}, false},
      {"the pod is missing", {}, true},
      {"the pod has another address", {{"n1", {"172.16.0.1"}}}, true},
      {"the pod runs elsewhere", {{"n2", {"10.0.0.1"}}}, true},
      {"a namesake elsewhere, without address", {{"n2", {}}}, true},
      {"finished", {{"n1", {"10.0.0.1"}, true}}, true},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CollectedCluster cluster(step_options());
    cluster.node("n1");
    cluster.node("n2");
    if (row.pod) cluster.set_pod("a", *row.pod);
    cluster.assign("10.0.0.1", "n1", "a");
    CHECK(cluster.pass(0).empty());
    CHECK(cluster.candidates("n1") == (row.leaked ? Texts{"10.0.0.1 since 0"} : Texts{}));
    CHECK(cluster.pass(900, true).empty());
    CHECK(cluster.pass(901, true) == (row.leaked ? Texts{"901 ip 10.0.0.1"} : Texts{}));
    CHECK(cluster.is_assigned("10.0.0.1") != row.leaked);
    CHECK_FALSE(cluster.result.failed());
  }
}

TEST_CASE("of a deleted node everything not valid is leaked at once", "[collector]") {
  for (const auto grace : {std::optional<Duration>{Duration::minutes(15)},
                           std::optional<Duration>{Duration{}}, std::optional<Duration>{}}) {
    CollectedCluster cluster(with_grace(grace));
    cluster.node("n1");
    cluster.assign("10.0.0.1", "n1", "a");
    CHECK(cluster.pass(0).empty());
    cluster.remove_node("n1");
    CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.1", "1 node n1"});
    CHECK_FALSE(cluster.has_block("10.0.0.0/29"));
  }
}

TEST_CASE("without a grace period a living node keeps its leaks", "[collector]") {
  for (const auto grace : {std::optional<Duration>{Duration{}}, std::optional<Duration>{}}) {
    CollectedCluster cluster(with_grace(grace));
    cluster.node("n1");
    cluster.assign("10.0.0.1", "n1", "a");
    CHECK(cluster.pass(0).empty());
    CHECK(cluster.pass(1'000'000, true).empty());
    // With 0 the candidate is noted all the same; unset it is not even that.
    CHECK(cluster.candidates("n1") == (grace ? Texts{"10.0.0.1 since 0"} : Texts{}));
  }
}

TEST_CASE("a pod that comes back clears its timer", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.pass(0);
  cluster.set_pod("a", {"n1", {}});
  CHECK(cluster.pass(500, true).empty());
  CHECK(cluster.candidates("n1").empty());
  cluster.delete_pod("a");
  CHECK(cluster.pass(901, true).empty());
  CHECK(cluster.candidates("n1") == Texts{"10.0.0.1 since 901"});
  CHECK(cluster.pass(1802, true) == Texts{"1802 ip 10.0.0.1"});
}

TEST_CASE("a pod's deletion starts the timer, a changed pod is noticed at the next scan only",
          "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.set_pod("b", {"n1", {"10.0.0.2"}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.2", "n1", "b");
  cluster.pass(0);
  CHECK(cluster.dirty().empty());
  cluster.set_pod("b", {"n1", {"10.0.0.2"}, true});  // evicted
  CHECK(cluster.pass(10).empty());
  CHECK(cluster.candidates("n1").empty());
  cluster.delete_pod("a");
  CHECK(cluster.dirty() == Texts{"n1"});
  CHECK(cluster.pass(20).empty());
  CHECK(cluster.candidates("n1") == Texts{"10.0.0.1 since 20", "10.0.0.2 since 20"});
}

TEST_CASE("before it is released a leak of a living node is looked up in the API", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.set_api_pod("a", {"n1", {"10.0.0.1"}});  // the cache lags behind
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.pass(0);
  CHECK(cluster.pass(901, true).empty());
  CHECK_FALSE(cluster.result.failed());
  CHECK(cluster.candidates("n1").empty());
  CHECK(cluster.is_assigned("10.0.0.1"));
}

TEST_CASE("once the Calico node is gone the cache answers, and where a pod runs is no matter",
          "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.node("n2");
  cluster.set_cached_pod("a", {"n2", {}});              // a namesake without address
  cluster.set_cached_pod("b", {"n2", {"10.0.0.2"}});    // one that reports the same
  cluster.set_cached_pod("c", {"n2", {"172.16.0.1"}});  // one that reports another
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.2", "n1", "b");
  cluster.assign("10.0.0.3", "n1", "c");
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.3"});
  CHECK(cluster.is_assigned("10.0.0.1"));
  CHECK(cluster.is_assigned("10.0.0.2"));
}

TEST_CASE("while only the Kubernetes node is gone a namesake elsewhere does not count", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.node("n2");
  cluster.set_pod("a", {"n2", {}});
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.remove_kubernetes_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.1", "1 node n1"});
}

TEST_CASE("all addresses of a handle must be leaked before one is released", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.assign("10.0.0.1", "n1", "a", "h");
  cluster.assign("10.0.0.2", "n1", "a", "h");
  cluster.pass(0);
  CHECK(cluster.pass(901, true).empty());
  CHECK(cluster.result.leaks_left == 1);
  CHECK(cluster.result.nodes_left == 0);
  CHECK(cluster.pass(902).empty());  // every pass ends so until the other one is leaked too
  CHECK(cluster.result.leaks_left == 1);
  cluster.delete_pod("a");
  cluster.pass(903);  // the other one's timer starts
  CHECK(cluster.pass(1804, true) == Texts{"1804 ip 10.0.0.1", "1804 ip 10.0.0.2"});
  CHECK_FALSE(cluster.result.failed());
}

TEST_CASE("an address that went with its ownerless block holds up its handle for ever", "[collector]") {
  // The original forgets such an address by block and by node, and not by handle.
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.assign("10.0.0.1", "n1", "a", "h");
  cluster.disown("10.0.0.0/29", "n1");
  cluster.pass(0);
  cluster.release("h");
  REQUIRE_FALSE(cluster.has_block("10.0.0.0/29"));
  cluster.assign("10.0.0.9", "n1", "b", "h");
  CHECK(cluster.pass(1).empty());
  CHECK(cluster.pass(902, true).empty());
  CHECK(cluster.result.leaks_left == 1);
  // In a block that kept its owner it is forgotten altogether.
  CollectedCluster other(step_options());
  other.node("n1");
  other.set_pod("a", {"n1", {"10.0.0.1"}});
  other.assign("10.0.0.1", "n1", "a", "h");
  other.pass(0);
  other.release("h");
  other.assign("10.0.0.9", "n1", "b", "h");
  CHECK(other.pass(1).empty());
  CHECK(other.pass(902, true) == Texts{"902 ip 10.0.0.9", "902 block 10.0.0.0/29"});
}

TEST_CASE("a confirmed leak that went with its ownerless block is released once more", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.set_pod("a", {"n1", {"10.0.0.1"}});
  cluster.assign("10.0.0.1", "n1", "a", "h");
  cluster.assign("10.0.0.9", "n1", "a", "h");  // leaked, and held up by the other one
  cluster.disown("10.0.0.8/29", "n1");
  cluster.pass(0);
  CHECK(cluster.pass(901, true).empty());
  REQUIRE(cluster.result.leaks_left == 1);
  cluster.release("h");
  CHECK(cluster.collector.suspects().leaks().size() == 1);
  CHECK(cluster.pass(902) == Texts{"902 free 10.0.0.9"});
  CHECK_FALSE(cluster.result.failed());
}

TEST_CASE("a handle without an allocation cannot be collected, and pins its block", "[collector]") {
  struct Row {
    const char* name;
    bool names_node;
    OwnerKind kind;
    const char* handle;
  };
  const Row rows[] = {
      {"no handle", true, OwnerKind::pod, "-"},
      {"no node attribute", false, OwnerKind::pod, "h"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    CollectedCluster cluster(step_options());
    const auto n1 = cluster.node("n1");
    cluster.claim("10.0.0.0/29", "n1");
    AssignIpRequest request;
    request.address = ip("10.0.0.1");
    request.host = n1;
    request.handle = row.handle[0] == '-' ? no_handle : cluster.handle(row.handle);
    request.owner = {row.names_node ? n1 : no_host, row.kind, 0};
    REQUIRE_FALSE(cluster.allocator.assign_ip(request, cluster.now));
    cluster.collector.take_changes(cluster.now);
    cluster.collector.hear();
    CHECK(cluster.dirty().empty());
    CHECK(cluster.pass(0).empty());
    CHECK(cluster.pass(901, true).empty());
    cluster.remove_node("n1");
    CHECK(cluster.pass(902) == Texts{"902 kept n1"});
    CHECK(cluster.is_assigned("10.0.0.1"));
  }
}

TEST_CASE("an allocation of neither pod nor tunnel is never collected and holds its node", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "", "h");
  cluster.assign("10.0.0.9", "n1", "a");
  CHECK(cluster.pass(0).empty());
  CHECK(cluster.candidates("n1") == Texts{"10.0.0.9 since 0"});
  cluster.remove_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 ip 10.0.0.9"});  // no attempt to clean the node up
  CHECK_FALSE(cluster.result.failed());
  CHECK(cluster.has_block("10.0.0.8/29"));
  cluster.release("h");
  CHECK(cluster.pass(2) == Texts{"2 node n1"});
}

TEST_CASE("tunnel addresses go with their node, once nothing valid is left on it", "[collector]") {
  for (const auto kind : {OwnerKind::ipip_tunnel, OwnerKind::vxlan_tunnel, OwnerKind::vxlan_v6_tunnel,
                          OwnerKind::wireguard_tunnel, OwnerKind::wireguard_v6_tunnel}) {
    CollectedCluster cluster(step_options());
    cluster.node("n1");
    cluster.set_pod("a", {"n1", {"10.0.0.2"}});
    cluster.tunnel("10.0.0.1", "n1", kind);
    cluster.assign("10.0.0.2", "n1", "a");
    CHECK(cluster.pass(0).empty());
    CHECK(cluster.pass(901, true).empty());  // never on a living node
    cluster.remove_node("n1");
    CHECK(cluster.pass(902).empty());  // the pod is still there
    CHECK(cluster.dirty().empty());
    cluster.delete_pod("a");
    CHECK(cluster.pass(903) == Texts{"903 ip 10.0.0.1", "903 ip 10.0.0.2", "903 node n1"});
  }
}

TEST_CASE("while the Calico node exists its tunnel addresses count as valid", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.tunnel("10.0.0.1", "n1");
  cluster.pass(0);
  cluster.remove_kubernetes_node("n1");
  CHECK(cluster.pass(1) == Texts{"1 kept n1"});
  CHECK(cluster.result.nodes_left == 1);
  cluster.remove_calico_node("n1");
  CHECK(cluster.pass(2).empty());  // the node was clean, so nobody looks
  CHECK(cluster.pass(3, true) == Texts{"3 ip 10.0.0.1", "3 node n1"});
}

TEST_CASE("a Calico node without Kubernetes node is left alone, its empty blocks too", "[collector]") {
  CollectedCluster cluster(step_options());
  const auto f = cluster.host("f");
  cluster.allocator.set_node(f, Labels{});
  cluster.collector.set_node(f, false, false, cluster.now);
  cluster.assign("10.0.0.1", "f", "a");
  cluster.claim("10.0.0.8/29", "f");
  CHECK(cluster.dirty() == Texts{"f"});
  CHECK(cluster.pass(0).empty());
  CHECK(cluster.dirty().empty());
  CHECK(cluster.pass(901, true).empty());
  CHECK(cluster.pass(1802, true).empty());
  CHECK(cluster.has_block("10.0.0.8/29"));
  cluster.remove_node("f");
  CHECK(cluster.pass(1803) == Texts{"1803 ip 10.0.0.1", "1803 node f"});
}

TEST_CASE("what Windows keeps for itself is no leak and goes with its block", "[collector]") {
  CollectedCluster cluster(step_options());
  Config config;
  config.strict_affinity = true;
  REQUIRE_FALSE(cluster.allocator.set_config(config));
  const auto n1 = cluster.node("n1");
  AutoAssignRequest request;
  request.host = n1;
  request.handle = cluster.handle("a");
  request.owner = {n1, OwnerKind::pod, 0};
  request.windows = true;
  AutoAssignAnswer answer;
  cluster.set_pod("a", {"n1", {}});
  cluster.assign("fd00::1", "n1", "a", "other");  // so that pod number 0 is a
  cluster.allocator.auto_assign(request, cluster.now, answer);
  REQUIRE(answer.addresses.size() == 1);
  cluster.collector.take_changes(cluster.now);
  cluster.collector.hear();
  const auto block = Prefix(answer.addresses[0], 29).to_string();
  CHECK(cluster.pass(0).empty());
  CHECK(cluster.pass(901, true).empty());
  cluster.release("a");
  CHECK(cluster.pass(902).empty());  // not empty in the collector's eyes: no timer
  CHECK(cluster.pass(1803, true).empty());
  CHECK(cluster.has_block(block));
  cluster.delete_pod("a");
  cluster.remove_node("n1");
  CHECK(cluster.pass(1804) == Texts{"1804 ip fd00::1", "1804 node n1"});
  CHECK_FALSE(cluster.has_block(block));
}

TEST_CASE("an address that is free already counts as collected", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.remove_node("n1");
  // Released, and the collector has not heard of it. Up to v3.32 a number freed through its handle is kept.
  REQUIRE_FALSE(cluster.allocator.release_by_handle(cluster.handle("a"), cluster.now));
  cluster.collector.take_changes(cluster.now);
  CHECK(cluster.pass(1) == Texts{"1 free 10.0.0.1", "1 node n1"});
}

TEST_CASE("a release that fails ends the pass and uses the scan up", "[collector]") {
  CollectedCluster cluster(step_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.claim("10.0.0.8/29", "n1");
  cluster.remove_node("n1");
  // Given to another pod in the meantime, unheard: the number is another one.
  REQUIRE_FALSE(cluster.allocator.release_by_handle(cluster.handle("a"), cluster.now));
  AssignIpRequest request;
  request.address = ip("10.0.0.1");
  request.host = cluster.host("n1");
  request.handle = cluster.handle("b");
  request.owner = {request.host, OwnerKind::none, 0};
  REQUIRE_FALSE(cluster.allocator.assign_ip(request, cluster.now));
  cluster.collector.take_changes(cluster.now);
  CHECK(cluster.pass(1) == Texts{"1 failure"});
  CHECK(cluster.result.error == ErrorCode::bad_sequence_number);
  CHECK(cluster.has_block("10.0.0.8/29"));  // the node was not reached
  CHECK_FALSE(cluster.collector.scans_all_next());
}
