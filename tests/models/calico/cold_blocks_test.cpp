// The collector's step for cooled addresses (P33), alone: no pass clock, no nodes. Stamps have whole seconds,
// so what is released at second 100.7 counts from 100; with a cooldown of 60 s it is cold after 160, not at
// it.

#include <string>

#include "models/calico/allocator.h"
#include "models/calico/cold_blocks.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

constexpr SimTime at(std::int64_t seconds, std::int64_t ms = 0) { return SimTime{seconds * 1000 + ms}; }

Options p33() {
  Options options;
  options.profile = Profile::p33;
  return options;
}

/// Blocks of four addresses, whose changes the step hears as they come.
struct Cluster {
  Cluster() : allocator(p33()), cold(allocator) {
    IpPool pool;
    pool.name = "p";
    pool.cidr = *Prefix::parse("10.0.0.0/28");
    pool.block_size = 30;
    allocator.set_pool(pool);
    allocator.set_node(allocator.host("n1"), Labels{});
    cooldown(60);
  }
  void cooldown(std::int64_t seconds) {
    Config config;
    config.cooldown = Duration::seconds(seconds);
    REQUIRE_FALSE(allocator.set_config(config));
  }
  BlockId block(const std::string& address) const {
    const auto id = allocator.store().find(Prefix(*Address::parse(address), 30));
    REQUIRE(id != no_block);
    return id;
  }
  void take(const std::string& address, SimTime now) {
    AssignIpRequest request;
    request.address = *Address::parse(address);
    request.host = allocator.host("n1");
    request.handle = allocator.make_handle();
    request.owner = {request.host, OwnerKind::pod, 0};
    REQUIRE_FALSE(allocator.assign_ip(request, now));
    cold.changed(block(address), now);
  }
  void free(const std::string& address, SimTime now) {
    const ReleaseItem item{*Address::parse(address), no_handle, {}};
    ReleaseAnswer answer;
    allocator.release_ips({&item, 1}, now, answer);
    REQUIRE_FALSE(answer.error);
    cold.changed(block(address), now);
  }
  /// As stored: "2 used, 1 cooling".
  std::string stored(const std::string& address) const {
    const auto& stored = allocator.store()[block(address)];
    return std::to_string(stored.used()) + " used, " + std::to_string(stored.cooling()) + " cooling";
  }

  Allocator allocator;
  ColdBlocks cold;
};

}  // namespace

TEST_CASE("a block is written once its oldest release has cooled, then again for the next", "[cold_blocks]") {
  Cluster cluster;
  for (const auto* address : {"10.0.0.0", "10.0.0.1", "10.0.0.2"}) cluster.take(address, at(1));
  CHECK_FALSE(cluster.cold.next_due());
  cluster.free("10.0.0.0", at(100, 700));
  CHECK(cluster.cold.next_due() == at(160));
  cluster.free("10.0.0.1", at(130));
  CHECK(cluster.cold.next_due() == at(160));

  cluster.cold.collect(at(160));
  CHECK(cluster.stored("10.0.0.0") == "3 used, 2 cooling");
  cluster.cold.collect(at(160, 1));
  CHECK(cluster.stored("10.0.0.0") == "2 used, 1 cooling");
  CHECK(cluster.cold.next_due() == at(190));

  cluster.cold.collect(at(190));
  CHECK(cluster.stored("10.0.0.0") == "2 used, 1 cooling");
  cluster.cold.collect(at(500));
  CHECK(cluster.stored("10.0.0.0") == "1 used, 0 cooling");
  CHECK_FALSE(cluster.cold.next_due());
}

TEST_CASE("releases of one second, and all that have cooled, go in one writing", "[cold_blocks]") {
  Cluster cluster;
  for (const auto* address : {"10.0.0.0", "10.0.0.1", "10.0.0.2"}) cluster.take(address, at(1));
  cluster.free("10.0.0.2", at(100, 900));
  cluster.free("10.0.0.0", at(100, 950));
  cluster.free("10.0.0.1", at(110));
  cluster.cold.collect(at(171));
  CHECK(cluster.stored("10.0.0.0") == "0 used, 0 cooling");
  // Behind 10.0.0.3, which was never used, in ascending order.
  const auto& stored = cluster.allocator.store()[cluster.block("10.0.0.0")];
  std::string order;
  for (auto each = stored.first_free(); each != no_ordinal; each = stored.next_free(each))
    order += std::to_string(each);
  CHECK(order == "3012");
}

TEST_CASE("of several blocks only those are written that are due", "[cold_blocks]") {
  Cluster cluster;
  cluster.take("10.0.0.0", at(1));
  cluster.take("10.0.0.4", at(1));
  cluster.free("10.0.0.4", at(100));
  cluster.free("10.0.0.0", at(120));
  CHECK(cluster.cold.next_due() == at(160));
  cluster.cold.collect(at(170));
  CHECK(cluster.stored("10.0.0.4") == "0 used, 0 cooling");
  CHECK(cluster.stored("10.0.0.0") == "1 used, 1 cooling");
  CHECK(cluster.cold.next_due() == at(180));
}

TEST_CASE("what another writing has freed is not waited for", "[cold_blocks]") {
  Cluster cluster;
  cluster.take("10.0.0.0", at(1));
  cluster.take("10.0.0.1", at(1));
  cluster.free("10.0.0.0", at(100));
  SECTION("nothing else cools: the block is forgotten") {
    cluster.take("10.0.0.2", at(161));
    CHECK(cluster.stored("10.0.0.0") == "2 used, 0 cooling");
    CHECK_FALSE(cluster.cold.next_due());
  }
  SECTION("another one cools: a pass looks, writes nothing, and knows from then on") {
    cluster.free("10.0.0.1", at(130));
    cluster.take("10.0.0.2", at(161));
    CHECK(cluster.stored("10.0.0.0") == "2 used, 1 cooling");
    cluster.cold.collect(at(162));
    CHECK(cluster.stored("10.0.0.0") == "2 used, 1 cooling");
    CHECK(cluster.cold.next_due() == at(190));
  }
  SECTION("the block is gone") {
    cluster.free("10.0.0.1", at(100));
    const auto id = cluster.block("10.0.0.0");
    REQUIRE_FALSE(cluster.allocator.release_affinity(*Prefix::parse("10.0.0.0/30"),
                                                     cluster.allocator.host("n1"), true, at(161)));
    CHECK(cluster.allocator.store().find(*Prefix::parse("10.0.0.0/30")) == no_block);
    cluster.cold.changed(id, at(161));
    CHECK_FALSE(cluster.cold.next_due());
    cluster.cold.collect(at(200));
  }
}

TEST_CASE("a shorter cooldown counts at once", "[cold_blocks]") {
  Cluster cluster;
  cluster.take("10.0.0.0", at(1));
  cluster.free("10.0.0.0", at(100));
  cluster.cooldown(5);
  CHECK(cluster.cold.next_due() == at(105));
  cluster.cold.collect(at(110));
  CHECK(cluster.stored("10.0.0.0") == "0 used, 0 cooling");
}
