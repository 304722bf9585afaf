#include "tests/models/overlay/node_cidr_setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

using Outcome = Assignment::Outcome;

TEST_CASE("a dual-stack node holds a range of each family, and each pod takes an address of both") {
  NodeCidrModel model = dual_stack("10.42.0.0/16", 24, "fd01::/48", 64);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  const auto first = model.assign(pod(0, 1), at(0));
  CHECK(first.ipv4.to_string() == "10.42.1.2");
  CHECK(first.ipv6.to_string() == "fd01:0:0:1::2");
  model.release(PodId{0}, at(1));
  const auto second = model.assign(pod(1, 1), at(2));
  CHECK(second.ipv4.to_string() == "10.42.1.3");
  CHECK(second.ipv6.to_string() == "fd01:0:0:1::3");
  // IPv4: 1 pod, 2 x 3 reserved, 512 - 7; IPv6: 1 pod, 2 x 2 reserved, 2^65 - 5 of 2^80
  const auto report = report_of(model);
  REQUIRE(report.rows.size() == 2);
  CHECK(usage_text(report.rows[0].usage) == "1 6 505 0 65024");
  CHECK(usage_text(report.rows[1].usage) == "1 4 36893488147419103227 0 1208888926126481755602944");
  CHECK(report.rows[1].usage.adds_up());
  CHECK(model.held() == 512 + (uint128{1} << 65));
  CHECK(model.place_name(report.rows[1].place) == "fd01::/48");
  CHECK(report.measures.at(1).value == 256);  // min(2^(24-16), 2^(64-48))
  CHECK(report.measures.at(3).value == 2);    // routes: one node in two families
}

TEST_CASE("IPv6 alone: network and gateway are nobody's, the last address is a pod's") {
  NodeCidrModel model({{{prefix("fd00::/125"), 126, {}}}, {}});
  REQUIRE(model.add_node(node(0), at(0)).granted);
  PodRequest request = pod(0, 0);
  request.families = {false, true};
  CHECK(model.assign(request, at(0)).ipv6.to_string() == "fd00::2");
  request.pod = PodId{1};
  CHECK(model.assign(request, at(0)).ipv6.to_string() == "fd00::3");
  request.pod = PodId{2};
  CHECK(model.assign(request, at(0)).cause == Cause::node_range_full);
  CHECK(usage_text(report_of(model).rows.at(0).usage) == "2 2 0 0 4");
  request.families = {};  // a pod that needs IPv4
  request.pod = PodId{3};
  CHECK(model.assign(request, at(0)).cause == Cause::no_matching_pool);
}

// rancher/rancher issue 38115: fd01::/64 at /64 is one node range, and every further node burns an IPv4
// range.
TEST_CASE("a node without a range of the second family loses one of the first") {
  NodeCidrModel model = dual_stack("10.42.0.0/16", 24, "fd01::/64", 64);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  for (std::uint32_t id = 1; id < 5; ++id) {
    const auto refused = model.add_node(node(id), at(0));
    CHECK(refused.cause == Cause::node_range_exhausted);
    CHECK(model.place_name(refused.place) == "fd01::/64");
  }
  auto report = report_of(model);
  CHECK(usage_text(report.rows.at(0).usage) == "0 3 253 1024 64256");  // 4 x 256 lost
  CHECK(report.measures.at(2).name == "node_ranges_lost");
  CHECK(report.measures[2].value == 4);
  CHECK(report.measures.at(1).value == 1);

  // 251 more attempts lose the rest, and the first family seems to be the one that is short.
  for (std::uint32_t id = 0; id < 251; ++id) model.add_node(node(5 + id), at(1));
  CHECK(model.place_name(model.add_node(node(300), at(1)).place) == "10.42.0.0/16");
  model.remove_node(NodeId{0}, at(2));
  REQUIRE(model.add_node(node(301), at(3)).granted);
  CHECK(model.assign(pod(0, 301), at(3)).ipv4.to_string() == "10.42.0.2");
}

TEST_CASE("a pod that finds no IPv6 address gives its IPv4 address back, and moves on") {
  NodeCidrModel model = dual_stack("10.0.0.0/24", 29, "fd00::/120", 126);  // 5 and 2 addresses for pods
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.assign(pod(0, 0), at(0)).outcome == Outcome::granted);
  REQUIRE(model.assign(pod(1, 0), at(0)).outcome == Outcome::granted);
  const auto waits = model.assign(pod(2, 0), at(0));
  CHECK(waits.cause == Cause::node_range_full);
  CHECK(model.place_name(waits.place) == "fd00::/126 of general-1");
  CHECK(report_of(model).rows.at(0).usage.in_use == 2);
  model.release(PodId{0}, at(1));
  const auto served = model.assign(pod(2, 0), at(10));
  CHECK(served.ipv4.to_string() == "10.0.0.5");  // .4 was taken and given back: the search is behind it
  CHECK(served.ipv6.to_string() == "fd00::2");
}
