#include "planner/ipam/subnet_space.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Subnet subnet(const char* cidr, int reserved = 5) {
  Subnet result;
  result.name = cidr;
  result.cidr = *Prefix::parse(cidr);
  result.reserved = reserved;
  return result;
}

constexpr SubnetId first{0};
constexpr std::uint32_t base = 10u << 24;  // 10.0.0.0

Usage usage_of(const SubnetSpace& space) {
  UsageReport report;
  space.report(report);
  return report.rows.at(0).usage;
}

}  // namespace

TEST_CASE("a subnet keeps the provider's five and hands out the lowest address first") {
  const std::vector<Subnet> subnets{subnet("10.0.0.0/28")};
  SubnetSpace space(subnets, {});
  CHECK(space.free(first) == 11);  // 16 - 5
  CHECK(space.take(first, Hold::in_use) == base + 4);
  CHECK(space.take(first, Hold::idle) == base + 5);
  space.release(first, base + 4, Hold::in_use);
  CHECK(space.take(first, Hold::overhead) == base + 4);
  std::vector<std::uint32_t> taken;
  CHECK_FALSE(space.take(first, 10, Hold::idle, taken));  // 9 are left: all or nothing
  CHECK(taken.empty());
  CHECK(space.take(first, 9, Hold::idle, taken));
  CHECK(taken.back() == base + 14);  // .15 is reserved
  CHECK_FALSE(space.take(first, Hold::in_use));
  const auto usage = usage_of(space);
  CHECK(usage.adds_up());
  CHECK(usage.capacity == 11);
  CHECK(usage.overhead == 1);
  CHECK(usage.idle == 10);
}

TEST_CASE("prefixes are wholly free aligned blocks of sixteen: two in a /26") {
  // 64 addresses: the first block holds four reserved ones, the last block one.
  const std::vector<Subnet> subnets{subnet("10.0.0.0/26")};
  SubnetSpace space(subnets, {});
  CHECK(space.free_prefixes(first) == 2);
  CHECK(space.take_at(first, base + 40, Hold::in_use));
  CHECK(space.free_prefixes(first) == 1);
  CHECK(space.take_prefix(first, Hold::idle) == base + 16);
  CHECK_FALSE(space.take_prefix(first, Hold::idle));
  CHECK(space.free(first) == 59 - 17);
  space.release(first, base + 40, Hold::in_use);
  CHECK(space.take_prefix(first, Hold::idle) == base + 32);
  space.move(first, Hold::idle, Hold::in_use, 3);
  space.release_prefix(first, base + 16, 3, 0);
  CHECK(space.free_prefixes(first) == 1);
  CHECK(usage_of(space).adds_up());
  CHECK(usage_of(space).in_use == 0);
}

TEST_CASE("who was turned away becomes due when its size can be had") {
  const std::vector<Subnet> subnets{subnet("10.0.0.0/28")};
  SubnetSpace space(subnets, {});
  std::vector<std::uint32_t> taken;
  REQUIRE(space.take(first, 11, Hold::idle, taken));
  space.turn_away(first, NodeId{7}, 2, 0);
  space.turn_away(first, NodeId{8}, 1, 0);
  space.release(first, taken[0], Hold::idle);
  std::vector<NodeId> due;
  space.collect_due(due);
  CHECK(due == std::vector{NodeId{8}});
  space.release(first, taken[1], Hold::idle);
  CHECK(space.has_due());
  space.forget(NodeId{7});
  CHECK_FALSE(space.has_due());
}

TEST_CASE("interfaces stop at the region's quota") {
  Quotas quotas;
  quotas.enis_per_region = 2;
  SubnetSpace space({}, quotas);
  CHECK(space.attach_interface());
  CHECK(space.attach_interface());
  CHECK_FALSE(space.attach_interface());
  space.detach_interface();
  CHECK(space.attach_interface());
}

TEST_CASE("a subnet that comes later has no capacity before it opens") {
  std::vector<Subnet> subnets{subnet("10.0.0.0/28")};
  subnets[0].from = {1000};
  SubnetSpace space(subnets, {});
  CHECK_FALSE(space.take(first, Hold::in_use));
  CHECK(usage_of(space).capacity == 0);
  space.open(first);
  CHECK(space.take(first, Hold::in_use) == base + 4);
}

TEST_CASE("reserved addresses are unusable unless the model says otherwise") {
  std::vector<Subnet> subnets{subnet("10.0.0.0/26")};
  subnets[0].reservations = {{*Prefix::parse("10.0.0.16/28"), CidrReservation::Kind::prefix},
                             {*Prefix::parse("10.0.0.32/30"), CidrReservation::Kind::by_hand_only}};
  SubnetSpace space(subnets, {});
  CHECK(space.free(first) == 59);
  CHECK(space.free_singles(first) == 39);  // 59 - 16 - 4
  auto usage = usage_of(space);
  CHECK(usage.unusable == 20);
  CHECK(usage.available == 39);
  space.set_unusable(first, 4);  // the design takes prefixes
  usage = usage_of(space);
  CHECK(usage.unusable == 4);
  CHECK(usage.adds_up());
}
