#include "planner/report/fragmentation.h"

#include <fmt/format.h>

#include "planner/report/wording.h"

namespace cidrplan {
namespace {

bool shows(const DesignResult& result) { return result.draws_prefixes && result.ensemble.has_value(); }

ReportTable over_time(const Comparison& comparison) {
  ReportTable table;
  table.columns = {{"Design", Align::left}, {"Subnet", Align::left}, {"Date", Align::left},
                   {"Free addresses"},      {"Free /28s"},           {"Unusable"}};
  for (const auto& result : comparison.designs) {
    if (!shows(result)) continue;
    const auto& run = result.ensemble->life();
    for (std::size_t row = 0; row < run.places.size(); ++row) {
      if (run.places[row].kind != PlaceKind::subnet) continue;
      for (const auto& sample : run.samples) {
        if (row >= sample.rows.size() || sample.rows[row].usage.capacity == 0) continue;
        const auto& usage = sample.rows[row].usage;
        table.rows.push_back({result.name, run.places[row].name, comparison.of().calendar.date_of(sample.at),
                              usage.available + usage.unusable, uint128{sample.rows[row].free_prefixes},
                              usage.unusable});
      }
    }
  }
  return table;
}

ReportTable drained(const Comparison& comparison) {
  ReportTable table;
  table.columns = {{"Design", Align::left}, {"Date", Align::left}, {"Node", Align::left},
                   {"Subnet", Align::left}, {"/28s given back"},   {"Pods to place elsewhere"}};
  for (const auto& result : comparison.designs) {
    if (!shows(result)) continue;
    const auto& drains = result.ensemble->life().drains;
    for (const auto& one : drains.nodes)
      table.rows.push_back({result.name, comparison.of().calendar.date_of(drains.at), one.node, one.subnet,
                            static_cast<uint128>(one.prefixes), static_cast<uint128>(one.pods)});
  }
  return table;
}

}  // namespace

std::optional<Section> fragmentation(const Comparison& comparison) {
  Section section;
  section.title = "Fragmentation";
  auto table = over_time(comparison);
  if (table.rows.empty()) return std::nullopt;
  section.paragraphs = {
      "A prefix needs a wholly free /28; addresses free outside any serve interfaces only. Draining the "
      "nodes "
      "listed gives /28s back: more than their pods need elsewhere."};
  section.tables.push_back(std::move(table));
  if (auto nodes = drained(comparison); !nodes.rows.empty()) section.tables.push_back(std::move(nodes));
  return section;
}

}  // namespace cidrplan
