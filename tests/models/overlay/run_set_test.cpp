#include <rapidcheck.h>
#include <set>

#include "models/overlay/offset_set.h"
#include "models/overlay/run_set.h"
#include "planner/net/contract.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::overlay;

namespace {

int first_absent(const std::set<int>& numbers, int from) {
  while (numbers.contains(from)) ++from;
  return from;
}

}  // namespace

TEST_CASE("runs of numbers join and split") {
  RunSet runs;
  CHECK(runs.insert(10, 19) == 10);
  CHECK(runs.insert(20, 20) == 1);  // touches: one run now
  CHECK(runs.insert(15, 24) == 4);  // 21 to 24 are new
  CHECK(runs.next_absent(12) == uint128{25});
  CHECK(runs.erase(12, 13) == 2);
  CHECK(runs.next_absent(10) == uint128{12});
  CHECK(runs.next_absent(14) == uint128{25});
  CHECK(runs.erase(0, 100) == 13);
  CHECK(runs.size() == 0);
}

TEST_CASE("runs reach to both ends of 128 bits") {
  RunSet runs;
  CHECK(runs.insert(0, 0) == 1);
  CHECK(runs.insert(uint128_max - 1, uint128_max) == 2);
  CHECK(runs.next_absent(0) == uint128{1});
  CHECK_FALSE(runs.next_absent(uint128_max));
  CHECK(runs.erase(uint128_max, uint128_max) == 1);
  CHECK(runs.next_absent(uint128_max - 1) == uint128_max);
}

TEST_CASE("runs behave like a set of numbers") {
  CHECK(rc::check([] {
    RunSet runs;
    OffsetSet bits(200);
    std::set<int> numbers;
    for (int step = *rc::gen::inRange(0, 80); step > 0; --step) {
      const int first = *rc::gen::inRange(0, 200);
      const int last = std::min(199, first + *rc::gen::inRange(0, 12));
      const bool add = *rc::gen::inRange(0, 3) > 0;
      uint128 changed = 0;
      for (int n = first; n <= last; ++n) {
        const bool changes = add ? numbers.insert(n).second : numbers.erase(n) == 1;
        changed += changes;
        RC_ASSERT((add ? bits.insert(static_cast<uint128>(n)) : bits.erase(static_cast<uint128>(n))) ==
                  changes);
      }
      const auto low = static_cast<uint128>(first);
      const auto high = static_cast<uint128>(last);
      RC_ASSERT((add ? runs.insert(low, high) : runs.erase(low, high)) == changed);
      RC_ASSERT(runs.size() == numbers.size());
      for (int n = 0; n < 200; ++n) {
        const auto number = static_cast<uint128>(n);
        const auto absent = static_cast<uint128>(first_absent(numbers, n));
        RC_ASSERT(runs.contains(number) == numbers.contains(n));
        RC_ASSERT(bits.contains(number) == numbers.contains(n));
        RC_ASSERT(runs.next_absent(number) == absent);
        RC_ASSERT(bits.next_absent(number) == (absent < 200 ? std::optional(absent) : std::nullopt));
      }
    }
  }));
}

TEST_CASE("offsets beyond the count do not exist") {
  OffsetSet few(65);
  CHECK_THROWS_AS(few.insert(65), ContractViolation);
  for (uint128 n = 0; n < 65; ++n) CHECK(few.insert(n));
  CHECK_FALSE(few.next_absent(0));
  OffsetSet many(uint128{1} << 64);
  CHECK(many.insert((uint128{1} << 64) - 1));
  CHECK_FALSE(many.next_absent((uint128{1} << 64) - 1));
  CHECK(many.next_absent(0) == uint128{0});
}
