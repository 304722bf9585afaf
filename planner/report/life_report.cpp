#include "planner/report/life_report.h"

#include <fmt/format.h>

#include "planner/report/block_map.h"
#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

Section of_table(ReportTable table) {
  Section section;
  section.tables.push_back(std::move(table));
  return section;
}

/// "2h 5m", "20d": two units at most.
std::string in_words(Duration duration) {
  static constexpr std::pair<std::int64_t, const char*> units[] = {
      {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1'000, "s"}};
  std::string text;
  auto rest = duration.ms;
  int parts = 0;
  for (const auto& [size, sign] : units) {
    if (parts == 2 || (rest < size && parts == 0)) continue;
    if (++parts; rest >= size) text += fmt::format("{}{}{}", text.empty() ? "" : " ", rest / size, sign);
    rest %= size;
  }
  return text.empty() ? "less than 1s" : text;
}

void add_long_run(const DesignLife& life, Report& report) {
  if (life.theory_void)
    report.sections.emplace_back().paragraphs.push_back(
        "Theory is left out: it gives each node the room it asks for, and here pods borrow from other nodes "
        "or have no address.");
  auto table = long_run_table(life);
  if (!table) return;
  const auto& steady = *life.steady;
  auto text = fmt::format(
      "Averages over the nodes from {} on, {} sample{}: {} pods a node, each at its address for {}.",
      to_string(life.of().calendar.date_of(steady.from)), steady.samples, steady.samples == 1 ? "" : "s",
      cidrplan::in_words(Decimal{static_cast<std::int64_t>(steady.pods * 100 + 0.5), 2}),
      steady.stay ? in_words(*steady.stay) : "ever");
  for (const auto& note : life.long_run->notes) text += ' ' + note;
  report.sections.emplace_back().paragraphs.push_back(std::move(text));
  report.sections.push_back(of_table(std::move(*table)));
}

}  // namespace

Report make_life_report(const DesignLife& life, Telling telling, const std::string& map_file) {
  const auto& scenario = life.of();
  auto report = make_report(life.comparison);  // title, span, verdict, and what was assumed
  report.sections.clear();

  report.sections.push_back(of_table(holdings_table(life)));
  report.sections.push_back(of_table(fill_table(life, telling)));
  if (auto table = ranges_table(life)) report.sections.push_back(of_table(std::move(*table)));
  report.sections.push_back(of_table(holdings_over_time(life, telling)));
  if (auto chart = holdings_chart(life)) {
    report.sections.emplace_back();
    report.sections.back().charts.push_back(std::move(*chart));
  }
  add_long_run(life, report);
  if (auto table = api_calls_table(life)) report.sections.push_back(of_table(std::move(*table)));
  if (auto table = variants_table(life)) report.sections.push_back(of_table(std::move(*table)));
  const auto& holdings = life.holdings();
  if (auto map = block_map(holdings,
                           fmt::format("{} of {} on {}", capital(holdings.report.pieces), life.result().name,
                                       to_string(scenario.calendar.date_of(life.run().end.at))))) {
    map->file = map_file;
    report.sections.emplace_back();
    report.sections.back().maps.push_back(std::move(*map));
  }
  if (telling == Telling::machines) report.sections.push_back(of_table(pieces_table(life)));
  return report;
}

}  // namespace cidrplan
