#include <vector>

#include "tests/models/overlay/node_cidr_setting.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

using Outcome = Assignment::Outcome;

TEST_CASE("each node holds one range, of which three addresses are nobody's") {
  NodeCidrModel model = model_of("172.24.0.0/14", 24);
  for (std::uint32_t id = 0; id < 180; ++id) REQUIRE(model.add_node(node(id), at(0)).granted);
  std::uint32_t next = 0;
  for (std::uint32_t id = 0; id < 180; ++id) {
    for (int i = 0; i < 24; ++i) REQUIRE(model.assign(pod(next++, id), at(1)).outcome == Outcome::granted);
  }
  // 4,320 pods; 180 x 3 = 540; 180 x 256 - 540 - 4,320 = 41,220; 2^18 - 46,080 = 216,064
  const auto report = report_of(model);
  CHECK(usage_text(report.rows.at(0).usage) == "4320 540 41220 0 216064");
  CHECK(report.rows[0].usage.adds_up());
  CHECK(model.held() == 46080);
  CHECK(model.place_name(report.rows[0].place) == "172.24.0.0/14");
  CHECK(report.measures.at(0).value == 180);
  CHECK(report.measures.at(1).value == 1024);  // 2^(24-14)
  CHECK(report.measures.at(2).name == "routes_per_node");
  CHECK(report.measures.at(2).value == 179);
}

TEST_CASE("the first node gets the first range, its first pod the address behind the gateway") {
  NodeCidrModel model = model_of("10.244.0.0/16", 24);
  model.add_node(node(0), at(0));
  model.add_node(node(1), at(0));
  CHECK(model.assign(pod(0, 0), at(0)).ipv4.to_string() == "10.244.0.2");
  CHECK(model.assign(pod(1, 1), at(0)).ipv4.to_string() == "10.244.1.2");
  model.release(PodId{0}, at(1));
  CHECK(model.assign(pod(0, 0), at(2)).ipv4.to_string() == "10.244.0.3");
}

TEST_CASE("a node without a range is refused and tried again after one came back") {
  NodeCidrModel model = model_of("10.0.0.0/23", 24);
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  const auto refused = model.add_node(node(2), at(0));
  CHECK_FALSE(refused.granted);
  CHECK(refused.cause == Cause::node_range_exhausted);
  CHECK(model.place_name(refused.place) == "10.0.0.0/23");

  const auto before = model.freed();
  model.remove_node(NodeId{0}, at(60));
  CHECK(model.freed() > before);
  CHECK(model.add_node(node(2), at(120)).granted);
  CHECK(model.assign(pod(0, 2), at(120)).ipv4.to_string() == "10.0.0.2");
}

TEST_CASE("a pod waits for an address of its node's range") {
  NodeCidrModel model = model_of("10.0.0.0/24", 30);  // one pod a node: .2
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.assign(pod(0, 0), at(0)).outcome == Outcome::granted);
  const auto waits = model.assign(pod(1, 0), at(1));
  CHECK(waits.outcome == Outcome::waiting);
  CHECK(waits.cause == Cause::node_range_full);
  CHECK(model.place_name(waits.place) == "10.0.0.0/30 of general-1");
  REQUIRE(model.assign(pod(2, 0), at(1)).outcome == Outcome::waiting);
  CHECK(model.next_wakeup() == SimTime::never());

  std::vector<NodeId> gained;
  model.release(PodId{2}, at(2));  // a waiting one goes: nobody gains
  CHECK(model.next_wakeup() == SimTime::never());
  model.release(PodId{0}, at(3));
  REQUIRE(model.next_wakeup() == at(3));
  model.wake(at(3), gained);
  CHECK(gained == std::vector{NodeId{0}});
  CHECK(model.next_wakeup() == SimTime::never());
  CHECK(model.assign(pod(1, 0), at(10)).ipv4.to_string() == "10.0.0.2");

  gained.clear();
  model.release(PodId{1}, at(11));
  CHECK(model.next_wakeup() == SimTime::never());  // nobody waits any more
  model.remove_node(NodeId{0}, at(12));
  model.wake(at(13), gained);
  CHECK(gained.empty());
  CHECK(usage_text(report_of(model).rows[0].usage) == "0 0 0 0 256");
}

TEST_CASE("a range of a later date opens then") {
  NodeCidrModel model({{{prefix("10.0.0.0/24"), 24, {}}, {prefix("10.1.0.0/23"), 24, at(86400)}}, {}});
  REQUIRE(model.add_node(node(0), at(-100)).granted);  // warm-up has the first one
  CHECK_FALSE(model.add_node(node(1), at(0)).granted);
  CHECK(report_of(model).rows.at(1).usage.capacity == 0);
  const auto before = model.freed();
  REQUIRE(model.next_wakeup() == at(86400));
  std::vector<NodeId> gained;
  model.wake(at(86400), gained);
  CHECK(model.freed() > before);
  CHECK(model.next_wakeup() == SimTime::never());
  CHECK(model.add_node(node(1), at(86400)).granted);
  CHECK(usage_text(report_of(model).rows[1].usage) == "0 3 253 0 256");
  CHECK(model.held() == 512);
}

TEST_CASE("node ranges under a service range are nobody's") {
  // 10.0.0.0/24 at /26: the service range 10.0.0.64/27 takes the second of four
  NodeCidrModel model({{{prefix("10.0.0.0/24"), 26, {}}}, prefix("10.0.0.64/27")});
  REQUIRE(model.add_node(node(0), at(0)).granted);
  REQUIRE(model.add_node(node(1), at(0)).granted);
  CHECK(model.assign(pod(0, 1), at(0)).ipv4.to_string() == "10.0.0.130");
  CHECK(usage_text(report_of(model).rows[0].usage) == "1 6 121 64 64");
  CHECK(report_of(model).measures[1].value == 3);
}
