#include <array>
#include <vector>

#include "models/overlay/range_allocator.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }

RangeAllocator started(const std::vector<ClusterRange>& clusters, const std::vector<Prefix>& services = {}) {
  RangeAllocator allocator;
  REQUIRE_FALSE(allocator.start(clusters, services, {}));
  return allocator;
}

}  // namespace

// kubernetes/kubernetes pkg/controller/nodeipam/ipam/range_allocator_test.go
// (TestAllocateOrOccupyCIDRSuccess)
TEST_CASE("the first node's range") {
  const std::vector<ClusterRange> cluster = {{prefix("127.123.234.0/24"), 30}};
  CHECK(started(cluster).add_node(1, {}, Write::works).cidrs == std::vector{prefix("127.123.234.0/30")});

  const std::vector services = {prefix("127.123.234.0/26")};
  CHECK(started(cluster, services).add_node(1, {}, Write::works).cidrs ==
        std::vector{prefix("127.123.234.64/30")});

  auto allocator = started(cluster, services);
  RangeAllocator::NodeKey node = 0;
  for (const char* taken :
       {"127.123.234.64/30", "127.123.234.68/30", "127.123.234.72/30", "127.123.234.80/30"}) {
    REQUIRE_FALSE(allocator.add_node(node++, {prefix(taken)}, Write::works).failure);
  }
  CHECK(allocator.add_node(node, {}, Write::works).cidrs == std::vector{prefix("127.123.234.76/30")});
}

TEST_CASE(
    "a node with a range from elsewhere keeps the controller from starting") {  // TestOccupyPreExistingCIDR
  RangeAllocator allocator = started({{prefix("172.10.0.0/16"), 24}});
  REQUIRE_FALSE(allocator.add_node(7, {}, Write::works).failure);
  const std::array clusters = {ClusterRange{prefix("10.10.0.0/16"), 24}};
  const std::array names = {RangeAllocator::NodeKey{7}};
  const auto failure = allocator.start(clusters, {}, names);
  REQUIRE(failure);
  CHECK(failure->error == CidrError::out_of_range);
  CHECK(failure->family == 0);
  CHECK(allocator.sets().front().cluster() == prefix("172.10.0.0/16"));  // the one before goes on
}

TEST_CASE("a second family that runs out leaks ranges of the first") {
  auto allocator = started({{prefix("10.0.0.0/16"), 24}, {prefix("fd00::/64"), 64}});
  REQUIRE_FALSE(allocator.add_node(1, {}, Write::works).failure);
  const auto answer = allocator.add_node(2, {}, Write::works);
  REQUIRE(answer.failure);
  CHECK(answer.failure->error == CidrError::exhausted);
  CHECK(answer.failure->family == 1);
  CHECK(answer.cidrs == std::vector{prefix("10.0.1.0/24")});
  CHECK(allocator.sets()[0].used() == 2);
  allocator.sync_node(2, Write::works);
  CHECK(allocator.sets()[0].used() == 3);
  REQUIRE_FALSE(allocator.delete_node(2));
  CHECK(allocator.sets()[0].used() == 3);
}

TEST_CASE("a failed write gives the range back; the search goes on behind it") {
  auto allocator = started({{prefix("10.0.0.0/22"), 24}});
  const auto refused = allocator.add_node(1, {}, Write::refused);
  REQUIRE(refused.failure);
  CHECK(refused.failure->error == CidrError::refused);
  CHECK(refused.cidrs == std::vector{prefix("10.0.0.0/24")});
  CHECK(allocator.sets()[0].used() == 0);
  CHECK(allocator.sync_node(1, Write::third).cidrs == std::vector{prefix("10.0.1.0/24")});

  // Reported as failed and yet written: the node has the range, the controller thinks it is free.
  REQUIRE(allocator.add_node(2, {}, Write::timeout_applied).failure);
  CHECK(allocator.cidrs_of(2)[0] == prefix("10.0.2.0/24"));
  CHECK(allocator.sets()[0].used() == 1);
}
