#include "planner/capacity/forecast.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

SimTime day(std::int64_t number) { return SimTime{} + Duration::days(number); }

}  // namespace

TEST_CASE("a straight line is found as it is") {
  const std::vector<HeldAt> held{{day(0), 100}, {day(10), 120}, {day(20), 140}, {day(30), 160}};
  const auto trend = fit_trend(held);
  REQUIRE(trend);
  CHECK(trend->per_day == Approx(2));
  CHECK(trend->at_start == Approx(100));
  CHECK(trend->residual == Approx(0).margin(1e-9));
  // 100 + 2 d = 501 at d = 200.5: full on day 201.
  const auto full = full_by(*trend, 501);
  REQUIRE(full.expected);
  CHECK(*full.expected == day(201));
}

TEST_CASE("scatter widens the dates") {
  // Days 0, 1, 2, 3 hold 0, 3, 1, 4. Mean day 1.5, mean 2; sum of d² = 5, of d × held = 5, so 1 a day from
  // 0.5. Left over: -0.5, 1.5, -1.5, 0.5, squares 5, residual √(5/2), slope error √(5/2)/√5 = √(1/2).
  const auto trend = fit_trend(std::vector<HeldAt>{{day(0), 0}, {day(1), 3}, {day(2), 1}, {day(3), 4}});
  REQUIRE(trend);
  CHECK(trend->per_day == Approx(1));
  CHECK(trend->at_start == Approx(0.5));
  CHECK(trend->residual == Approx(1.5811388));
  CHECK(trend->slope_error == Approx(0.7071068));
  const auto full = full_by(*trend, 100);
  REQUIRE(full.expected);
  CHECK(*full.expected == day(100));  // 99.5 days
  REQUIRE(full.earliest);
  CHECK(*full.earliest == day(42));  // 99.5 / 2.41421 = 41.2
  CHECK_FALSE(full.latest);          // 1 - 1.41 a day never gets there
}

TEST_CASE("too little to fit, or no growth, gives no date") {
  CHECK_FALSE(fit_trend(std::vector<HeldAt>{{day(0), 1}, {day(1), 2}}));
  CHECK_FALSE(fit_trend(std::vector<HeldAt>{{day(1), 1}, {day(1), 2}, {day(1), 3}}));
  CHECK_FALSE(full_by(Trend{100, 0, 0, 0}, 200).expected);
}
