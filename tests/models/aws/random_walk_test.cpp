#include <map>

#include "models/aws/instance_data.h"
#include "models/aws/random_walk.h"
#include "planner/events/random_streams.h"
#include "tests/models/aws/designs.h"
#include "tests/models/aws/lone_node.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;
using namespace cidrplan::test;

namespace {

/// A node that grows to so many pods at drawn addresses, loses all but `left` of them, each as likely, and
/// then rests for ten minutes.
struct Thinned {
  Thinned(const Settings& settings, const NodeLimits& limits, std::uint32_t from, std::uint32_t left,
          NodeId id)
      : node(settings, limits), walk(7, id) {
    for (std::uint32_t pod = 0; pod < from; ++pod) add(PodId{pod});
    const RandomStream draws(8, static_cast<std::uint64_t>(id), "thinning");
    std::vector<std::uint32_t> pods(from);
    for (std::uint32_t i = 0; i < from; ++i) pods[i] = i;
    for (std::uint32_t gone = 0; gone < from - left; ++gone) {
      std::swap(pods[gone], pods[gone + draws.below(gone, from - gone)]);
      remove(PodId{pods[gone]});
    }
    const auto end = node.now + Duration::minutes(10);
    while (node.now < end) {
      node.ledger.advance(node.now);
      node.ec2.serve(node.interfaces, node.ipamd.store(), node.now);
      node.ipamd.check(node.ec2, node.now, &walk);
      node.now = node.now + Ipamd::round;
    }
  }

  void add(PodId pod) {
    const auto chosen = walk.next_address(node.ipamd.store(), node.now);
    REQUIRE(chosen);
    const auto done = node.ipamd.add_new(pod, node.now, chosen);
    REQUIRE_FALSE(done.error);
    CHECK(done.at.address == *chosen);
    node.space.move(node.interfaces.subnet_of(done.at.eni), Hold::idle, Hold::in_use);
    node.settle();
  }
  void remove(PodId pod) {
    node.ipamd.remove_at(*node.ipamd.store().find(pod), node.now);
    node.ledger.begin(SubnetId{0}, node.now);
  }

  LoneNode node;
  RandomWalk walk;
};

}  // namespace

TEST_CASE("a node that peaked keeps its interfaces where its pods lie scattered") {
  // m5.xlarge, E 4, N 14: 10 pods on the way up want min(4, 1 + ceil(10 / 14)) = 2. The daemon itself kept
  // four in 262 of 300 trials of thinning 56 pods to 10, three in 37 and two in one.
  const auto catalog = make_instance_catalog();
  std::map<std::ptrdiff_t, int> enis;
  for (std::uint32_t trial = 0; trial < 100; ++trial) {
    const Thinned thinned({}, limits_of(*catalog.find("m5.xlarge"), 58), 56, 10, NodeId{trial});
    ++enis[std::ssize(thinned.node.ipamd.store().enis())];
  }
  CHECK(enis[4] >= 76);  // 87, and three standard deviations of 3.4
  CHECK(enis[4] <= 98);
  CHECK(enis[3] + enis[4] >= 98);
  CHECK(enis[1] == 0);
}

TEST_CASE("a prefix with one pod stays, so that scattered pods keep most prefixes") {
  // m5.large: 20 pods on the way up want 1 + ceil(20 / 16) = 3 prefixes. The daemon kept six or seven in 199
  // of 200 trials of thinning 96 pods to 20, five in one.
  const auto catalog = make_instance_catalog();
  Settings settings;
  settings.prefix_delegation = true;
  settings.warm_prefix_target = 1;
  std::map<std::int64_t, int> prefixes;
  for (std::uint32_t trial = 0; trial < 50; ++trial) {
    const Thinned thinned(settings, limits_of(*catalog.find("m5.large"), 110), 96, 20, NodeId{trial});
    ++prefixes[thinned.node.ipamd.store().counts().prefixes];
  }
  CHECK(prefixes[6] + prefixes[7] >= 48);
  CHECK(prefixes[7] > prefixes[6]);
}

TEST_CASE("drawn addresses are other ones, and the same again") {
  DesignCase one{"cidrs = [\"10.0.0.0/16\"]",
                 "[[subnet]]\nname = \"a\"\ncidr = \"10.0.0.0/24\"\nzone = \"us-east-1a\"\n",
                 "instance_type = \"m5.large\"\nnodes = 3",
                 "[[workload]]\nname = \"w\"\npods = 50\nlifetime = { distribution = \"exponential\", mean = "
                 "\"1h\" }\n",
                 ""};
  const auto in_order = live(one);
  one.options = "address_walk = \"random\"";
  const auto drawn = live(one);
  CHECK(drawn.end.pods_with_address == 50);
  CHECK_FALSE(drawn.fingerprint.digest() == in_order.fingerprint.digest());
  CHECK(drawn.fingerprint.digest() == live(one).fingerprint.digest());
}
