#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/vpc.h"
#include "planner/cluster/workload.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

InstanceLimits type(std::string_view name, int enis) {
  InstanceLimits limits;
  limits.type = name;
  limits.enis = enis;
  return limits;
}

}  // namespace

TEST_CASE("a catalog finds types by name, and of equal names the later counts") {
  const InstanceCatalog catalog({type("m5.xlarge", 4), type("c5.large", 3), type("m5.xlarge", 9)});
  REQUIRE(catalog.types().size() == 2);
  CHECK(catalog.types()[0].type == "c5.large");
  CHECK(catalog.find("m5.xlarge")->enis == 9);
  CHECK(catalog.find("m5") == nullptr);
  CHECK(catalog.find("") == nullptr);
  CHECK(InstanceCatalog().find("m5.large") == nullptr);
}

TEST_CASE("further types stand before those of a catalog") {
  const InstanceCatalog catalog({type("m5.xlarge", 4), type("c5.large", 3)});
  const std::vector<InstanceLimits> own{type("m5.xlarge", 9), type("lab.large", 2)};
  const auto both = catalog.with(own);
  CHECK(both.types().size() == 3);
  CHECK(both.find("m5.xlarge")->enis == 9);
  CHECK(both.find("c5.large")->enis == 3);
  CHECK(both.find("lab.large")->enis == 2);
  CHECK(catalog.find("m5.xlarge")->enis == 4);
}

TEST_CASE("a catalog suggests the nearest names, ties by name") {
  const InstanceCatalog catalog({type("m5.xlarge", 4), type("m5a.xlarge", 4), type("m6i.xlarge", 4),
                                 type("m5.large", 3), type("t3.nano", 2)});
  // A swap of neighbours is one step: m5.xlarge 1, m5a.xlarge 2, m5.large 2.
  CHECK(catalog.nearest("m5.xlrage") == std::vector<std::string_view>{"m5.xlarge", "m5.large", "m5a.xlarge"});
  CHECK(catalog.nearest("commodore-64").empty());
}

TEST_CASE("label keys and values are those that Kubernetes takes") {
  const std::string longest(63, 'a');
  for (const std::string& key : {std::string("tier"), std::string("a"), std::string("A_b.c-9"), longest,
                                 std::string("example.com/tier"), std::string("a-1.b/") + longest}) {
    INFO(key);
    CHECK(is_label_key(key));
  }
  for (const std::string& key : {std::string(), std::string("-a"), std::string("a-"), std::string("a b"),
                                 longest + "a", std::string("/a"), std::string("a/"), std::string("a/b/c"),
                                 std::string("Example.com/a"), std::string("a..b/c"), std::string("-a.b/c"),
                                 std::string(254, 'a') + "/b", std::string("t\xc3\xa9")}) {
    INFO(key);
    CHECK_FALSE(is_label_key(key));
  }
  CHECK(is_label_value(""));
  CHECK(is_label_value("us-east-1a"));
  CHECK(is_label_value(longest));
  CHECK_FALSE(is_label_value(longest + "a"));
  CHECK_FALSE(is_label_value("example.com/a"));
}

TEST_CASE("a node has the labels of its place, and its group's own win") {
  const auto xlarge = type("m5.xlarge", 4);
  NodeGroup group;
  group.limits = &xlarge;
  group.os = Os::windows;
  group.labels = {{"tier", "web"}, {"topology.kubernetes.io/region", "here"}};
  CHECK(node_labels(group, "us-east-1a", "us-east-1") ==
        Labels{{"kubernetes.io/os", "windows"},
               {"node.kubernetes.io/instance-type", "m5.xlarge"},
               {"tier", "web"},
               {"topology.kubernetes.io/region", "here"},
               {"topology.kubernetes.io/zone", "us-east-1a"}});
  CHECK(node_labels(NodeGroup(), "", "") == Labels{{"kubernetes.io/os", "linux"}});
}

TEST_CASE("a subnet gives what its provider leaves") {
  struct Row {
    std::string_view cidr;
    int reserved;
    std::int64_t capacity;
  };
  for (const auto& row : {Row{"10.0.0.0/24", 5, 251}, Row{"10.0.0.0/28", 5, 11}, Row{"10.0.0.0/24", 4, 252},
                          Row{"10.0.0.0/31", 5, 0}, Row{"10.0.0.0/16", 5, 65'531}}) {
    INFO(row.cidr);
    Subnet subnet;
    subnet.cidr = *Prefix::parse(row.cidr);
    subnet.reserved = row.reserved;
    CHECK(subnet.capacity() == row.capacity);
  }
}

TEST_CASE("a VPC contains what one of its ranges contains whole") {
  Vpc vpc;
  vpc.cidrs = {*Prefix::parse("10.0.0.0/16"), *Prefix::parse("10.1.0.0/16")};
  CHECK(vpc.contains(*Prefix::parse("10.1.2.0/24")));
  CHECK_FALSE(vpc.contains(*Prefix::parse("10.0.0.0/15")));  // spans both
  CHECK_FALSE(vpc.contains(*Prefix::parse("10.2.0.0/24")));
}

TEST_CASE("roles and placements have the scenario's words") {
  CHECK(to_string(SubnetRole::public_facing) == "public");
  CHECK(to_string(SubnetRole::load_balancer) == "load-balancer");
  CHECK(to_string(Placement::spread) == "spread");
}

TEST_CASE("nodes are called after their group unless it says otherwise") {
  NodeGroup group;
  group.name = "general";
  CHECK(group.node_name(12) == "general-12");
  group.name_pattern = "ip-{n}.ec2.internal";
  CHECK(group.node_name(12) == "ip-12.ec2.internal");
}

TEST_CASE("rollouts round as Kubernetes does: surge up, unavailable down, never both nothing") {
  struct Row {
    CountOrPercent surge, unavailable;
    std::int64_t replicas, expected_surge, expected_unavailable;
  };
  const CountOrPercent quarter{25, true}, none{0, false}, whole{100, true}, three{3, false},
      one_percent{1, true};
  for (const auto& row : {
           Row{quarter, quarter, 10, 3, 2},    // 2.5 up, 2.5 down
           Row{quarter, quarter, 4, 1, 1},     //
           Row{quarter, quarter, 1, 1, 0},     // 0.25 up, 0.25 down
           Row{quarter, none, 1'500, 375, 0},  //
           Row{none, none, 10, 0, 1},          // both nothing: one may be unavailable
           Row{none, one_percent, 10, 0, 1},   // 0.1 down is nothing as well
           Row{one_percent, none, 10, 1, 0},   // 0.1 up
           Row{one_percent, none, 101, 2, 0},  // 1.01 up
           Row{whole, none, 10, 10, 0},        //
           Row{three, three, 2, 3, 3},         // counts are taken as they are
           Row{quarter, quarter, 0, 0, 1},     // nothing to roll
       }) {
    INFO(row.replicas << ' ' << row.expected_surge << ' ' << row.expected_unavailable);
    Rollout rollout;
    rollout.max_surge = row.surge;
    rollout.max_unavailable = row.unavailable;
    const auto posts = rollout.resolve(row.replicas);
    CHECK(posts.surge == row.expected_surge);
    CHECK(posts.unavailable == row.expected_unavailable);
  }
}
