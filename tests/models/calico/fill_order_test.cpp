#include "models/calico/fill_order.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::calico;

namespace {

IpPool pool(const char* cidr, int block_size) {
  IpPool pool;
  pool.cidr = *Prefix::parse(cidr);
  pool.block_size = block_size;
  return pool;
}

}  // namespace

// Names of the four blocks: 10-0-0-0-26, 10-0-0-64-26, 10-0-0-128-26, 10-0-0-192-26. As text: 0, 128,
// 192, 64. A walk of three begins at each of them, and goes on at the first after the last:
//
//     0 64 128     sorted 0 128 64      claims 0 2 1
//     64 128 192          128 192 64           1 2 0
//     128 192 0           0 128 192            2 0 1
//     192 0 64            0 192 64             1 0 2
TEST_CASE("a node fills its blocks as their names sort, not as it claims them") {
  const auto orders = fill_orders(pool("10.0.0.0/24", 26), 3);
  REQUIRE(orders.size() == 4);
  std::vector<std::vector<int>> claims;
  for (const auto& order : orders) {
    CHECK(order.share == 0.25);
    claims.push_back(order.claim);
  }
  CHECK(claims == std::vector<std::vector<int>>{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}});
}

TEST_CASE("orders that several walks have count together, the most frequent first") {
  // Blocks 10.0.0.0 to 10.0.7.0: one digit each, so that two neighbours sort as they are claimed, but for the
  // last and the first.
  const auto orders = fill_orders(pool("10.0.0.0/21", 24), 2);
  REQUIRE(orders.size() == 2);
  CHECK(orders[0].claim == std::vector<int>{0, 1});
  CHECK(orders[0].share == 7. / 8);
  CHECK(orders[1].claim == std::vector<int>{1, 0});
}

TEST_CASE("of a large pool as many starts are looked at as of one with 4,096 blocks") {
  double sum = 0;
  for (const auto& order : fill_orders(pool("10.0.0.0/8", 26), 2)) sum += order.share;
  CHECK(sum == Approx(1));
  // Of the neighbours 0 64, 64 128, 128 192 and 192 0 the second stand the other way round. The fourth go on
  // in the next third octet: the other way round from 9 to 10 and from 99 to 100.
  const auto orders = fill_orders(pool("10.0.0.0/8", 26), 2);
  REQUIRE(orders.size() == 2);
  CHECK(orders[1].share == Approx(0.25 + 0.25 * 2 / 256).margin(0.002));
}
