#include <algorithm>
#include <sstream>

#include "planner/report/ip_plan.h"
#include "planner/report/make_report.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"
#include "tests/report/expected_text.h"
#include "tests/report/hand_made.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;

namespace {

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, width_of(line));
  return widest;
}

std::vector<std::string> rendered_again(const Report& report) {
  return {render_table(report, {}), render_markdown(report), render_csv(report)};
}

}  // namespace

TEST_CASE("compare reads as expected at 80 and 120 columns") {
  const HandMade made;
  const auto report = make_report(made.comparison);
  const auto narrow = render_table(report, {80, false, false});
  CHECK(narrow == expected_text("report/compare-80.txt", narrow));
  CHECK(widest_line(narrow) <= 80);
  const auto wide = render_table(report, {120, true, false});
  CHECK(wide == expected_text("report/compare-120-utf8.txt", wide));
  CHECK(widest_line(wide) <= 120);
}

TEST_CASE("the other renderings carry the same figures") {
  const HandMade made;
  const auto report = make_report(made.comparison);
  const auto markdown = render_markdown(report);
  CHECK(markdown == expected_text("report/compare.md", markdown));
  const auto csv = render_csv(report);
  CHECK(csv == expected_text("report/compare.csv", csv));
  const auto json = render_json(made.comparison);
  CHECK(json == expected_text("report/compare.json", json));
  CHECK(rendered_again(report) == rendered_again(make_report(made.comparison)));
}

TEST_CASE("an IP plan and its picture read as expected") {
  const HandMade made;
  const auto plan = make_ip_plan(made.comparison);
  const auto text = render_markdown(plan);
  CHECK(text == expected_text("report/ip-plan.md", text));
  const auto chart = consumption_chart(made.comparison, true);
  REQUIRE(chart);
  const auto picture = chart_svg(*chart);
  CHECK(picture == expected_text("report/subnets.svg", picture));
}

TEST_CASE("in every block the rows add up to the capacity") {
  const HandMade made;
  const auto table = state_at_end(made.comparison);
  std::size_t blocks = 0;
  for (const std::string group : {"VPC subnets", "pod ranges"}) {
    for (std::size_t column = 2; column < table.columns.size(); ++column) {
      uint128 capacity = 0, parts = 0;
      for (const auto& row : table.rows) {
        if (plain(row[0]) != group) continue;
        const auto* count = std::get_if<uint128>(&row[column]);
        const auto label = plain(row[1]);
        if (!count || label == "held" || label == "closed form") continue;
        (label == "capacity" ? capacity : parts) += *count;
      }
      CHECK(to_string(capacity) == to_string(parts));
      blocks += capacity > 0;
    }
  }
  // VPC subnets of both designs, and the one pod range.
  CHECK(blocks == 3);
}

TEST_CASE("colour marks the verdict and nothing else") {
  const HandMade made;
  const auto report = make_report(made.comparison);
  const auto plain_text = render_table(report, {80, false, false});
  auto coloured = render_table(report, {80, false, true});
  CHECK(coloured.find("\x1b[31mno   \x1b[0m") != std::string::npos);
  CHECK(coloured.find("\x1b[32myes  \x1b[0m") != std::string::npos);
  for (const std::string code : {"\x1b[31m", "\x1b[32m", "\x1b[0m"}) {
    for (auto at = coloured.find(code); at != std::string::npos; at = coloured.find(code))
      coloured.erase(at, code.size());
  }
  CHECK(coloured == plain_text);
}

TEST_CASE("designs that do not fit the width become a second block") {
  ReportTable table;
  table.columns = {{"place", Align::left}};
  std::vector<Cell> row{std::string("nodes-a")};
  for (int i = 0; i < 7; ++i) {
    table.columns.push_back({"design-" + std::to_string(i), Align::right});
    row.emplace_back(uint128{1'000'000});
  }
  table.rows = {row};
  // 7 for the names, then 2 + 10 a column: five of them take 67 of 72 columns.
  const auto text = table_text(table, {72, false, false});
  CHECK(text ==
        "place      design-0    design-1    design-2    design-3    design-4\n"
        "nodes-a   1,000,000   1,000,000   1,000,000   1,000,000   1,000,000\n"
        "\n"
        "place      design-5    design-6\n"
        "nodes-a   1,000,000   1,000,000\n");
}

TEST_CASE("a spreadsheet cell cannot start a formula") {
  ReportTable table;
  table.columns = {{"=cmd()", Align::left}, {"n", Align::right}};
  table.rows = {{std::string("+1"), uint128{5}},
                {std::string("a \"b\", c"), Cell{}},
                {std::string("@x"), Decimal{-25, 1}}};
  CHECK(table_csv(table) == "'=cmd(),n\r\n'+1,5\r\n\"a \"\"b\"\", c\",\r\n'@x,-2.5\r\n");
}

TEST_CASE("names become neither markup nor terminal commands") {
  ReportTable table;
  table.columns = {{"a|b", Align::left}};
  table.rows = {{std::string("<b>\x1b[2J*x*")}};
  CHECK(table_markdown(table) == "| a\\|b |\n| --- |\n| \\<b\\>?\\[2J\\*x\\* |\n");
  CHECK(table_text(table, {}).find('\x1b') == std::string::npos);
}

TEST_CASE("a chart places values of any size") {
  CHECK(level(0, 100, 17) == 0);
  CHECK(level(50, 100, 17) == 8);  // 8.5, rounded down
  CHECK(level(100, 100, 17) == 17);
  const auto huge = uint128{1} << 112;
  CHECK(level(huge / 2, huge, 270) == 135);
  CHECK(level(huge, huge, 270) == 270);

  Chart chart;
  chart.title = "An IPv6 range";
  chart.from = SimTime{0};
  chart.to = SimTime{4'000'000'000};
  chart.series = {{"flat", {{SimTime{0}, 0}, {SimTime{3'999'999'999}, huge / 2}}}};
  chart.limits = {{"capacity", huge}};
  const auto text = chart_text(chart, {80, false, false});
  CHECK(text.find("2^112 |") != std::string::npos);
  CHECK(text.find("2^111 |") != std::string::npos);
  // The last point stands half way up: level 8 of 17, the upper third of the row that is labelled so.
  const auto half = text.find("2^111");
  CHECK(text.substr(half, text.find('\n', half) - half).ends_with("'"));
  const auto picture = chart_svg(chart);
  CHECK(picture.find(">capacity 2^112</text>") != std::string::npos);
}

TEST_CASE("figures are written as people write them") {
  CHECK(in_words(Cell{uint128{12'273}}) == "12,273");
  CHECK(in_words(Cell{uint128_max}) == "3.403e38");
  CHECK(plain(Cell{uint128_max}) == "340282366920938463463374607431768211455");
  // 6,129 / 4,021 = 1.5242…; 2 / 3 rounds up
  CHECK(in_words(*ratio(6129, 4021)) == "1.52");
  CHECK(in_words(*ratio(2, 3)) == "0.67");
  CHECK(in_words(*ratio(199, 100, 0)) == "2");
  CHECK_FALSE(ratio(1, 0));
  // A node range of 2^64 addresses for one pod: more than a million millions, which no table has room for.
  CHECK_FALSE(ratio(uint128{1} << 64, 1));
  CHECK(in_words(*ratio(999'999'999'999, 1)) == "999,999,999,999.00");
  CHECK_FALSE(ratio(1'000'000'000'000, 1));
  CHECK(in_words(Cell{Interval{5940, 8280}}) == "5,940-8,280");
  CHECK(in_words(Cell{Interval{180, 180}}) == "180");
  CHECK(in_words(Cell{}) == "-");
  CHECK(plain(Cell{}).empty());
}

TEST_CASE("texts are cut by columns, not by bytes") {
  CHECK(shortened("Zürich-Nord", 7) == "Züri...");
  CHECK(shortened("Zürich", 6) == "Zürich");
  CHECK(padded("ü", 3, Align::right) == "  ü");
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
}
