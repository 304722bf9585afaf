#include <algorithm>
#include <string>
#include <vector>

#include "models/calico/empty_blocks.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

constexpr HostId n1{1};
constexpr HostId n2{2};

constexpr SimTime at_seconds(std::int64_t s) { return SimTime{s * 1000}; }

/// Blocks by number, whose releases are written down.
struct Cluster {
  explicit Cluster(std::optional<Duration> grace = Duration::seconds(900)) : blocks(grace) {}

  void hear(const char* cidr, HostId owner, bool empty) {
    const auto prefix = *Prefix::parse(cidr);
    std::uint32_t number = 0;
    while (number < known.size() && known[number] != prefix) ++number;
    if (number == known.size()) known.push_back(prefix);
    blocks.hear(BlockId{number}, prefix, owner, empty);
  }
  void empty(const char* cidr, HostId owner = n1) { hear(cidr, owner, true); }
  void used(const char* cidr, HostId owner = n1) { hear(cidr, owner, false); }
  /// What a pass at that second releases.
  std::vector<std::string> pass(std::int64_t seconds) {
    std::vector<std::string> released;
    blocks.collect(at_seconds(seconds), {[&](HostId node) { return node == exempt; },
                                         [&](const Prefix& cidr, HostId) {
                                           if (!releases) return false;
                                           released.push_back(cidr.to_string());
                                           return true;
                                         }});
    return released;
  }
  std::vector<std::string> timers() const {
    std::vector<std::string> texts;
    blocks.for_each_timer([&](const Prefix& cidr, SimTime since) {
      texts.push_back(cidr.to_string() + " " + std::to_string(since.ms / 1000));
    });
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  EmptyBlocks blocks;
  std::vector<Prefix> known;
  HostId exempt = no_host;
  bool releases = true;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an empty block goes once it was seen empty for longer than the grace period", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  CHECK(cluster.pass(1).empty());  // the timer starts
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 1"});
  CHECK(cluster.blocks.next_due() == at_seconds(901));
  CHECK(cluster.pass(901).empty());  // 900 s are not longer than 900 s
  CHECK(cluster.pass(902) == Texts{"10.0.0.8/29"});
  CHECK(cluster.blocks.blocks_of(n1) == 1);
  CHECK(cluster.blocks.size() == 0);
  CHECK_FALSE(cluster.blocks.next_due());
}

TEST_CASE("a node keeps one block, of both families together", "[empty_blocks]") {
  Cluster cluster;
  cluster.empty("10.0.0.0/29");
  CHECK(cluster.pass(0).empty());
  CHECK(cluster.timers().empty());
  cluster.empty("fd00::10/124");
  CHECK(cluster.pass(10).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.0/29 10", "fd00::10/124 10"});
  CHECK(cluster.pass(911) == Texts{"fd00::10/124"});  // IPv6 before IPv4
  CHECK(cluster.pass(5000).empty());
  CHECK(cluster.blocks.blocks_of(n1) == 1);
}

TEST_CASE("of several due blocks the last in Calico's order goes first", "[empty_blocks]") {
  Cluster cluster;
  // By name: 10-0-0-0-29 < 10-0-0-128-29 < 10-0-0-64-29.
  for (const auto* cidr : {"10.0.0.0/29", "10.0.0.64/29", "10.0.0.128/29"}) cluster.empty(cidr);
  cluster.pass(0);
  CHECK(cluster.pass(901) == Texts{"10.0.0.64/29", "10.0.0.128/29"});
}

TEST_CASE("a block without timer gets one only while its node has another block", "[empty_blocks]") {
  // 10.0.0.64 comes first in the descending order: it gets its timer before 10.0.0.0 goes.
  Cluster later;
  later.empty("10.0.0.0/29");
  later.used("10.0.0.64/29");
  later.pass(0);
  later.empty("10.0.0.64/29");
  CHECK(later.pass(901) == Texts{"10.0.0.0/29"});
  CHECK(later.timers() == Texts{"10.0.0.64/29 901"});
  // The other way round the node has one block left when the new one is looked at.
  Cluster earlier;
  earlier.used("10.0.0.0/29");
  earlier.empty("10.0.0.64/29");
  earlier.pass(0);
  earlier.empty("10.0.0.0/29");
  CHECK(earlier.pass(901) == Texts{"10.0.0.64/29"});
  CHECK(earlier.timers().empty());
}

TEST_CASE("use clears the timer, even if the block is empty again at the next pass", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.used("10.0.0.8/29");
  cluster.empty("10.0.0.8/29");
  CHECK(cluster.pass(901).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 901"});
}

TEST_CASE("an old timer lets a block go at once when the node gets a second one", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.hear("10.0.0.0/29", no_host, false);  // its owner lost it
  CHECK(cluster.blocks.blocks_of(n1) == 1);
  CHECK(cluster.pass(1000).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 0"});
  CHECK_FALSE(cluster.blocks.next_due());  // time alone does nothing any more
  CHECK(cluster.blocks.waits_for_other_block(n1));
  cluster.used("10.0.0.16/29");
  CHECK(cluster.blocks.next_due() == at_seconds(900));
  CHECK(cluster.pass(1001) == Texts{"10.0.0.8/29"});
}

TEST_CASE("a deleted block takes its timer with it", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.blocks.hear_deleted(BlockId{1});
  CHECK(cluster.timers().empty());
  cluster.empty("10.0.0.8/29", n2);
  cluster.used("10.0.0.24/29", n2);
  CHECK(cluster.pass(901).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 901"});
}

TEST_CASE("an exempt node's timers are forgotten at every pass", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.exempt = n1;
  cluster.blocks.ask_again(n1);
  CHECK(cluster.pass(1).empty());
  CHECK(cluster.timers().empty());
  CHECK(cluster.pass(901).empty());
  CHECK(cluster.pass(902).empty());
  cluster.exempt = no_host;
  CHECK(cluster.pass(903).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 903"});
}

TEST_CASE("a node that is asked again and not exempt keeps its timers", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.blocks.ask_again(n1);
  CHECK(cluster.pass(1).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 0"});
  cluster.blocks.ask_again(n1);
  CHECK(cluster.pass(901) == Texts{"10.0.0.8/29"});
}

TEST_CASE("without a grace period there are neither timers nor releases", "[empty_blocks]") {
  for (const auto grace : {std::optional<Duration>{}, std::optional<Duration>{Duration{}}}) {
    Cluster cluster(grace);
    cluster.used("10.0.0.0/29");
    cluster.empty("10.0.0.8/29");
    CHECK(cluster.pass(0).empty());
    CHECK(cluster.pass(100'000).empty());
    CHECK(cluster.timers().empty());
  }
}

TEST_CASE("a block that turns out to be in use stays, with its timer", "[empty_blocks]") {
  Cluster cluster;
  cluster.used("10.0.0.0/29");
  cluster.empty("10.0.0.8/29");
  cluster.pass(0);
  cluster.releases = false;
  CHECK(cluster.pass(901).empty());
  CHECK(cluster.timers() == Texts{"10.0.0.8/29 0"});
  cluster.releases = true;
  CHECK(cluster.pass(902) == Texts{"10.0.0.8/29"});
}
