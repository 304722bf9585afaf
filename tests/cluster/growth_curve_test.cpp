#include "planner/cluster/growth_curve.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using Curve = GrowthCurve;

namespace {

// 2027 begins on a Friday and has 365 days; its months have 31, 28, 31, 30, … days.
const Calendar calendar(*parse_date("2027-01-01"));

SimTime on(std::string_view date) { return calendar.time_of(*parse_date(date)); }

std::int64_t value(const Curve& curve, std::string_view date) { return curve.at(calendar, on(date)); }

}  // namespace

TEST_CASE("a constant holds") {
  CHECK(value(Curve::constant(7), "2027-01-01") == 7);
  CHECK(value(Curve::constant(7), "2099-01-01") == 7);
  CHECK(value(Curve(), "2027-01-01") == 0);
}

TEST_CASE("compound growth multiplies by whole months and by the part of the current one") {
  const Curve curve(Curve::Compound{1'500, 0.03, Curve::Per::month});
  CHECK(value(curve, "2027-01-01") == 1'500);
  CHECK(value(curve, "2027-02-01") == 1'545);  // 1,500 × 1.03
  CHECK(value(curve, "2027-03-01") == 1'591);  // 1,545 × 1.03 = 1,591.35
  CHECK(value(curve, "2028-01-01") == 2'139);  // 1,500 × 1.03^12 = 1,500 × 1.425760887 = 2,138.64
  // 14 of February's 28 days: 1,545 × sqrt(1.03) = 1,545 × 1.014889157 = 1,568.004
  CHECK(value(curve, "2027-02-15") == 1'568);
}

TEST_CASE("yearly growth takes years, negative growth shrinks") {
  const Curve yearly(Curve::Compound{40, 0.10, Curve::Per::year});
  CHECK(value(yearly, "2028-01-01") == 44);
  CHECK(value(yearly, "2029-01-01") == 48);  // 48.4
  const Curve shrinking(Curve::Compound{1'000, -0.5, Curve::Per::month});
  CHECK(value(shrinking, "2027-03-01") == 250);
}

TEST_CASE("halves are rounded up") {
  // 1 × 1.5 = 1.5
  CHECK(value(Curve(Curve::Compound{1, 0.5, Curve::Per::month}), "2027-02-01") == 2);
  // 3 × 0.5 = 1.5, 5 × 0.5 = 2.5
  CHECK(value(Curve(Curve::Compound{3, -0.5, Curve::Per::month}), "2027-02-01") == 2);
  CHECK(value(Curve(Curve::Compound{5, -0.5, Curve::Per::month}), "2027-02-01") == 3);
}

TEST_CASE("linear growth adds, and stops at zero") {
  const Curve curve(Curve::Linear{10, 50, Curve::Per::month});
  CHECK(value(curve, "2027-02-15") == 85);  // 10 + 50 × 1.5
  CHECK(value(Curve(Curve::Linear{100, -50, Curve::Per::month}), "2027-03-01") == 0);
  CHECK(value(Curve(Curve::Linear{100, -50, Curve::Per::month}), "2027-06-01") == 0);
}

TEST_CASE("a logistic curve is half way at its midpoint") {
  const Curve curve(Curve::Logistic{100, 300, on("2027-07-01"), 1.0});
  CHECK(value(curve, "2027-07-01") == 200);
  // One month later: 100 + 200 / (1 + e^-1) = 100 + 200 × 0.7310586 = 246.21
  CHECK(value(curve, "2027-08-01") == 246);
  // Six months before: 100 + 200 / (1 + e^6) = 100 + 200 × 0.0024726 = 100.49
  CHECK(value(curve, "2027-01-01") == 100);
  CHECK(value(curve, "2037-01-01") == 300);
  // A midpoint before the start: the curve is on its upper half from the beginning.
  CHECK(value(Curve(Curve::Logistic{0, 1'000, on("2026-01-01"), 1.0}), "2027-01-01") == 1'000);
}

TEST_CASE("steps hold from their date on, and before the first there is nothing") {
  const Curve curve(Curve::Steps{{{on("2027-02-01"), 5}, {on("2027-03-01"), 9}}});
  CHECK(value(curve, "2027-01-31") == 0);
  CHECK(value(curve, "2027-02-01") == 5);
  CHECK(value(curve, "2027-02-28") == 5);
  CHECK(value(curve, "2027-03-01") == 9);
  CHECK(value(curve, "2028-03-01") == 9);
}

TEST_CASE("a table is linear between its rows and flat outside") {
  const Curve curve(Curve::Table{{{on("2027-02-01"), 100}, {on("2027-02-11"), 200}}});
  CHECK(value(curve, "2027-01-01") == 100);
  CHECK(value(curve, "2027-02-04") == 130);
  CHECK(value(curve, "2027-02-11") == 200);
  CHECK(value(curve, "2027-12-31") == 200);
}

TEST_CASE("a curve is evaluated at midnight, and during warm-up on the first day") {
  const Curve curve(Curve::Steps{{{on("2027-02-01"), 5}}});
  CHECK(curve.at(calendar, on("2027-02-01") - Duration{1}) == 0);
  const Curve linear(Curve::Linear{0, 3'100, Curve::Per::month});  // 100 a day in January
  CHECK(linear.at(calendar, on("2027-01-03") + Duration::hours(23)) == 200);
  CHECK(Curve(Curve::Steps{{{on("2027-01-01"), 5}}}).at(calendar, SimTime{-1}) == 5);
}

TEST_CASE("no curve grows beyond 10^12") {
  CHECK(value(Curve(Curve::Compound{1'000, 10, Curve::Per::month}), "2099-01-01") == 1'000'000'000'000);
  CHECK(value(Curve(Curve::Compound{0, 10, Curve::Per::month}), "2099-01-01") == 0);
}
