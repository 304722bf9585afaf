#include <algorithm>
#include <fmt/format.h>

#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

uint128 held_at(const Snapshot& snapshot, std::size_t row) {
  return row < snapshot.rows.size() ? snapshot.rows[row].usage.held() : 0;
}

Chart empty_chart(const Scenario& scenario) {
  Chart chart;
  chart.unit = "addresses";
  chart.calendar = scenario.calendar;
  chart.from = SimTime{};
  chart.to = scenario.horizon;
  return chart;
}

const Run* shown_life(const DesignResult& result) {
  return result.ensemble ? &result.ensemble->life() : nullptr;
}

const Snapshot* sample_at(const Run& run, SimTime date) {
  for (const auto& sample : run.samples) {
    if (sample.at == date) return &sample;
  }
  return nullptr;
}

Cell count(std::int64_t value) { return uint128{static_cast<std::uint64_t>(value)}; }

}  // namespace

std::optional<Chart> binding_chart(const DesignResult& result, const Scenario& scenario) {
  const auto* run = shown_life(result);
  if (!run) return std::nullopt;
  const auto row = binding_row(*run);
  if (!row) return std::nullopt;
  const auto& place = run->places[*row];
  auto chart = empty_chart(scenario);
  uint128 capacity = 0;
  Chart::Series series{result.name, {}};
  for (const auto& sample : run->samples) {
    if (*row < sample.rows.size()) capacity = std::max(capacity, sample.rows[*row].usage.capacity);
    series.points.push_back({sample.at, held_at(sample, *row)});
  }
  if (series.points.size() < 2) return std::nullopt;
  chart.title =
      fmt::format("{} {} ({} addresses), held by {}", place.kind == PlaceKind::subnet ? "Subnet" : "Range",
                  place.name, in_figures(capacity), result.name);
  chart.series.push_back(std::move(series));
  chart.limits.push_back({"capacity", capacity});
  if (run->first_refusal) {
    chart.marks.push_back(
        {run->first_refusal->at, to_string(scenario.calendar.date_of(run->first_refusal->at))});
  }
  return chart;
}

std::optional<Chart> consumption_chart(const Comparison& comparison, bool subnets) {
  auto chart = empty_chart(comparison.of());
  const bool any_ipv6 = std::any_of(comparison.designs.begin(), comparison.designs.end(),
                                    [](const auto& design) { return design.has_ranges(Family::ipv6); });
  const bool any_ipv4 = std::any_of(comparison.designs.begin(), comparison.designs.end(),
                                    [](const auto& design) { return design.has_ranges(Family::ipv4); });
  const auto family = any_ipv4 ? Family::ipv4 : Family::ipv6;  // one picture cannot show both
  chart.title = subnets     ? "Addresses held in the VPC's subnets"
                : !any_ipv6 ? "Addresses held in pod ranges"
                            : fmt::format("Addresses held in {} pod ranges", any_ipv4 ? "IPv4" : "IPv6");
  uint128 capacity = 0;
  for (const auto& design : comparison.designs) {
    const auto* run = shown_life(design);
    if (!run || run->samples.size() < 2) continue;
    Chart::Series series{design.name, {}};
    bool any = false;
    for (const auto& sample : run->samples) {
      const auto block = subnets ? subnets_of(*run, sample) : ranges_of(design, sample, family);
      any = any || block.any;
      capacity = std::max(capacity, block.usage.capacity);
      series.points.push_back({sample.at, block.usage.held()});
    }
    if (!any) continue;
    chart.series.push_back(std::move(series));
    if (run->first_refusal) {
      chart.marks.push_back(
          {run->first_refusal->at,
           design.name + " refuses " + to_string(comparison.of().calendar.date_of(run->first_refusal->at))});
    }
  }
  if (chart.series.empty()) return std::nullopt;
  // The designs' own ranges differ in size; one line for all of them would belong to none.
  if (subnets) chart.limits.push_back({"capacity", capacity});
  return chart;
}

ReportTable growth_table(const Comparison& comparison) {
  ReportTable table;
  table.stub = 2;
  table.grouped = true;
  table.columns = {{"Date", Align::left}, {"", Align::left}};
  for (const auto& design : comparison.designs) table.columns.push_back({design.name, Align::right});

  std::vector<SimTime> dates;
  for (const auto& design : comparison.designs) {
    if (const auto* run = shown_life(design)) {
      for (const auto& sample : run->samples) dates.push_back(sample.at);
    }
  }
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());

  using CellOf = Cell (*)(const Run&, const Snapshot&);
  const std::pair<const char*, CellOf> rows[] = {
      {"nodes", [](const Run&, const Snapshot& at) { return count(at.nodes); }},
      {"pods with address", [](const Run&, const Snapshot& at) { return count(at.pods_with_address); }},
      {"pods without address", [](const Run&, const Snapshot& at) { return count(at.waiting); }},
      {"held in subnets",
       [](const Run& run, const Snapshot& at) {
         const auto block = subnets_of(run, at);
         return block.any ? Cell(block.usage.held()) : Cell{};
       }},
      {"held in pod ranges",
       [](const Run& run, const Snapshot& at) {
         const auto block = ranges_of(run, at);
         return block.any ? Cell(block.usage.held()) : Cell{};
       }},
  };
  for (const auto date : dates) {
    for (const auto& [label, cell] : rows) {
      std::vector<Cell> row{comparison.of().calendar.date_of(date), std::string(label)};
      for (const auto& design : comparison.designs) {
        const auto* run = shown_life(design);
        const auto* at = run ? sample_at(*run, date) : nullptr;
        row.push_back(at ? cell(*run, *at) : Cell{});
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace cidrplan
