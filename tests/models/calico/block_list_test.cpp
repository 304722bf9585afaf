#include "models/calico/block_list.h"
#include "planner/events/random_streams.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

// Grows past the seven that lie in the list itself, and back, at every place.
TEST_CASE("a block list agrees with a vector") {
  BlockList list;
  std::vector<BlockId> naive;
  const RandomStream random(1, 0, "blocks");
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    const bool grows = naive.empty() || random.below(2 * step, 20) < (step / 100 % 2 == 0 ? 11u : 9u);
    const auto at = static_cast<std::size_t>(random.below(2 * step + 1, naive.size() + (grows ? 1 : 0)));
    const auto place = naive.begin() + static_cast<std::ptrdiff_t>(at);
    if (grows) {
      const BlockId block{static_cast<std::uint32_t>(step)};
      list.insert(at, block);
      naive.insert(place, block);
    } else {
      list.erase(at);
      naive.erase(place);
    }
    REQUIRE(list.size() == naive.size());
    REQUIRE(std::equal(list.begin(), list.end(), naive.begin(), naive.end()));
  }
}
