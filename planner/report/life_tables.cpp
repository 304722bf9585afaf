#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

#include "planner/report/life_lines.h"
#include "planner/report/life_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

Cell decimal(double value, int digits = 2) {
  double scaled = value;
  for (int i = 0; i < digits; ++i) scaled *= 10;
  return Decimal{std::llround(scaled), digits};
}

/// A row a line: of the cluster first, then of what is held, each family apart where there are two.
class LifeRows {
 public:
  LifeRows(const DesignLife& life, std::string heading) : life_(life), parts_(held_parts(life)) {
    table.columns = {{std::move(heading), Align::left}};
    if (!apart()) return;
    table.columns.push_back({"", Align::left});
    table.stub = 2;
    table.grouped = true;
  }

  /// @param cells_of  the cells behind the label, of a function from samples to cells
  template <typename CellsOf>
  void add_lines(CellsOf cells_of) {
    const auto add = [&](const HeldPart& part, const LifeLine& line) {
      add_row(part, line.label, cells_of([&](const Snapshot& at) { return part.cell(line, at); }));
    };
    for (const auto& line : cluster_lines()) add({}, line);
    for (const auto& part : parts_)
      for (const auto& line : held_lines(life_)) add(part, line);
  }
  void add_row(const HeldPart& part, std::string label, std::vector<Cell> cells) {
    std::vector<Cell> row{std::move(label)};
    if (apart()) row.insert(part.word.empty() ? row.end() : row.begin(), part.word);
    row.insert(row.end(), cells.begin(), cells.end());
    table.rows.push_back(std::move(row));
  }
  const std::vector<HeldPart>& parts() const { return parts_; }

  ReportTable table;

 private:
  bool apart() const { return parts_.size() > 1; }

  const DesignLife& life_;
  std::vector<HeldPart> parts_;
};

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
  LifeRows rows(life, capital(life.holdings().report.pieces) + " of " + life.result().name);
  for (const auto& heading : {std::string("start"), date(life, run.end.at), std::string("most")})
    rows.table.columns.push_back({heading});
  rows.add_lines([&](const auto& cell) -> std::vector<Cell> {
    Cell most;
    for (const auto& sample : run.samples) most = larger(most, cell(sample));
    return {cell(run.start), cell(run.end), most};
  });
  return rows.table;
}

ReportTable fill_table(const DesignLife& life, Telling telling) {
  const auto& report = life.holdings().report;
  const bool bars = telling == Telling::people;
  constexpr std::int64_t longest_bar = 30;
  LifeRows rows(life, fmt::format("{} of a {}", capital(used_word(report)), report.piece));
  rows.table.columns.push_back({std::string(report.pieces)});
  rows.table.columns.push_back({"%"});
  if (bars) rows.table.columns.push_back({"", Align::left});
  for (const auto& part : rows.parts()) {
    const auto& figures = part.of(*life.run().end.occupancy);
    const auto all = figures.pieces;
    for (std::size_t i = 0; i < fill_count; ++i) {
      const auto pieces = figures.fill[i];
      std::vector<Cell> cells{count_cell(pieces),
                              ratio_cell(static_cast<uint128>(pieces) * 100, static_cast<uint128>(all), 1)};
      const auto bar = all > 0 ? (pieces * longest_bar + all - 1) / all : 0;
      if (bars) cells.push_back(std::string(static_cast<std::size_t>(bar), '*'));
      rows.add_row(part, std::string(to_string(static_cast<Fill>(i))), std::move(cells));
    }
  }
  return rows.table;
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
    table.rows.push_back({in_words(holdings.places[i]), count_cell(figures.pieces),
                          count_cell(figures.of(Fill::full)), count_cell(figures.of(Fill::one)), figures.used,
                          figures.idle()});
  }
  return table;
}

ReportTable holdings_over_time(const DesignLife& life, Telling telling) {
  ReportTable table;
  const bool people = telling == Telling::people;
  const auto parts = held_parts(life);
  table.columns = {{people ? "Date" : "Time", Align::left}};
  if (parts.size() > 1) {
    table.columns.push_back({people ? "" : "Family", Align::left});
    table.stub = 2;
    table.grouped = true;
  }
  auto lines = cluster_lines();
  for (auto& line : held_lines(life)) lines.push_back(std::move(line));
  lines.erase(
      std::remove_if(lines.begin(), lines.end(), [](const LifeLine& line) { return !line.over_time; }),
      lines.end());
  for (const auto& line : lines) table.columns.push_back({line.heading});
  for (const auto* sample : dates_told(life, telling)) {
    for (const auto& part : parts) {
      std::vector<Cell> row{people ? Cell(life.of().calendar.date_of(sample->at))
                                   : moment(life.of().calendar, sample->at)};
      if (parts.size() > 1) row.emplace_back(part.word);
      for (const auto& line : lines) row.push_back(part.cell(line, *sample));
      table.rows.push_back(std::move(row));
    }
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
  LifeRows rows(life, "At " + date(life, life.run().end.at));
  for (const auto& variant : life.variants) rows.table.columns.push_back({variant.words});
  const auto cells_of = [&](const auto& cell) {
    std::vector<Cell> cells;
    for (const auto& variant : life.variants) cells.push_back(cell(variant.run));
    return cells;
  };
  rows.add_lines([&](const auto& cell) { return cells_of([&](const Run& run) { return cell(run.end); }); });
  const auto add = [&](std::string label, const std::function<Cell(const Run&)>& cell) {
    rows.add_row({}, std::move(label), cells_of(cell));
  };
  for (const auto& measure : life.run().end.measures) {
    if (measure.name != "routes_per_node") continue;
    add(std::string(measure.label), [&](const Run& run) -> Cell {
      for (const auto& own : run.end.measures)
        if (own.name == measure.name) return count_cell(own.value);
      return {};
    });
  }
  add("pods without address", [](const Run& run) { return count_cell(run.end.waiting); });
  add("first refusal", [&](const Run& run) {
    return run.first_refusal ? Cell(life.of().calendar.date_of(run.first_refusal->at)) : Cell{};
  });
  return rows.table;
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
    table.rows.push_back({std::string(use.action), count_cell(use.busiest_hour), date(life, use.busiest_from),
                          count_cell(use.beyond), count_cell((use.longest_wait.ms + 999) / 1'000)});
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
  const auto part = held_parts(life).front();  // one picture cannot show both families
  const auto& report = life.holdings().report;
  Chart chart;
  chart.title = fmt::format("{}ddresses in {} (upper line) and {} of them",
                            part.word.empty() ? "A" : part.word + " a", report.pieces, used_word(report));
  chart.unit = "addresses";
  chart.calendar = life.of().calendar;
  chart.from = SimTime{};
  chart.to = life.of().horizon;
  Chart::Series held{"addresses held", {}}, used{"addresses in use", {}};
  for (const auto& sample : run.samples) {
    const auto& figures = part.of(*sample.occupancy);
    held.points.push_back({sample.at, figures.addresses});
    used.points.push_back({sample.at, figures.used});
  }
  chart.series = {std::move(held), std::move(used)};
  return chart;
}

}  // namespace cidrplan
