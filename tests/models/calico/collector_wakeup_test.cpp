// A simulation wakes the collector only when a pass may release something. It must come to the same as
// running every pass.

#include <algorithm>

#include "tests/models/calico/collected_cluster.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

using Texts = std::vector<std::string>;

constexpr SimTime at_seconds(std::int64_t s) { return SimTime{s * 1000}; }

Collector::Options simulation_options() { return {}; }

}  // namespace

TEST_CASE("a cluster where nothing is to be collected sleeps", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.tunnel("10.0.0.1", "n1");
  cluster.assign("10.0.0.2", "n1", "a");
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
  cluster.now = at_seconds(1'000'000);
  cluster.release("a");
  CHECK(cluster.collector.next_wakeup() == SimTime::never());  // its only block: empty of pods, and it stays
  CHECK(cluster.run_to(2'000'000).empty());
}

TEST_CASE("an empty block wakes the collector at the pass that releases it", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.9", "n1", "b");
  cluster.now = at_seconds(451);
  cluster.release("b");
  std::int64_t timer = 0;
  // Seen at 452. In an idle cluster it goes at the tick of 1800 (1350 is too early).
  cluster.now = at_seconds(500);
  cluster.assign("10.0.0.2", "n1", "c");
  cluster.collector.blocks().for_each_timer([&](const Prefix&, SimTime since) { timer = since.ms; });
  CHECK(timer == 452'000);
  CHECK(cluster.collector.next_wakeup() == at_seconds(1800));
  // An event at 1352 brings a pass at 1353: 901 s.
  cluster.now = at_seconds(1352);
  cluster.assign("10.0.0.3", "n1", "d");
  CHECK(cluster.collector.next_wakeup() == at_seconds(1353));
  CHECK(cluster.run_to(1353) == Texts{"1353 block 10.0.0.8/29"});
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
}

TEST_CASE("a lost release is collected after the grace period", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("fd00::1", "n1", "a");
  cluster.assign("10.0.0.2", "n1", "b");
  cluster.now = at_seconds(10);
  cluster.collector.pod_lost(cluster.handle("a"), cluster.now);  // a candidate since 11
  CHECK(cluster.run_to(1349).empty());
  CHECK(cluster.collector.next_wakeup() == at_seconds(1350));
  CHECK(cluster.run_to(1350) == Texts{"1350 ip 10.0.0.1", "1350 ip fd00::1"});
  CHECK(cluster.is_assigned("10.0.0.2"));
  const AllocationKey key{ip("10.0.0.1"), cluster.handle("a")};
  CHECK(cluster.collector.suspects().find(key) != nullptr);  // until it hears of it
  cluster.run_to(1351);
  CHECK(cluster.collector.suspects().find(key) == nullptr);
  // The emptied IPv6 block goes too: seen at 1351, due after 2251.
  CHECK(cluster.run_to(2700) == Texts{"2700 block fd00::/125"});
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
}

TEST_CASE("a lost release in an ownerless block lets the collector sleep again", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.9", "n1", "b");
  cluster.disown("10.0.0.0/29", "n1");
  cluster.now = at_seconds(10);
  cluster.collector.pod_lost(cluster.handle("a"), cluster.now);
  cluster.run_to(1349);
  CHECK(cluster.run_to(1350) == Texts{"1350 ip 10.0.0.1"});
  CHECK_FALSE(cluster.has_block("10.0.0.0/29"));
  cluster.run_to(2000);
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
}

TEST_CASE("an old empty block goes a second after its node gets another one", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.assign("10.0.0.1", "n1", "a");
  cluster.assign("10.0.0.9", "n1", "b");
  cluster.now = at_seconds(10);
  cluster.release("b");  // seen at 11
  cluster.now = at_seconds(20);
  cluster.disown("10.0.0.0/29", "n1");
  cluster.run_to(2000);  // due, and the node's only block
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
  cluster.claim("10.0.0.16/29", "n1");
  CHECK(cluster.collector.next_wakeup() == at_seconds(2001));
  CHECK(cluster.run_to(2001) == Texts{"2001 block 10.0.0.8/29"});
}

TEST_CASE("a deleted node is cleaned up a second later", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.tunnel("10.0.0.1", "n1");
  cluster.assign("10.0.0.2", "n1", "a");
  cluster.assign("10.0.0.3", "n1", "b");
  cluster.now = at_seconds(100);
  cluster.collector.pod_lost(cluster.handle("a"), cluster.now);
  cluster.release("b");
  cluster.remove_node("n1");
  CHECK(cluster.collector.next_wakeup() == at_seconds(101));
  CHECK(cluster.run_to(101) == Texts{"101 ip 10.0.0.1", "101 ip 10.0.0.2", "101 node n1"});
  cluster.run_to(102);
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
}

TEST_CASE("a pod that still runs on a deleted node holds it", "[collector]") {
  CollectedCluster cluster(simulation_options());
  cluster.node("n1");
  cluster.tunnel("10.0.0.1", "n1");
  cluster.assign("10.0.0.2", "n1", "a");
  cluster.now = at_seconds(100);
  cluster.remove_node("n1");
  CHECK(cluster.run_to(160).empty());
  cluster.release("a");
  CHECK(cluster.collector.next_wakeup() == at_seconds(161));
  CHECK(cluster.run_to(161) == Texts{"161 ip 10.0.0.1", "161 node n1"});
}

TEST_CASE("many nodes cost an idle collector nothing", "[collector]") {
  CollectedCluster cluster(simulation_options());
  for (int i = 0; i < 10'000; ++i)
    cluster.collector.set_node(cluster.host("n" + std::to_string(i)), true, false, {});
  cluster.run_to(1);
  CHECK(cluster.collector.next_wakeup() == SimTime::never());
  CHECK(cluster.run_to(std::int64_t{10} * 365 * 86'400).empty());  // ten years of ticks: at once
}

namespace {

/// Draws by a fixed recipe, the same in both lives.
struct Draws {
  std::uint64_t state;
  std::uint32_t below(std::uint32_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>((state >> 33) % bound);
  }
};

/// A life of joins, pods, lost releases and removals, told as text. `lazy`: wakes when it is told to.
struct Life {
  explicit Life(bool is_lazy) : lazy(is_lazy), cluster(simulation_options()) {}

  void advance(SimTime to) {
    while (lazy) {
      const auto next = cluster.collector.next_wakeup();
      if (next == SimTime::never() || next > to) break;
      const auto moment = std::max(next, cluster.now);
      for (const auto& text : cluster.run_to(moment)) {
        // What is released is released at the wake-up, not made up for.
        if (text.find("kept") == std::string::npos)
          CHECK(cluster_time(moment) == text.substr(0, text.find(' ')));
        told.push_back(text);
      }
    }
    if (!lazy)
      for (const auto& text : cluster.run_to(to)) told.push_back(text);
    cluster.now = to;
  }
  static std::string cluster_time(SimTime at) {
    auto text = std::to_string(at.ms / 1000);
    if (at.ms % 1000 != 0) text += "." + std::to_string(1000 + at.ms % 1000).substr(1);
    return text;
  }

  void live(std::uint64_t seed) {
    if (seed % 2 == 0) {  // four blocks: nodes borrow, and hold deleted ones up
      IpPool small;
      small.name = "four";
      small.cidr = *Prefix::parse("10.0.0.0/27");
      small.block_size = 29;
      cluster.allocator.set_pool(small);
    }
    Draws draws{seed};
    std::vector<std::string> nodes;
    std::vector<std::pair<std::string, std::string>> pods;  // handle, node
    int names = 0;
    SimTime now{0};
    for (int i = 0; i < 400; ++i) {
      // Never at the moment of a pass: residues of a second that no earlier event can have had.
      const auto gap = draws.below(10) == 0 ? draws.below(2'000) : draws.below(8);
      now = SimTime{(now.ms / 1000 + 1 + gap) * 1000 + 1 + i * 2 % 997};
      advance(now);
      const auto what = draws.below(12);
      if (nodes.size() < 2 || (what == 0 && nodes.size() < 6)) {
        nodes.push_back("n" + std::to_string(names++));
        cluster.node(nodes.back());
        take(nodes.back(), "t-" + nodes.back(), OwnerKind::ipip_tunnel);
      } else if (what == 1 && nodes.size() > 2) {
        const auto at = draws.below(static_cast<std::uint32_t>(nodes.size()));
        const auto gone = nodes[at];
        nodes.erase(nodes.begin() + at);
        for (auto& [handle, node] : pods)
          if (node == gone) end(handle, draws.below(4) == 0);
        std::erase_if(pods, [&](const auto& pod) { return pod.second == gone; });
        cluster.remove_node(gone);
      } else if (what < 8) {
        const auto& node = nodes[draws.below(static_cast<std::uint32_t>(nodes.size()))];
        const auto handle = "h" + std::to_string(names++);
        if (take(node, handle, OwnerKind::pod)) pods.emplace_back(handle, node);
      } else if (!pods.empty()) {
        const auto at = draws.below(static_cast<std::uint32_t>(pods.size()));
        end(pods[at].first, draws.below(5) == 0);
        pods.erase(pods.begin() + at);
      }
    }
    advance(now + Duration::hours(2));
  }

  bool take(const std::string& node, const std::string& handle, OwnerKind kind) {
    AutoAssignRequest request;
    request.host = cluster.host(node);
    request.handle = cluster.handle(handle);
    request.owner = {request.host, kind, 0};
    request.use = kind == OwnerKind::pod ? Use::workload : Use::tunnel;
    AutoAssignAnswer answer;
    cluster.allocator.auto_assign(request, cluster.now, answer);
    cluster.collector.take_changes(cluster.now);
    for (const auto& address : answer.addresses) told.push_back("gave " + address.to_string());
    return !answer.addresses.empty();
  }
  void end(const std::string& handle, bool lost) {
    if (lost)
      cluster.collector.pod_lost(cluster.handle(handle), cluster.now);
    else
      cluster.release(handle);
  }

  bool lazy;
  CollectedCluster cluster;
  Texts told;
};

/// Attempts that change nothing are counted by the passes that ran, so not where they were left out.
Texts without_attempts(Texts texts) {
  std::erase_if(texts, [](const std::string& text) { return text.find("kept") != std::string::npos; });
  return texts;
}

}  // namespace

TEST_CASE("waking when something may happen comes to the same as running every pass", "[collector]") {
  std::size_t collected = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Life every(false);
    every.live(seed);
    Life lazy(true);
    lazy.live(seed);
    const auto expected = without_attempts(every.told);
    const auto told = without_attempts(lazy.told);
    const auto differ = std::mismatch(expected.begin(), expected.end(), told.begin(), told.end());
    CHECK((differ.first == expected.end() ? "the end" : *differ.first) ==
          (differ.second == told.end() ? "the end" : *differ.second));
    for (const auto& text : every.told)
      if (text.find("block") != std::string::npos || text.find(" ip ") != std::string::npos) ++collected;
  }
  CHECK(collected > 500);  // it is about something
}
