#include <set>

#include "planner/events/random_streams.h"
#include "planner/ipam/id_set.h"
#include "planner/simulation/placement_policy.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("an id set agrees with std::set") {
  IdSet ids;
  std::set<std::uint32_t> naive;
  const RandomStream random(1, 0, "ids");
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    const auto id = static_cast<std::uint32_t>(random.below(step, step % 2 == 0 ? 300 : 300'000));
    if (random.below(step + 1'000'000, 3) == 0) {
      ids.insert(id);
      naive.insert(id);
    } else {
      const auto gone = naive.empty() || step % 5 == 0 ? id : *naive.begin();
      ids.erase(gone);
      naive.erase(gone);
    }
    REQUIRE(ids.size() == naive.size());
    REQUIRE(ids.contains(id) == (naive.count(id) == 1));
    REQUIRE(ids.empty() == naive.empty());
    if (!naive.empty()) REQUIRE(ids.first() == *naive.begin());
    if (naive.empty()) continue;
    const auto rank = static_cast<std::uint32_t>(random.below(step + 2'000'000, naive.size()));
    REQUIRE(ids.nth(rank) == *std::next(naive.begin(), rank));
  }
}

TEST_CASE("each policy picks its node, ties by the order of joining") {
  PlacementIndex index;
  for (std::uint32_t n = 0; n < 3; ++n) index.add(NodeId{n}, {0, 2});
  CHECK(index.fewest_pods() == NodeId{0});
  CHECK(index.fullest() == NodeId{0});
  index.change(NodeId{0}, {0, 2}, {1, 2});
  CHECK(index.fewest_pods() == NodeId{1});
  CHECK(index.fullest() == NodeId{0});
  index.change(NodeId{0}, {1, 2}, {2, 2});  // full
  CHECK(index.fullest() == NodeId{1});
  CHECK(index.any(0) == NodeId{1});
  CHECK(index.any(~std::uint64_t{0}) == NodeId{2});
  index.remove(NodeId{1}, {0, 2});
  index.remove(NodeId{2}, {0, 2});
  CHECK(index.full());
  CHECK(index.full());
  index.change(NodeId{0}, {2, 2}, {1, 2});
  CHECK(index.fewest_pods() == NodeId{0});
}
