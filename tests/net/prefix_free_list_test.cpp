#include <vector>

#include "planner/net/contract.h"
#include "planner/net/prefix_free_list.h"
#include "tests/net/small_space.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

Prefix prefix(const char* text) { return Prefix::parse(text).value(); }

/// The same allocator, slowly: looks at every place a block could stand.
class NaiveFreeList {
 public:
  explicit NaiveFreeList(SmallSpace space) : space_(space) { free_.set(); }

  bool is_free(const Prefix& block) const {
    const auto bits = space_.bitmap_of(block);
    return (free_ & bits) == bits;
  }
  /// The widest aligned free block around; a block that is free itself.
  int enclosing_length(const Prefix& block) const {
    int length = block.length();
    while (length > space_.whole.length() && is_free(Prefix(block.first(), length - 1))) --length;
    return length;
  }
  /// Best fit: the narrowest enclosing block, the lowest of equals.
  std::optional<Prefix> best(int length) const {
    std::optional<Prefix> best;
    const auto count = space_.whole.count_of(length);
    for (uint128 i = 0; i < count; ++i) {
      const Prefix block = space_.whole.child(length, i);
      if (!is_free(block)) continue;
      if (!best || enclosing_length(block) > enclosing_length(*best)) best = block;
    }
    return best;
  }
  std::size_t count(int length) const {
    std::size_t free = 0;
    for (uint128 i = 0; i < space_.whole.count_of(length); ++i)
      free += is_free(space_.whole.child(length, i));
    return free;
  }
  void take(const Prefix& block) { free_ &= ~space_.bitmap_of(block); }
  void give(const Prefix& block) { free_ |= space_.bitmap_of(block); }

 private:
  SmallSpace space_;
  SmallSpace::Bitmap free_;
};

}  // namespace

TEST_CASE("blocks come from the narrowest free block, lowest first") {
  PrefixFreeList list(prefix("10.0.0.0/24"));
  CHECK(list.allocate(26) == prefix("10.0.0.0/26"));
  CHECK(list.allocate(28) == prefix("10.0.0.64/28"));
  CHECK(list.allocate(26) == prefix("10.0.0.128/26"));  // .64/26 is broken, .128/25 is the next whole place
  CHECK(list.allocate(27) == prefix("10.0.0.96/27"));   // fits .96/27 exactly, .192/26 stays whole
  CHECK(list.free_addresses() == 256 - 64 - 16 - 64 - 32);
  CHECK(list.free_blocks(26) == 1);
  CHECK(list.free_blocks(28) == 5);  // .80/28 and four in .192/26
  CHECK(list.largest_free() == prefix("10.0.0.192/26"));
}

TEST_CASE("many free addresses and no free block") {
  PrefixFreeList list(prefix("10.0.0.0/24"));
  for (std::uint32_t block = 0; block < 16; ++block) {
    REQUIRE(list.allocate(Prefix(Address::v4(0x0a000000 + 16 * block + 3), 32)));
  }
  CHECK(list.free_addresses() == 240);
  CHECK(list.free_blocks(28) == 0);
  CHECK_FALSE(list.allocate(28));
  CHECK(list.free_blocks(29) == 16);
}

TEST_CASE("released halves grow together again") {
  PrefixFreeList list(prefix("10.0.0.0/30"));
  for (int i = 0; i < 4; ++i) REQUIRE(list.allocate(32));
  CHECK_FALSE(list.largest_free());
  for (const char* one : {"10.0.0.1/32", "10.0.0.2/32", "10.0.0.0/32", "10.0.0.3/32"})
    list.release(prefix(one));
  CHECK(list.largest_free() == prefix("10.0.0.0/30"));
}

TEST_CASE("the widest and the narrowest spaces") {
  struct Row {
    const char* space;
    int length;
    const char* first;
    const char* blocks;  ///< of that length, before the first is taken
    const char* rest;    ///< addresses after it
  };
  const auto row = GENERATE(values<Row>({
      {"0.0.0.0/0", 0, "0.0.0.0/0", "1", "0"},
      {"0.0.0.0/0", 32, "0.0.0.0/32", "4294967296", "4294967295"},
      {"10.0.0.1/32", 32, "10.0.0.1/32", "1", "0"},
      {"::/0", 0, "::/0", "1", "0"},
      {"::/0", 1, "::/1", "2", "170141183460469231731687303715884105728"},
      {"::/0", 128, "::/128", "340282366920938463463374607431768211455",
       "340282366920938463463374607431768211455"},
      {"fd00::/64", 80, "fd00::/80", "65536", "18446462598732840960"},  // 2^64 - 2^48
      {"fd00::1/128", 128, "fd00::1/128", "1", "0"},
  }));
  CAPTURE(row.space, row.length);
  PrefixFreeList list(prefix(row.space));
  CHECK(to_string(list.free_blocks(row.length)) == row.blocks);
  const auto block = list.allocate(row.length);
  REQUIRE(block == prefix(row.first));
  CHECK(to_string(list.free_addresses()) == row.rest);
  list.release(*block);
  CHECK(list.largest_free() == prefix(row.space));
}

TEST_CASE("a space of several ranges never grows over its gaps") {
  const std::vector<Prefix> ranges = {prefix("10.0.0.0/25"), prefix("10.0.1.0/24")};
  PrefixFreeList list{PrefixSet(ranges)};
  CHECK(list.allocate(25) == prefix("10.0.0.0/25"));
  list.release(prefix("10.0.0.0/25"));
  CHECK(list.largest_free() == prefix("10.0.1.0/24"));
  CHECK_FALSE(list.allocate(prefix("10.0.0.0/24")));
  CHECK_FALSE(list.allocate(23));
  CHECK_FALSE(list.allocate(prefix("fd00::/64")));
  CHECK_FALSE(PrefixFreeList(PrefixSet()).allocate(32));
}

TEST_CASE("what was not taken cannot be given back") {
  PrefixFreeList list(prefix("10.0.0.0/24"));
  CHECK_THROWS_AS(list.release(prefix("10.0.0.0/26")), ContractViolation);
  REQUIRE(list.allocate(prefix("10.0.0.0/26")));
  CHECK_THROWS_AS(list.release(prefix("10.0.0.0/25")), ContractViolation);
  CHECK_THROWS_AS(list.release(prefix("10.0.1.0/26")), ContractViolation);
  list.release(prefix("10.0.0.16/28"));  // a part is fine
  CHECK_THROWS_AS(list.release(prefix("10.0.0.0/26")), ContractViolation);
}

TEST_CASE("the free list behaves like a search of every place") {
  CHECK(rc::check([] {
    const SmallSpace space = SmallSpace::any();
    const int root = space.whole.length();
    PrefixFreeList list(space.whole);
    NaiveFreeList naive(space);
    std::vector<Prefix> taken;
    for (int step = *rc::gen::inRange(0, 60); step > 0; --step) {
      const int what = *rc::gen::inRange(0, 3);
      if (what == 0) {
        const int length = root + *rc::gen::inRange(1, SmallSpace::bits + 1);
        const auto expected = naive.best(length);
        RC_ASSERT(list.allocate(length) == expected);
        if (expected) {
          naive.take(*expected);
          taken.push_back(*expected);
        }
      } else if (what == 1) {
        const Prefix block = space.any_prefix();
        const bool expected = naive.is_free(block);
        RC_ASSERT(list.allocate(block) == expected);
        if (expected) {
          naive.take(block);
          taken.push_back(block);
        }
      } else if (!taken.empty()) {
        const auto at = static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, taken.size()));
        list.release(taken[static_cast<std::size_t>(at)]);
        naive.give(taken[static_cast<std::size_t>(at)]);
        taken.erase(taken.begin() + at);
      }
      for (int length = root; length <= root + SmallSpace::bits; ++length) {
        RC_ASSERT(list.free_blocks(length) == naive.count(length));
      }
    }
  }));
}
