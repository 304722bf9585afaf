#include "planner/events/calendar.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

constexpr std::int64_t day = 86'400'000;

Date date(const char* text) { return *parse_date(text); }

}  // namespace

TEST_CASE("dates that do not exist are no dates") {
  for (const char* text :
       {"2027-02-29", "2027-13-01", "2027-00-10", "2027-1-01", "27-01-01", "2027-04-31", "3000-01-01", ""})
    CHECK_FALSE(parse_date(text));
  CHECK(to_string(date("2028-02-29")) == "2028-02-29");
}

TEST_CASE("time and date translate into each other") {
  const Calendar calendar(date("2027-01-01"));
  CHECK(calendar.time_of(date("2027-01-31")).ms == 30 * day);
  CHECK(calendar.date_of({30 * day - 1}) == date("2027-01-30"));
  CHECK(calendar.date_of({-1}) == date("2026-12-31"));
  CHECK(calendar.date_of({-day}) == date("2026-12-31"));
  CHECK(calendar.date_of({-day - 1}) == date("2026-12-30"));
}

TEST_CASE("adding months clamps to the last day") {
  const Calendar calendar(date("2027-01-31"));
  CHECK(calendar.date_of(calendar.plus({0}, {1, {}})) == date("2027-02-28"));
  CHECK(calendar.date_of(calendar.plus({0}, {1, {}}, 2)) == date("2027-03-31"));
  CHECK(calendar.date_of(calendar.plus({0}, {36, {}})) == date("2030-01-31"));
  CHECK(calendar.plus({5}, {0, Duration::hours(2)}, 3).ms == 5 + 6 * 3'600'000);
}

TEST_CASE("elapsed months count the part of the current one") {
  const Calendar calendar(date("2027-01-01"));
  CHECK(calendar.months_since_start({0}) == 0.0);
  CHECK(calendar.months_since_start({31 * day}) == 1.0);
  CHECK(calendar.months_since_start({45 * day}) == 1.5);  // 14 of February's 28 days
  CHECK(calendar.months_since_start({-5 * day}) == 0.0);
  CHECK(calendar.years_since_start({365 * day}) == 1.0);
  CHECK(calendar.years_since_start({365 * day + 183 * day}) == 1.5);  // 2028 has 366 days
}
