#include "planner/config/quantities.h"
#include "tests/support/catch.h"

using namespace cidrplan;

TEST_CASE("durations are numbers with a unit") {
  struct Row {
    std::string_view text;
    std::int64_t ms;
  };
  for (const auto& row : {Row{"30s", 30'000}, Row{"0s", 0}, Row{"250ms", 250}, Row{"5m", 300'000},
                          Row{"1.5h", 5'400'000}, Row{"7d", 604'800'000}, Row{"2w", 1'209'600'000},
                          Row{"0.001s", 1}, Row{"36525d", 36'525LL * 86'400'000}}) {
    INFO(row.text);
    REQUIRE(parse_duration(row.text));
    CHECK(parse_duration(row.text)->ms == row.ms);
  }
  for (const std::string_view text :
       {"", "s", "30", "30 s", " 30s", "-5s", "+5s", "1e3s", "1mo", "3y", "5 minutes", "1.s", ".5s",
        "1.2345s", "0.5ms", "36526d", "99999999999999999999s", "30S", "1h30m"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("calendar steps know months and years as well") {
  CHECK(parse_calendar_step("1mo") == CalendarStep{1, {}});
  CHECK(parse_calendar_step("3y") == CalendarStep{36, {}});
  CHECK(parse_calendar_step("90d") == CalendarStep{0, Duration::days(90)});
  for (const std::string_view text : {"1.5y", "mo", "1 y", "101y", "1201mo", "-1mo", "1year"}) {
    INFO(text);
    CHECK_FALSE(parse_calendar_step(text));
  }
}

TEST_CASE("CPU is cores or thousandths of one") {
  CHECK(parse_cpu("250m") == 250);
  CHECK(parse_cpu("0.25") == 250);
  CHECK(parse_cpu("2") == 2'000);
  CHECK(parse_cpu("1500m") == 1'500);
  CHECK(parse_cpu("1.0m") == 1);
  for (const std::string_view text : {"", "m", "0.5m", "0.0001", "-1", "1 m", "100M", "1e3", ".5", "1u"}) {
    INFO(text);
    CHECK_FALSE(parse_cpu(text));
  }
  CHECK(cpu_to_string(250) == "250m");
  CHECK(cpu_to_string(2'000) == "2");
}

TEST_CASE("percentages and rates") {
  CHECK(parse_percent("25%") == 0.25);
  CHECK(parse_percent("-2.5%") == -0.025);
  CHECK_FALSE(parse_percent("25"));
  CHECK_FALSE(parse_percent("%"));
  CHECK_FALSE(parse_percent("2 5%"));

  const auto growth = parse_rate("3%/month");
  REQUIRE(growth);
  CHECK(growth->relative);
  CHECK(growth->amount == 0.03);
  CHECK(growth->per == RatePeriod::month);
  const auto add = parse_rate("-50/year");
  REQUIRE(add);
  CHECK_FALSE(add->relative);
  CHECK(add->amount == -50);
  CHECK(add->per == RatePeriod::year);
  for (const std::string_view text : {"3%", "3%/day", "/month", "3%/", "3%/month/year", "three%/month"}) {
    INFO(text);
    CHECK_FALSE(parse_rate(text));
  }
}

TEST_CASE("durations are written with the largest unit that divides them") {
  CHECK(to_string(Duration{0}) == "0s");
  CHECK(to_string(Duration::days(14)) == "14d");
  CHECK(to_string(Duration::hours(36)) == "36h");
  CHECK(to_string(Duration::seconds(90)) == "90s");
  CHECK(to_string(Duration{1'500}) == "1500ms");
}
