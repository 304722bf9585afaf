#include <limits>

#include "planner/net/uint128.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

constexpr uint128 power(int exponent) { return uint128{1} << exponent; }

}  // namespace

TEST_CASE("counts as people read them") {
  struct Row {
    uint128 count;
    const char* text;
  };
  const Row rows[] = {
      {0, "0"},
      {999, "999"},
      {1000, "1,000"},
      {12273, "12,273"},
      {power(53), "9,007,199,254,740,992"},  // the last one with every digit
      {power(53) + 1, "9.007e15"},
      {power(64), "2^64"},
      {power(64) - 3, "1.845e19"},  // 18,446,744,073,709,551,613
      {power(64) + power(8), "1.845e19"},
      {uint128{99'994'999'999'999'999}, "9.999e16"},
      {uint128{99'995'000'000'000'000}, "1.000e17"},
      {power(127), "2^127"},
      {uint128_max, "3.403e38"},  // 340,282,366,920,938,463,463,374,607,431,768,211,455
  };
  for (const auto& row : rows) CHECK(in_figures(row.count) == row.text);
}

TEST_CASE("figures of signed and of short counts") {
  CHECK(in_figures(std::int64_t{12'273}) == "12,273");
  CHECK(in_figures(std::int64_t{-1'500}) == "-1,500");
  CHECK(in_figures(std::numeric_limits<std::int64_t>::min()) == "-2^63");
  CHECK(in_figures(std::numeric_limits<std::uint64_t>::max()) == "1.845e19");  // 18,446,744,073,709,551,615
}

TEST_CASE("decimal digits of any count") {
  CHECK(to_string(uint128{0}) == "0");
  CHECK(to_string(power(64)) == "18446744073709551616");
  CHECK(to_string(uint128_max) == "340282366920938463463374607431768211455");
}
