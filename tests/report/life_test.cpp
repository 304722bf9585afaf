#include <sstream>

#include "planner/report/block_map.h"
#include "planner/report/life_report.h"
#include "planner/report/render.h"
#include "planner/report/wording.h"
#include "tests/report/expected_text.h"
#include "tests/report/hand_made_life.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::testing;

namespace {

bool fits(const std::string& text, std::size_t width) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (width_of(line) > width) return false;
  return !text.empty();
}

Holdings of(const char* cidr, int piece_length, std::vector<Holding> held) {
  Holdings holdings;
  holdings.report.piece = "block";
  holdings.report.pieces = "blocks";
  holdings.report.ranges.push_back(
      {{PlaceKind::pool, 0}, *Prefix::parse(cidr), piece_length, std::move(held)});
  holdings.places = {{PlaceKind::pool, cidr, ""}};
  return holdings;
}

Holding with(uint128 number, uint128 used) { return {number, used, 0, 0, 0, false}; }

std::string text_of(const Holdings& holdings) { return map_text(*block_map(holdings, "Map"), {}); }

}  // namespace

TEST_CASE("one design's life reads as expected at 80 and 120 columns") {
  const HandMadeLife made;
  const auto report = make_life_report(made.life, Telling::people);
  const auto narrow = render_table(report, {80, false, false});
  CHECK(narrow == expected_text("report/life-80.txt", narrow));
  CHECK(fits(narrow, 80));
  const auto wide = render_table(report, {120, true, false});
  CHECK(wide == expected_text("report/life-120-utf8.txt", wide));
  CHECK(fits(wide, 120));
}

TEST_CASE("the other renderings of a life carry the same figures") {
  const HandMadeLife made;
  const auto markdown = render_markdown(make_life_report(made.life, Telling::people, "blocks.svg"));
  CHECK(markdown == expected_text("report/life.md", markdown));
  CHECK(markdown.find("![Blocks of calico-28 on 2027-12-31](blocks.svg)") != std::string::npos);
  const auto csv = render_csv(make_life_report(made.life, Telling::machines));
  CHECK(csv == expected_text("report/life.csv", csv));
  const auto json = render_life_json(made.life);
  CHECK(json == expected_text("report/life.json", json));
}

TEST_CASE("several ranges have a row each, one has none") {
  HandMadeLife made;
  CHECK_FALSE(ranges_table(made.life));
  auto& holdings = *made.life.comparison.designs[0].ensemble->runs[0].holdings;
  holdings.report.ranges.push_back(
      {{PlaceKind::pool, 1}, *Prefix::parse("fd00::/112"), 124, {with(0, 16), with(5, 1), with(7, 0)}});
  holdings.places.push_back({PlaceKind::pool, "six", ""});
  const auto table = ranges_table(made.life);
  REQUIRE(table);
  REQUIRE(table->rows.size() == 2);
  std::string row;
  for (const auto& cell : table->rows[1]) row += plain(cell) + " ";
  CHECK(row == "six 3 1 1 17 31 ");
}

namespace {

std::string row_of(const ReportTable& table, std::size_t row) {
  std::string text;
  for (const auto& cell : table.rows.at(row)) text += in_words(cell) + "|";
  return text;
}

}  // namespace

TEST_CASE("a life of both families tells each by itself") {
  HandMadeLife made;
  made.hold_ipv6_too();

  const auto held = holdings_table(made.life);
  REQUIRE(held.rows.size() == 2 + 2 * 11);
  CHECK(row_of(held, 0) == "nodes||2|2|2|");
  CHECK(row_of(held, 2) == "IPv4|blocks held|3|7|7|");
  CHECK(row_of(held, 8) == "IPv4|addresses in blocks|48|112|112|");
  CHECK(row_of(held, 13) == "IPv6|blocks held|1|1|1|");
  CHECK(row_of(held, 14) == "IPv6|held by a node, on average|0.50|0.50|0.50|");
  CHECK(row_of(held, 19) == "IPv6|addresses in blocks|2^64|2^64|2^64|");
  CHECK(row_of(held, 20) == "IPv6|in use|40|40|40|");
  CHECK(row_of(held, 23) == "IPv6|held per address in use|-|-|-|");

  const auto fill = fill_table(made.life, Telling::machines);
  REQUIRE(fill.rows.size() == 2 * 6);
  CHECK(row_of(fill, 5) == "IPv4|full|1|14.3|");
  CHECK(row_of(fill, 8) == "IPv6|up to 1/3|1|100.0|");

  const auto over_time = holdings_over_time(made.life, Telling::people);
  REQUIRE(over_time.rows.size() == 2 * 3);
  CHECK(row_of(over_time, 0) == "2027-01-01|IPv4|30|3|1|0|0|0|48|30|0|18|1.60|");
  CHECK(row_of(over_time, 1) == "2027-01-01|IPv6|30|1|0|0|0|0|2^64|40|0|1.845e19|-|");

  const auto variants = variants_table(made.life);
  REQUIRE(variants);
  CHECK(row_of(*variants, 2) == "IPv4|blocks held|7|7|");
  CHECK(row_of(*variants, 13) == "IPv6|blocks held|1|1|");
  CHECK(row_of(*variants, variants->rows.size() - 1) == "first refusal||2027-06-01|-|");

  const auto chart = holdings_chart(made.life);
  REQUIRE(chart);
  CHECK(chart->title == "IPv4 addresses in blocks (upper line) and in use of them");
  CHECK(chart->series[0].points.back().value == 112);
}

TEST_CASE("where nodes do not get the room they want, theory is left out and that is said") {
  HandMadeLife made;
  auto run = made.life.run();
  for (auto& sample : run.samples) {
    sample.waiting = 0;
    sample.occupancy->borrowed = 0;
  }
  const auto horizon = made.made.scenario.horizon;
  CHECK_FALSE(steady_state_of(run, horizon)->short_of_room);
  run.samples.back().occupancy->borrowed = 1;
  CHECK(steady_state_of(run, horizon)->short_of_room);
  run.samples.back().occupancy->borrowed = 0;
  run.samples.back().waiting = 1;
  CHECK(steady_state_of(run, horizon)->short_of_room);

  made.life.long_run.reset();
  made.life.theory_void = true;
  const auto text = render_table(make_life_report(made.life, Telling::people), {80, false, false});
  CHECK(text.find("Theory is left out: it gives each node the room it asks for") != std::string::npos);
  CHECK(text.find("in theory") == std::string::npos);
}

TEST_CASE("the map of blocks as a picture") {
  const HandMadeLife made;
  const auto map = block_map(made.life.holdings(), "Blocks of <calico> & co");
  REQUIRE(map);
  const auto picture = map_svg(*map);
  CHECK(picture == expected_text("report/blocks.svg", picture));
  CHECK(picture.find("Blocks of &lt;calico&gt; &amp; co") != std::string::npos);
}

TEST_CASE("a map has a cell for each piece, and says where a cell is more") {
  CHECK(text_of(of("10.0.0.0/26", 28, {with(1, 16), with(3, 1)})) ==
        "Map\n"
        ". free, 1 one address, # full\n"
        "10.0.0.0/26: a cell is a /28\n"
        "10.0.0.0 .#.1\n");
  // 4,096 pieces: two a cell, as 32 rows of 64 cells are the most. Piece 4,095 is in the last cell, the last
  // row's first of 128 is 3,968 = 0xf80, at 10.0.248.0. 30 rows in between are free.
  CHECK(text_of(of("10.0.0.0/16", 28, {with(0, 16), with(1, 16), with(2, 16), with(4095, 0)})) ==
        "Map\n"
        ". free, 0 empty, = up to 2/3, # full\n"
        "10.0.0.0/16: a cell is 2 /28\n"
        "10.0.0.0   #" +
            std::string("=") + std::string(62, '.') + "\n           (30 rows free)\n10.0.248.0 " +
            std::string(63, '.') + "0\n");
}

TEST_CASE("a map of what nobody can count has as many cells as one of 1,024 pieces") {
  const auto map = block_map(of("fd00::/8", 122, {with(0, 64), with(uint128{1} << 113, 64)}), "Map");
  REQUIRE(map);
  REQUIRE(map->strips.size() == 1);
  CHECK(map->strips[0].rows.size() == 32);
  CHECK(map->strips[0].rows[0].cells.size() == 32);
  CHECK(map->strips[0].rows[16].label == "fd80::");
  // A full piece in a cell of 2^104 leaves it as good as empty, yet one address more than none.
  CHECK(map->strips[0].rows[16].cells[0] == BlockMap::Shade::third);
}

TEST_CASE("there is no map of nothing, and at most a dozen ranges are drawn") {
  CHECK_FALSE(block_map(of("10.0.0.0/24", 28, {}), "Map"));
  auto many = of("10.0.0.0/24", 28, {with(0, 1)});
  for (int i = 0; i < 14; ++i) {
    many.report.ranges.push_back(many.report.ranges[0]);
    many.places.push_back(many.places[0]);
  }
  const auto map = block_map(many, "Map");
  REQUIRE(map);
  REQUIRE(map->strips.size() == 13);
  CHECK(map->strips.back().title == "and 3 further ranges");
}

TEST_CASE("averages of a node over the last quarter") {
  const HandMadeLife made;
  // The last quarter of 2027 has one sample: two nodes, 7 blocks, of which beta owns 4 and alpha 2.
  const auto steady = steady_state_of(made.life.run(), made.made.scenario.horizon);
  REQUIRE(steady);
  CHECK(steady->samples == 1);
  CHECK(steady->nodes == 2);
  CHECK(steady->pods == 25);
  CHECK(steady->pieces == 3.5);
  CHECK(steady->waiting == 0.5);
  CHECK(steady->used == 25);
  CHECK(steady->idle == 31);
  CHECK(steady->of(Fill::full) == 0.5);
  CHECK(steady->held == std::vector<double>{0, 0, 0.5, 0, 0.5});
  CHECK_FALSE(steady->stay);

  auto run = made.life.run();
  // Between June and the end 20 pods more are there, and 120 started: 100 ended. 40 there on average.
  const SimTime june = run.samples[1].at;
  run.samples.back().pods_started = 120;
  const auto half = steady_state_of(run, SimTime{june.ms / 3 * 4});
  REQUIRE(half);
  CHECK(half->samples == 2);
  REQUIRE(half->stay);
  CHECK(half->stay->ms == ((run.samples.back().at.ms - june.ms) * 40 + 50) / 100);
  for (auto& sample : run.samples) sample.occupancy.reset();
  CHECK_FALSE(steady_state_of(run, made.made.scenario.horizon));
}
