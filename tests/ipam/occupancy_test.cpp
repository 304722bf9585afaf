#include "planner/ipam/occupancy.h"
#include "planner/ipam/subnet_space.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("how full a piece is, by its addresses in use") {
  struct Row {
    int size;
    std::vector<int> last;  ///< most addresses in use for each word, from "empty" to "full"
  };
  // 64 thirds are 21.3 and 42.6; of 16: 5.3 and 10.6; of 3 every count has a word of its own.
  for (const auto& [size, last] : {Row{64, {0, 1, 21, 42, 63, 64}}, Row{16, {0, 1, 5, 10, 15, 16}},
                                   Row{3, {0, 1, 1, 2, 2, 3}}, Row{1, {0, 0, 0, 0, 0, 1}}}) {
    INFO("of " << size);
    int used = 0;
    for (std::size_t fill = 0; fill < fill_count; ++fill)
      for (; used <= last[fill]; ++used)
        CHECK(to_string(fill_of(static_cast<uint128>(used), static_cast<uint128>(size))) ==
              to_string(static_cast<Fill>(fill)));
    CHECK(used == size + 1);
  }
  const uint128 half = uint128{1} << 127;
  CHECK(fill_of(half / 3, half) == Fill::third);
  CHECK(fill_of(half / 3 + 1, half) == Fill::two_thirds);
  CHECK(fill_of(half - 1, half) == Fill::most);
}

TEST_CASE("sums over pieces, and how many nodes own how many") {
  OccupancyReport report;
  report.ranges.push_back({{PlaceKind::pool, 0}, *Prefix::parse("10.0.0.0/24"), 28, {}});
  auto& held = report.ranges[0].holdings;
  held.push_back({0, 16, 0, 0, 7, false});                 // full, node 7
  held.push_back({1, 1, 1, 0, 7, false});                  // pinned by a borrower
  held.push_back({2, 0, 0, 0, 3, true});                   // empty, will be collected
  held.push_back({4, 12, 0, 4, 9, false});                 // Windows keeps four: full
  held.push_back({9, 5, 0, 0, Holding::no_owner, false});  // its node is gone
  const auto figures = figures_of(report);
  CHECK(figures.pieces == 5);
  CHECK(figures.addresses == 80);
  CHECK(figures.used == 34);
  CHECK(figures.kept == 4);
  CHECK(figures.idle() == 42);
  CHECK(figures.borrowed == 1);
  CHECK(figures.waiting == 1);
  CHECK(figures.of(Fill::full) == 2);
  CHECK(figures.of(Fill::one) == 1);
  CHECK(figures.of(Fill::third) == 1);
  CHECK(figures.of(Fill::empty) == 1);
  CHECK(figures.nodes_with == std::vector<std::int64_t>{0, 2, 1});
}

TEST_CASE("sums of each family beside those of both") {
  OccupancyReport report;
  report.ranges.push_back({{PlaceKind::pool, 0}, *Prefix::parse("10.0.0.0/24"), 28, {}});
  report.ranges[0].holdings = {{0, 16, 0, 0, 7, false}, {1, 3, 0, 0, 7, false}, {2, 0, 0, 0, 3, true}};
  const auto one = figures_of(report);
  CHECK(one.ipv4.addresses == one.addresses);
  CHECK(one.ipv6.pieces == 0);

  report.ranges.push_back({{PlaceKind::pool, 1}, *Prefix::parse("fd00::/56"), 64, {}});
  report.ranges[1].holdings = {{5, 3, 1, 2, 7, false}};
  const auto both = figures_of(report);
  CHECK(both.pieces == 4);
  CHECK(both.nodes_with == std::vector<std::int64_t>{0, 1, 0, 1});  // node 3 owns one, node 7 three
  CHECK(both.ipv4.pieces == 3);
  CHECK(both.ipv4.addresses == 48);
  CHECK(both.ipv4.used == 19);
  CHECK(both.ipv4.nodes_with == std::vector<std::int64_t>{0, 1, 1});
  const auto& ipv6 = both.in(Family::ipv6);
  CHECK(ipv6.addresses == uint128{1} << 64);
  CHECK(ipv6.idle() == (uint128{1} << 64) - 5);
  CHECK(ipv6.borrowed == 1);
  CHECK(ipv6.nodes_with == std::vector<std::int64_t>{0, 1});
}

// 10.0.0.0/26 has four /28s. The provider keeps .0 to .3 and .63.
TEST_CASE("of a subnet the /28s count in which somebody has an address") {
  Subnet subnet;
  subnet.name = "s";
  subnet.cidr = *Prefix::parse("10.0.0.0/26");
  subnet.reserved = 5;
  const std::vector<Subnet> subnets{subnet};
  SubnetSpace space(subnets, {});
  const auto look = [&] {
    OccupancyReport report;
    space.occupancy(report);
    REQUIRE(report.ranges.size() == 1);
    CHECK(report.piece == "/28");
    CHECK_FALSE(report.owned);
    return report.ranges[0];
  };
  CHECK(look().holdings.empty());
  CHECK(look().cidr.to_string() == "10.0.0.0/26");
  REQUIRE(space.take_at(SubnetId{0}, (10u << 24) + 4, Hold::in_use));
  REQUIRE(space.take_at(SubnetId{0}, (10u << 24) + 20, Hold::idle));
  auto range = look();
  REQUIRE(range.holdings.size() == 2);
  CHECK(range.holdings[0].number == 0);
  CHECK(range.holdings[0].used == 5);  // four of them are the provider's
  CHECK(range.holdings[1].number == 1);
  CHECK(range.holdings[1].used == 1);
  REQUIRE(space.take_at(SubnetId{0}, (10u << 24) + 62, Hold::in_use));
  range = look();
  REQUIRE(range.holdings.size() == 3);
  CHECK(range.holdings[2].number == 3);
  CHECK(range.holdings[2].used == 2);
}
