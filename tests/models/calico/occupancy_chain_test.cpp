#include <cmath>
#include <map>
#include <string>

#include "models/calico/occupancy_chain.h"
#include "tests/support/catch.h"
#include "tests/support/sanitized.h"

using namespace cidrplan::calico;

namespace {

NodeLoad load_of(double pods, int block_addresses, double collection = 1) {
  NodeLoad load;
  load.pods = pods;
  load.block_addresses = block_addresses;
  load.collection = collection;
  return load;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const auto value : values) total += value;
  return total;
}

Approx about(double value) { return Approx(value).epsilon(1e-9).margin(1e-9); }

}  // namespace

TEST_CASE("pods on a node: Poisson, binomial, and cut at the slots", "[occupancy-chain]") {
  SECTION("Poisson with mean 3: shares e^-3 * 3^n / n!") {
    const NodePopulation pods(load_of(3, 64), 1e-12);
    CHECK(pods.share(0) == about(0.049787068368));
    CHECK(pods.share(3) == about(0.224041807655));
    CHECK(pods.arrivals(2) == about(3));
    CHECK(pods.share_above(2) == about(0.576809918873));  // 1 - e^-3 (1 + 3 + 4.5)
  }
  SECTION("4 pods on 2 nodes at random: 1, 4, 6, 4, 1 sixteenths") {
    auto load = load_of(2, 64);
    load.nodes = 2;
    const NodePopulation pods(load, 0);
    REQUIRE(pods.most() == 4);
    CHECK(pods.share(0) == about(1. / 16));
    CHECK(pods.share(1) == about(4. / 16));
    CHECK(pods.share(2) == about(6. / 16));
    CHECK(pods.arrivals(4) == about(0));
  }
  SECTION("two slots and one pod on average: (x + x^2) / (1 + x + x^2/2) = 1, so x is the root of 2") {
    auto load = load_of(1, 64);
    load.slots = 2;
    const NodePopulation pods(load, 0);
    REQUIRE(pods.most() == 2);
    CHECK(pods.arrivals(0) == about(std::sqrt(2)));
    CHECK(pods.share(0) == about(1 / (2 + std::sqrt(2))));
    CHECK(pods.share(1) == about(std::sqrt(2) / (2 + std::sqrt(2))));
  }
  SECTION("nothing overflows at the largest load") {
    const NodePopulation pods(load_of(2000, 64), 1e-12);
    CHECK(pods.share(0) == 0);
    CHECK(pods.share(2000) == about(pods.share(1999)));
  }
}

TEST_CASE("a block that is never full holds as many addresses as there are pods", "[occupancy-chain]") {
  const auto node = stationary_occupancy(load_of(3, 4096));
  REQUIRE(node.blocks.size() == 1);
  CHECK(node.accuracy.exact);
  CHECK(node.held == about(1));
  CHECK(node.blocks[0].used[0] == about(0.049787068368));  // e^-3
  CHECK(node.blocks[0].used[3] == about(0.224041807655));
  CHECK(node.blocks[0].waiting == 0);  // the last block stays
  CHECK(node.in_use == Approx(3).epsilon(1e-6));
}

TEST_CASE("one block alone is Erlang's loss system", "[occupancy-chain]") {
  // Weights 1, 1, 1/2 for none, one and two pods.
  auto load = load_of(1, 2);
  load.block_cap = 1;
  const auto node = stationary_occupancy(load);
  CHECK(node.blocks[0].used[0] == about(0.4));
  CHECK(node.blocks[0].used[1] == about(0.4));
  CHECK(node.blocks[0].used[2] == about(0.2));
  CHECK(node.held == about(1));
  CHECK(node.idle == about(1.2));  // 2 - (0.4 + 2 * 0.2)
  CHECK(node.pinned() == about(0.4));
  // More than two pods: 1 - e^-1 (1 + 1 + 1/2)
  CHECK(node.accuracy.beyond == about(0.080301397071));
}

// Two blocks of one address, all rates 1. F: in use, E: empty, -: not held. Balance, out = in:
//
//     E- = F- + EE      FF: 2 FF = F- + FE + EF + -F    EE: 3 EE = FE + EF    -F: 2 -F = EF + -E
//     2 F- = E- + FE    3 FE = FF + EE                  3 EF = FF             -E = -F + EE
//
// With EF = 4: FF = 12; FE = 5 and EE = 3 from 3 FE = 12 + EE, 3 EE = FE + 4; -F = 7, -E = 10; F- = 8,
// E- = 11. Together 60. No pod: 11 + 3 + 10 = 24, one: 24, two: 12 of 60, as Erlang's formula says.
TEST_CASE("two blocks of one address, solved by hand", "[occupancy-chain]") {
  auto load = load_of(1, 1);
  load.block_cap = 2;
  ChainLimits limits;
  limits.phases = 1;
  const auto node = stationary_occupancy(load, limits);
  REQUIRE(node.blocks.size() == 2);
  REQUIRE(node.accuracy.states == 8);
  CHECK(node.accuracy.residual < 1e-12);
  CHECK(node.blocks_held[0] == about(0));
  CHECK(node.blocks_held[1] == about(36. / 60));
  CHECK(node.blocks_held[2] == about(24. / 60));  // FF, FE, EF, EE
  CHECK(node.blocks[0].held == about(43. / 60));
  CHECK(node.blocks[0].used[1] == about(25. / 60));  // F-, FF, FE
  CHECK(node.blocks[0].waiting == about(7. / 60));   // EF, EE
  CHECK(node.blocks[1].held == about(41. / 60));
  CHECK(node.blocks[1].used[1] == about(23. / 60));  // FF, EF, -F
  CHECK(node.blocks[1].waiting == about(8. / 60));   // FE, EE
  CHECK(node.held == about(1.4));
  CHECK(node.single == about(48. / 60));
  CHECK(node.waiting == about(15. / 60));
  CHECK(node.idle == about(36. / 60));  // 1.4 held, 0.8 in use
}

namespace {

/// Two blocks of two addresses, all rates 1: each state with the pods in its blocks (-: not held), its time
/// in 22360ths, and where it leads at which rate. The times were found by elimination; the test below checks
/// that as much flows into each state as out of it, which makes them right.
struct HandState {
  std::string name;
  int time;
  std::vector<std::pair<std::string, int>> to;
};
const std::vector<HandState> two_blocks_of_two = {
    {"0-", 4770, {{"1-", 1}}},
    {"1-", 4371, {{"2-", 1}, {"0-", 1}}},
    {"2-", 1600, {{"21", 1}, {"1-", 2}}},  // a claim
    {"21", 944, {{"22", 1}, {"11", 2}, {"20", 1}}},
    {"22", 344, {{"12", 2}, {"21", 2}}},
    {"20", 429, {{"21", 1}, {"10", 2}, {"2-", 1}}},  // the timer gives block 2 back
    {"12", 432, {{"22", 1}, {"02", 1}, {"11", 2}}},
    {"11", 1059, {{"21", 1}, {"01", 1}, {"10", 1}}},
    {"10", 772, {{"20", 1}, {"00", 1}, {"1-", 1}}},
    {"02", 108, {{"12", 1}, {"01", 2}, {"-2", 1}}},
    {"01", 425, {{"11", 1}, {"00", 1}, {"-1", 1}}},
    {"00", 399, {{"10", 1}, {"-0", 1}, {"0-", 1}}},
    {"-2", 932, {{"12", 1}, {"-1", 2}}},  // claims the first block again
    {"-1", 2688, {{"-2", 1}, {"-0", 1}}},
    {"-0", 3087, {{"-1", 1}}},
};

/// Time, in 22360ths, of the states in which that block is as the sign says ('h': held).
double time_with(std::size_t block, char sign) {
  int time = 0;
  for (const auto& state : two_blocks_of_two)
    if (state.name[block] == sign || (sign == 'h' && state.name[block] != '-')) time += state.time;
  return time / 22360.;
}

}  // namespace

TEST_CASE("two blocks of two addresses, solved by hand", "[occupancy-chain]") {
  std::map<std::string, int> in, out;
  int both = 0;
  for (const auto& state : two_blocks_of_two) {
    for (const auto& [to, rate] : state.to) {
      in[to] += state.time * rate;
      out[state.name] += state.time * rate;
    }
    if (state.name.find('-') == std::string::npos) both += state.time;
  }
  REQUIRE(in == out);

  auto load = load_of(1, 2);
  load.block_cap = 2;
  ChainLimits limits;
  limits.phases = 1;
  const auto node = stationary_occupancy(load, limits);
  REQUIRE(node.accuracy.states == two_blocks_of_two.size());
  REQUIRE(node.blocks.size() == 2);
  CHECK(node.blocks_held[2] == about(both / 22360.));
  for (std::size_t block = 0; block < 2; ++block) {
    CHECK(node.blocks[block].held == about(time_with(block, 'h')));
    for (std::size_t n = 0; n <= 2; ++n)
      CHECK(node.blocks[block].used[n] == about(time_with(block, static_cast<char>('0' + n))));
  }
}

// With a timer that never ends, and blocks of two, every block behaves as if it were always held: the first k
// together are Erlang's loss system with 2k places, so block k has on average B(2k - 2) - B(2k) pods at load
// 1, where B(0) = 1, B(2) = 1/5, B(4) = 1/65, B(6) = 1/1957.
TEST_CASE("chains of one block over a lump are Erlang's, where the lump is always held",
          "[occupancy-chain]") {
  ChainLimits limits;
  limits.states = 1;
  const auto node = stationary_occupancy(load_of(1, 2, 1e9), limits);
  REQUIRE(node.accuracy.width == 1);
  REQUIRE(node.blocks.size() >= 3);
  const auto pods_in = [&](std::size_t k) { return node.blocks[k].used[1] + 2 * node.blocks[k].used[2]; };
  CHECK(pods_in(0) == Approx(4. / 5).epsilon(1e-6));
  CHECK(pods_in(1) == Approx(1. / 5 - 1. / 65).epsilon(1e-6));
  CHECK(pods_in(2) == Approx(1. / 65 - 1. / 1957).epsilon(1e-6));
}

// Three of four addresses remain: weights 1, 1, 1/2, 1/6 for none to three pods beside the permanent address.
TEST_CASE("permanent addresses stay in the first block", "[occupancy-chain]") {
  auto load = load_of(1, 4);
  load.permanent = 1;
  load.block_cap = 1;
  const auto node = stationary_occupancy(load);
  CHECK(node.blocks[0].used[0] == 0);
  CHECK(node.blocks[0].used[1] == about(6. / 16));
  CHECK(node.blocks[0].used[4] == about(1. / 16));
  CHECK(node.in_use == about(1 + 15. / 16));

  load.permanent = 6;  // one block and a half
  load.block_cap = 3;
  const auto three = stationary_occupancy(load);
  CHECK(three.blocks[0].used[4] == about(1));
  CHECK(three.blocks[1].used[0] + three.blocks[1].used[1] == 0);
  CHECK(three.blocks[1].used[2] > 0.3);
}

TEST_CASE("sums agree, exact or aggregated", "[occupancy-chain]") {
  ChainLimits exact, aggregated;
  exact.states = 1'000'000;
  exact.rest = exact.tail = 1e-6;
  aggregated.states = 1;
  std::vector<std::pair<double, int>> loads{{2, 4}, {6, 8}, {12, 8}, {5, 4}};
  if (cidrplan::test::sanitized) loads.resize(1);
  for (const auto& [pods, block_addresses] : loads) {
    const auto whole = stationary_occupancy(load_of(pods, block_addresses, 0.5), exact);
    const auto parts = stationary_occupancy(load_of(pods, block_addresses, 0.5), aggregated);
    INFO(pods << " pods, blocks of " << block_addresses);
    CHECK(whole.accuracy.exact);
    CHECK_FALSE(parts.accuracy.exact);
    for (const auto& node : {whole, parts}) {
      CHECK(sum(node.blocks_held) == about(1));
      CHECK(node.accuracy.residual < 1e-9);
      CHECK(node.accuracy.beyond < 1e-5);
      CHECK(node.in_use == Approx(pods).epsilon(1e-3));
      double held = 0;
      for (const auto& block : node.blocks) {
        held += block.held;
        CHECK(sum(block.used) == about(block.held));
        CHECK(block.waiting <= block.used[0] + 1e-12);
      }
      CHECK(node.held == Approx(held).epsilon(1e-9));
    }
    // What taking the lump as always held costs: on these small blocks, where it costs most.
    CHECK(parts.held == Approx(whole.held).epsilon(0.03));
    CHECK(parts.accuracy.lump_not_held + parts.accuracy.above > 0);
  }
}

TEST_CASE("a longer timer holds more blocks, more phases bring it to an end", "[occupancy-chain]") {
  const auto held = [](double collection, int phases) {
    ChainLimits limits;
    limits.phases = phases;
    return stationary_occupancy(load_of(3, 4, collection), limits).held;
  };
  CHECK(held(0.1, 4) < held(1, 4));
  CHECK(held(1, 4) < held(10, 4));
  const double step = held(1, 4) - held(1, 2), next = held(1, 8) - held(1, 4);
  CHECK(step > 0);
  CHECK(next > 0);
  CHECK(next < 0.7 * step);
}

// With two blocks there is never a choice which to claim, so that the order of claiming cannot matter; and as
// good as never is the first empty, so that a solver could take a node for ever to keep to the second.
TEST_CASE("two blocks are as full whichever of them is claimed first", "[occupancy-chain]") {
  auto load = load_of(60, 64);
  load.nodes = 20;
  load.block_cap = 2;
  const auto held = stationary_occupancy(load).held;
  load.claim = {1, 0};
  CHECK(stationary_occupancy(load).held == Approx(held).epsilon(1e-6));
  CHECK(held > 1.8);

  // A permanent address in the block that is claimed first and filled last: the other is claimed once, and
  // kept.
  load.permanent = 1;
  CHECK(stationary_occupancy(load).blocks[0].held > 0.999);
}
