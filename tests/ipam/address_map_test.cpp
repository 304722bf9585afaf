#include <map>
#include <set>
#include <vector>

#include "planner/ipam/address_map.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Subnet subnet(const char* cidr, std::vector<CidrReservation> reservations = {}) {
  Subnet result;
  result.name = cidr;
  result.cidr = *Prefix::parse(cidr);
  result.reservations = std::move(reservations);
  return result;
}

CidrReservation reservation(const char* cidr, CidrReservation::Kind kind) {
  return {*Prefix::parse(cidr), kind};
}
constexpr auto for_prefixes = CidrReservation::Kind::prefix;
constexpr auto by_hand = CidrReservation::Kind::by_hand_only;

AddressMap map_of(const Subnet& subnet, AddressChoice choice) {
  return AddressMap(subnet, choice, RandomStream(3, 0, "address map"));
}

std::vector<std::uint32_t> singles(AddressMap& map, int count) {
  std::vector<std::uint32_t> offsets;
  for (int i = 0; i < count; ++i) {
    offsets.push_back(*map.next_single());
    map.take(offsets.back());
  }
  return offsets;
}

}  // namespace

TEST_CASE("packed: 27 single addresses fit into a /24 without costing a prefix") {
  // The first block keeps 12 after the provider's four, the last 15 after its one; 14 blocks are whole.
  auto map = map_of(subnet("10.0.0.0/24"), AddressChoice::packed);
  CHECK(map.free() == 251);
  CHECK(map.free_blocks() == 14);
  const auto taken = singles(map, 27);
  CHECK(taken.front() == 4);
  CHECK(taken[11] == 15);
  CHECK(taken[12] == 240);
  CHECK(taken.back() == 254);
  CHECK(map.free_blocks() == 14);
  singles(map, 1);
  CHECK(map.free_blocks() == 13);
  CHECK(map.free_in_broken() == 15);
}

TEST_CASE("worst: 14 single addresses leave a /24 without a prefix") {
  auto map = map_of(subnet("10.0.0.0/24"), AddressChoice::worst);
  CHECK(singles(map, 14) ==
        std::vector<std::uint32_t>{16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224});
  CHECK(map.free_blocks() == 0);
  CHECK(map.free() == 237);
  CHECK_FALSE(map.next_block());
  CHECK(map.next_single() == 4);
}

TEST_CASE("random: every free address is as likely, and so is every block") {
  // 11 free addresses, 22,000 draws: 2,000 each, standard deviation sqrt(22000 × 1/11 × 10/11) = 43.
  auto small = map_of(subnet("10.0.0.0/28"), AddressChoice::random);
  std::map<std::uint32_t, int> drawn;
  for (int i = 0; i < 22'000; ++i) ++drawn[*small.next_single()];
  CHECK(drawn.size() == 11);
  for (const auto& [offset, times] : drawn) CHECK(std::abs(times - 2'000) < 5 * 43);

  // 59 free addresses of a /26: 32 in two whole blocks, 12 and 15 in broken ones.
  auto mixed = map_of(subnet("10.0.0.0/26"), AddressChoice::random);
  int in_whole = 0, in_first = 0;
  for (int i = 0; i < 59'000; ++i) {
    const auto offset = *mixed.next_single();
    in_whole += offset >= 16 && offset < 48 ? 1 : 0;
    in_first += offset < 16 ? 1 : 0;
  }
  CHECK(std::abs(in_whole - 32'000) < 600);
  CHECK(std::abs(in_first - 12'000) < 500);

  auto blocks = map_of(subnet("10.0.0.0/25"), AddressChoice::random);
  std::map<std::uint32_t, int> firsts;
  for (int i = 0; i < 6'000; ++i) ++firsts[*blocks.next_block()];
  CHECK(firsts.size() == 6);
  for (const auto& [first, times] : firsts) {
    CHECK(first % 16 == 0);
    CHECK(std::abs(times - 1'000) < 150);
  }
}

TEST_CASE("a reservation for prefixes gives no single address, and prefixes come from it first") {
  auto map =
      map_of(subnet("10.0.0.0/24", {reservation("10.0.0.128/25", for_prefixes)}), AddressChoice::worst);
  // Outside lie blocks 0 to 7, less the provider's four; the provider's last address lies inside.
  CHECK(map.free() == 251);
  CHECK(map.free_singles() == 124);
  CHECK(map.free_blocks() == 14);
  singles(map, 124);
  CHECK_FALSE(map.next_single());
  CHECK(map.free_blocks() == 7);
  CHECK(map.next_block() == 128);
  map.take_block(128);
  CHECK(map.next_block() == 144);
  CHECK(map.free_blocks() == 6);
  map.give_back_block(128);
  CHECK(map.next_block() == 128);
}

TEST_CASE("prefixes come from anywhere once their reservation is full") {
  auto map =
      map_of(subnet("10.0.0.0/24", {reservation("10.0.0.32/27", for_prefixes)}), AddressChoice::packed);
  for (const std::uint32_t first : {32u, 48u, 16u, 64u}) {
    CHECK(map.next_block() == first);
    map.take_block(first);
  }
}

TEST_CASE("a reservation for named addresses is left alone") {
  auto map = map_of(subnet("10.0.0.0/27", {reservation("10.0.0.16/30", by_hand)}), AddressChoice::packed);
  CHECK(map.free() == 27);
  CHECK(map.free_singles() == 23);
  CHECK(map.free_blocks() == 0);
  const auto taken = singles(map, 23);
  for (const auto offset : taken) CHECK((offset < 16 || offset >= 20));
  CHECK_FALSE(map.next_single());
  map.take(17);
  CHECK(map.is_taken(17));
  CHECK(map.free() == 3);
  map.give_back(17);
  CHECK(map.free() == 4);
  CHECK(map.free_singles() == 0);
}

TEST_CASE("what could be served can be served") {
  auto map = map_of(subnet("10.0.0.0/26"), AddressChoice::packed);  // 27 in broken blocks, two whole
  CHECK(map.could_serve(27, 2));
  CHECK_FALSE(map.could_serve(28, 2));
  CHECK(map.could_serve(43, 1));
  CHECK_FALSE(map.could_serve(44, 1));
  CHECK(map.could_serve(59, 0));
  CHECK_FALSE(map.could_serve(60, 0));
  auto worst = map_of(subnet("10.0.0.0/26"), AddressChoice::worst);
  CHECK(worst.could_serve(1, 1));
  CHECK_FALSE(worst.could_serve(1, 2));
  CHECK_FALSE(worst.could_serve(2, 1));
}

namespace {

/// Which addresses are free, one by one.
struct NaiveMap {
  std::set<std::uint32_t> free;
  std::set<std::uint32_t> reserved;  // for prefixes

  bool whole(std::uint32_t block) const {
    for (std::uint32_t i = 0; i < 16; ++i)
      if (free.count(block * 16 + i) == 0) return false;
    return true;
  }
  std::optional<std::uint32_t> single(bool from_whole_first) const {
    for (const bool want_whole : {from_whole_first, !from_whole_first})
      for (const auto offset : free)
        if (reserved.count(offset) == 0 && whole(offset / 16) == want_whole) return offset;
    return std::nullopt;
  }
  std::optional<std::uint32_t> block(std::uint32_t size) const {
    for (const bool inside : {true, false})
      for (std::uint32_t at = 0; at < size; at += 16)
        if (whole(at / 16) && (reserved.count(at) > 0) == inside) return at;
    return std::nullopt;
  }
};

}  // namespace

TEST_CASE("any conversation agrees with a set of free addresses") {
  const char* const cidr = GENERATE("10.0.0.0/28", "10.0.0.0/26", "10.0.0.0/24", "10.0.0.0/22");
  const auto choice = GENERATE(AddressChoice::packed, AddressChoice::worst, AddressChoice::random);
  const bool reserve = GENERATE(false, true);
  CAPTURE(cidr, std::string(to_string(choice)), reserve);
  auto whole = subnet(cidr);
  const auto size = static_cast<std::uint32_t>(whole.cidr.size());
  NaiveMap naive;
  for (std::uint32_t i = 4; i < size - 1; ++i) naive.free.insert(i);
  if (reserve && size >= 64) {
    whole.reservations = {reservation("10.0.0.16/28", for_prefixes)};
    for (std::uint32_t i = 16; i < 32; ++i) naive.reserved.insert(i);
  }
  auto map = map_of(whole, choice);
  std::map<std::uint32_t, bool> held;  // first address, is it a prefix
  const RandomStream random(5, 0, cidr);
  for (std::uint64_t step = 0; step < 3'000; ++step) {
    const auto what = random.below(step, 5);
    if (what < 2) {
      const auto got = map.next_single();
      const auto expected = naive.single(choice == AddressChoice::worst);
      REQUIRE(got.has_value() == expected.has_value());
      if (!got) continue;
      if (choice != AddressChoice::random) REQUIRE(*got == *expected);
      REQUIRE(naive.free.erase(*got) == 1);
      REQUIRE(naive.reserved.count(*got) == 0);
      map.take(*got);
      held[*got] = false;
    } else if (what == 2) {
      const auto got = map.next_block();
      const auto expected = naive.block(size);
      REQUIRE(got.has_value() == expected.has_value());
      if (!got) continue;
      if (choice != AddressChoice::random) REQUIRE(*got == *expected);
      REQUIRE(naive.whole(*got / 16));
      for (std::uint32_t i = 0; i < 16; ++i) naive.free.erase(*got + i);
      map.take_block(*got);
      held[*got] = true;
    } else if (!held.empty()) {
      auto one = held.begin();
      std::advance(one, static_cast<std::ptrdiff_t>(random.below(step + 1'000'000, held.size())));
      if (one->second) {
        map.give_back_block(one->first);
        for (std::uint32_t i = 0; i < 16; ++i) naive.free.insert(one->first + i);
      } else {
        map.give_back(one->first);
        naive.free.insert(one->first);
      }
      held.erase(one);
    }
    REQUIRE(map.free() == naive.free.size());
    std::uint32_t blocks = 0, loose = 0;
    for (std::uint32_t block = 0; block < size / 16; ++block) blocks += naive.whole(block) ? 1 : 0;
    for (const auto offset : naive.free)
      loose += naive.reserved.count(offset) == 0 && !naive.whole(offset / 16) ? 1 : 0;
    REQUIRE(map.free_blocks() == blocks);
    REQUIRE(map.free_in_broken() == loose);
  }
}
