#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

#include "planner/report/life_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

Cell count(std::int64_t value) {
  return uint128{static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0))};
}
Cell decimal(double value, int digits = 2) {
  double scaled = value;
  for (int i = 0; i < digits; ++i) scaled *= 10;
  return Decimal{std::llround(scaled), digits};
}
Cell ratio_cell(uint128 a, uint128 b, int digits = 2) {
  const auto share = ratio(a, b, digits);
  return share ? Cell(*share) : Cell{};
}
/// Nobody knows of a /28 whether its addresses are in use; they are taken.
std::string used_word(const OccupancyReport& report) { return report.owned ? "in use" : "taken"; }

/// What is told of a sample, in this order.
struct Line {
  std::string label;
  std::string heading;  ///< where it is a column
  std::function<Cell(const Snapshot&)> cell;
  bool over_time = true;
};

bool ever(const Run& run, const std::function<bool(const OccupancyFigures&)>& shows) {
  return std::any_of(run.samples.begin(), run.samples.end(),
                     [&](const Snapshot& sample) { return sample.occupancy && shows(*sample.occupancy); });
}

/// Pieces that belong to a node.
uint128 owned(const OccupancyFigures& figures) {
  uint128 pieces = 0;
  for (std::size_t k = 0; k < figures.nodes_with.size(); ++k)
    pieces += k * static_cast<uint128>(figures.nodes_with[k]);
  return pieces;
}

std::vector<Line> lines_of(const DesignLife& life) {
  const auto& report = life.holdings().report;
  const std::string pieces(report.pieces);
  const auto figure = [](auto get) {
    return [get](const Snapshot& sample) { return sample.occupancy ? get(*sample.occupancy) : Cell{}; };
  };
  using F = OccupancyFigures;
  std::vector<Line> lines{
      {"nodes", "nodes", [](const Snapshot& at) { return count(at.nodes); }, false},
      {"pods with address", "pods", [](const Snapshot& at) { return count(at.pods_with_address); }},
      {pieces + " held", pieces, figure([](const F& f) { return count(f.pieces); })}};
  if (report.owned) {
    lines.push_back({"held by a node, on average", "a node",
                     [](const Snapshot& at) {
                       return at.occupancy ? ratio_cell(owned(*at.occupancy), static_cast<uint128>(at.nodes))
                                           : Cell{};
                     },
                     false});
  }
  lines.push_back({"full", "full", figure([](const F& f) { return count(f.of(Fill::full)); })});
  lines.push_back(
      {"pinned by one address", "pinned", figure([](const F& f) { return count(f.of(Fill::one)); })});
  lines.push_back({"empty", "empty", figure([](const F& f) { return count(f.of(Fill::empty)); })});
  if (report.collected)
    lines.push_back(
        {"of them waiting for collection", "waiting", figure([](const F& f) { return count(f.waiting); })});
  lines.push_back(
      {"addresses in " + pieces, "addresses", figure([](const F& f) { return Cell(f.addresses); })});
  lines.push_back({used_word(report), used_word(report), figure([](const F& f) { return Cell(f.used); })});
  if (ever(life.run(), [](const F& f) { return f.borrowed > 0; }))
    lines.push_back({"borrowed", "borrowed", figure([](const F& f) { return Cell(f.borrowed); })});
  if (ever(life.run(), [](const F& f) { return f.kept > 0; }))
    lines.push_back({"of no use to pods", "no use", figure([](const F& f) { return Cell(f.kept); }), false});
  lines.push_back({report.owned ? "idle" : "free", report.owned ? "idle" : "free",
                   figure([](const F& f) { return Cell(f.idle()); })});
  lines.push_back({"held per address " + used_word(report), "per used",
                   figure([](const F& f) { return ratio_cell(f.addresses, f.used); })});
  return lines;
}

/// The larger of two cells of one kind; none is smallest.
Cell larger(const Cell& a, const Cell& b) {
  if (const auto* x = std::get_if<uint128>(&a), *y = std::get_if<uint128>(&b); x && y)
    return std::max(*x, *y);
  if (const auto* x = std::get_if<Decimal>(&a), *y = std::get_if<Decimal>(&b); x && y)
    return x->value < y->value ? b : a;
  return std::holds_alternative<std::monostate>(a) ? b : a;
}

std::string date(const DesignLife& life, SimTime at) { return to_string(life.of().calendar.date_of(at)); }

/// For people at most a dozen, a day's first one only, the first and the last among them.
std::vector<const Snapshot*> dates_told(const DesignLife& life, Telling telling) {
  constexpr std::size_t told = 13;
  const auto& samples = life.run().samples;
  std::vector<const Snapshot*> result;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto last = samples.size() - 1;
    const bool all = telling == Telling::machines || samples.size() <= told;
    const bool same_day = telling == Telling::people && !result.empty() &&
                          date(life, result.back()->at) == date(life, samples[i].at);
    if (same_day && i < last) continue;
    if (same_day && result.size() > 1) result.pop_back();
    // The i-th is told where a twelfth of the way begins with it.
    if (all || i == last || (i * (told - 1) + last - 1) / last != ((i + 1) * (told - 1) + last - 1) / last)
      result.push_back(&samples[i]);
  }
  return result;
}

}  // namespace

ReportTable holdings_table(const DesignLife& life) {
  const auto& run = life.run();
  ReportTable table;
  table.columns = {{capital(life.holdings().report.pieces) + " of " + life.result().name, Align::left},
                   {"start"},
                   {date(life, run.end.at)},
                   {"most"}};
  for (const auto& line : lines_of(life)) {
    Cell most;
    for (const auto& sample : run.samples) most = larger(most, line.cell(sample));
    table.rows.push_back({line.label, line.cell(run.start), line.cell(run.end), most});
  }
  return table;
}

ReportTable fill_table(const DesignLife& life, Telling telling) {
  const auto& figures = *life.run().end.occupancy;
  const auto& report = life.holdings().report;
  ReportTable table;
  table.columns = {{fmt::format("{} of a {}", capital(used_word(report)), report.piece), Align::left},
                   {std::string(report.pieces)},
                   {"%"}};
  const bool bars = telling == Telling::people;
  if (bars) table.columns.push_back({"", Align::left});
  constexpr std::int64_t longest_bar = 32;
  for (std::size_t i = 0; i < fill_count; ++i) {
    const auto pieces = figures.fill[i];
    table.rows.push_back(
        {std::string(to_string(static_cast<Fill>(i))), count(pieces),
         ratio_cell(static_cast<uint128>(pieces) * 100, static_cast<uint128>(figures.pieces), 1)});
    if (!bars) continue;
    const auto bar = figures.pieces > 0 ? (pieces * longest_bar + figures.pieces - 1) / figures.pieces : 0;
    table.rows.back().push_back(std::string(static_cast<std::size_t>(bar), '*'));
  }
  return table;
}

std::optional<ReportTable> ranges_table(const DesignLife& life) {
  const auto& holdings = life.holdings();
  const auto& report = holdings.report;
  const auto held = std::count_if(report.ranges.begin(), report.ranges.end(),
                                  [](const HeldRange& range) { return !range.holdings.empty(); });
  if (held < 2) return std::nullopt;
  ReportTable table;
  table.columns = {{"At " + date(life, life.run().end.at), Align::left},
                   {std::string(report.pieces)},
                   {"full"},
                   {"pinned"},
                   {used_word(report)},
                   {report.owned ? "idle" : "free"}};
  for (std::size_t i = 0; i < report.ranges.size(); ++i) {
    if (report.ranges[i].holdings.empty()) continue;
    OccupancyReport alone;
    alone.ranges.push_back(report.ranges[i]);
    const auto figures = figures_of(alone);
    table.rows.push_back({in_words(holdings.places[i]), count(figures.pieces), count(figures.of(Fill::full)),
                          count(figures.of(Fill::one)), figures.used, figures.idle()});
  }
  return table;
}

ReportTable holdings_over_time(const DesignLife& life, Telling telling) {
  ReportTable table;
  const bool people = telling == Telling::people;
  table.columns = {{people ? "Date" : "Time", Align::left}};
  auto lines = lines_of(life);
  lines.erase(std::remove_if(lines.begin(), lines.end(), [](const Line& line) { return !line.over_time; }),
              lines.end());
  for (const auto& line : lines) table.columns.push_back({line.heading});
  for (const auto* sample : dates_told(life, telling)) {
    std::vector<Cell> row{people ? Cell(life.of().calendar.date_of(sample->at))
                                 : moment(life.of().calendar, sample->at)};
    for (const auto& line : lines) row.push_back(line.cell(*sample));
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::optional<ReportTable> long_run_table(const DesignLife& life) {
  if (!life.steady || !life.long_run) return std::nullopt;
  const auto& seen = *life.steady;
  const auto& theory = *life.long_run;
  const std::string pieces(life.holdings().report.pieces);
  ReportTable table;
  table.columns = {{"One node, on average", Align::left}, {"simulated"}, {"in theory"}};
  const auto add = [&](std::string label, double simulated, double in_theory) {
    table.rows.push_back({std::move(label), decimal(simulated, 3), decimal(in_theory, 3)});
  };
  add(pieces + " held", seen.pieces, theory.pieces);
  for (std::size_t i = 0; i < fill_count; ++i)
    add("  " + std::string(to_string(static_cast<Fill>(i))), seen.fill[i], theory.fill[i]);
  add("waiting for collection", seen.waiting, theory.waiting);
  add("addresses in use", seen.used, theory.used);
  add("idle addresses", seen.idle, theory.idle);
  for (std::size_t k = 0; k < std::max(seen.held.size(), theory.held.size()); ++k) {
    const double simulated = k < seen.held.size() ? seen.held[k] : 0;
    const double in_theory = k < theory.held.size() ? theory.held[k] : 0;
    if (std::max(simulated, in_theory) < 0.0005) continue;
    add(fmt::format("share of time with {} {}", k, k == 1 ? life.holdings().report.piece : pieces), simulated,
        in_theory);
  }
  return table;
}

std::optional<ReportTable> variants_table(const DesignLife& life) {
  if (life.variants.empty()) return std::nullopt;
  ReportTable table;
  table.columns = {{"At " + date(life, life.run().end.at), Align::left}};
  for (const auto& variant : life.variants) table.columns.push_back({variant.words});
  for (const auto& line : lines_of(life)) {
    std::vector<Cell> row{line.label};
    for (const auto& variant : life.variants) row.push_back(line.cell(variant.run.end));
    table.rows.push_back(std::move(row));
  }
  const auto add = [&](std::string label, const std::function<Cell(const Run&)>& cell) {
    std::vector<Cell> row{std::move(label)};
    for (const auto& variant : life.variants) row.push_back(cell(variant.run));
    table.rows.push_back(std::move(row));
  };
  for (const auto& measure : life.run().end.measures) {
    if (measure.name != "routes_per_node") continue;
    add(std::string(measure.label), [&](const Run& run) -> Cell {
      for (const auto& own : run.end.measures)
        if (own.name == measure.name) return count(own.value);
      return {};
    });
  }
  add("pods without address", [](const Run& run) { return count(run.end.waiting); });
  add("first refusal", [&](const Run& run) {
    return run.first_refusal ? Cell(life.of().calendar.date_of(run.first_refusal->at)) : Cell{};
  });
  return table;
}

std::optional<ReportTable> api_calls_table(const DesignLife& life) {
  if (life.run().api_use.empty()) return std::nullopt;
  ReportTable table;
  table.columns = {{"Most EC2 calls of " + life.result().name, Align::left},
                   {"in an hour"},
                   {"from"},
                   {"throttled"},
                   {"wait, s"}};
  for (const auto& use : life.run().api_use)
    table.rows.push_back({std::string(use.action), count(use.busiest_hour), date(life, use.busiest_from),
                          count(use.beyond), count((use.longest_wait.ms + 999) / 1'000)});
  return table;
}

ReportTable pieces_table(const DesignLife& life) {
  const auto& holdings = life.holdings();
  ReportTable table;
  table.columns = {
      {"range", Align::left}, {"piece", Align::left},  {"node", Align::left}, {"addresses"}, {"used"},
      {"borrowed"},           {"waiting", Align::left}};
  for (std::size_t i = 0; i < holdings.report.ranges.size(); ++i) {
    const auto& range = holdings.report.ranges[i];
    for (const auto& holding : range.holdings) {
      const auto owner = holdings.owners.find(holding.owner);
      table.rows.push_back({holdings.places[i].name,
                            range.cidr.child(range.piece_length, holding.number).to_string(),
                            owner == holdings.owners.end() ? Cell{} : Cell(owner->second), range.piece_size(),
                            holding.used, holding.borrowed, std::string(holding.waiting ? "yes" : "no")});
    }
  }
  return table;
}

std::optional<Chart> holdings_chart(const DesignLife& life) {
  const auto& run = life.run();
  if (run.samples.size() < 2) return std::nullopt;
  Chart chart;
  chart.title = fmt::format("Addresses in {} (upper line) and {} of them", life.holdings().report.pieces,
                            used_word(life.holdings().report));
  chart.unit = "addresses";
  chart.calendar = life.of().calendar;
  chart.from = SimTime{};
  chart.to = life.of().horizon;
  Chart::Series held{"addresses held", {}}, used{"addresses in use", {}};
  for (const auto& sample : run.samples) {
    held.points.push_back({sample.at, sample.occupancy->addresses});
    used.points.push_back({sample.at, sample.occupancy->used});
  }
  chart.series = {std::move(held), std::move(used)};
  return chart;
}

}  // namespace cidrplan
