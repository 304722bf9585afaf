#include <algorithm>
#include <functional>

#include "planner/report/make_report.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

using CellOf = std::function<Cell(const DesignResult&)>;

/// Adds rows to the table, a cell for each design.
class Rows {
 public:
  Rows(const Comparison& comparison, ReportTable& table) : comparison_(comparison), table_(table) {}

  void add(std::string group, std::string label, const CellOf& cell) {
    std::vector<Cell> row{std::move(group), std::move(label)};
    for (const auto& design : comparison_.designs) row.push_back(cell(design));
    table_.rows.push_back(std::move(row));
  }
  /// Only where some design has more than nothing to show.
  void add_unless_empty(std::string group, std::string label, const CellOf& cell) {
    add(std::move(group), std::move(label), cell);
    const auto& row = table_.rows.back();
    const bool shows = std::any_of(row.begin() + 2, row.end(), [](const Cell& held) {
      const auto* count = std::get_if<uint128>(&held);
      return count ? *count != 0 : !std::holds_alternative<std::monostate>(held);
    });
    if (!shows) table_.rows.pop_back();
  }

 private:
  const Comparison& comparison_;
  ReportTable& table_;
};

struct BlockKind {
  std::string name;
  std::function<Block(const DesignResult&, const Snapshot&)> sum;
  std::optional<Interval ClosedForm::*> closed;  ///< none: not known of this part alone
};

const BlockKind& subnet_block() {
  static const BlockKind kind{
      "VPC subnets",
      [](const DesignResult& result, const Snapshot& at) { return subnets_of(result.ensemble->life(), at); },
      &ClosedForm::subnets};
  return kind;
}
const BlockKind& range_block() {
  static const BlockKind kind{
      "pod ranges",
      [](const DesignResult& result, const Snapshot& at) { return ranges_of(result.ensemble->life(), at); },
      &ClosedForm::ranges};
  return kind;
}
BlockKind range_block(Family family) {
  return {family == Family::ipv4 ? "pod ranges, IPv4" : "pod ranges, IPv6",
          [family](const DesignResult& result, const Snapshot& at) { return ranges_of(result, at, family); },
          std::nullopt};
}

Cell count(std::int64_t value) { return uint128{static_cast<std::uint64_t>(value)}; }

std::optional<Block> block_of(const DesignResult& result, const BlockKind& kind) {
  if (!result.ensemble) return std::nullopt;
  auto block = kind.sum(result, result.ensemble->life().end);
  return block.any ? std::optional(block) : std::nullopt;
}

CellOf measure_of(const BlockKind& kind, uint128 Usage::*part) {
  return [kind, part](const DesignResult& result) -> Cell {
    const auto block = block_of(result, kind);
    return block ? Cell(block->usage.*part) : Cell{};
  };
}

void add_held(const BlockKind& kind, Rows& rows) {
  rows.add(kind.name, "held", [kind](const DesignResult& result) -> Cell {
    const auto block = block_of(result, kind);
    return block ? Cell(block->usage.held()) : Cell{};
  });
  if (!kind.closed) return;
  rows.add(kind.name, "closed form", [kind](const DesignResult& result) -> Cell {
    return block_of(result, kind) ? Cell(result.closed_end.*(*kind.closed)) : Cell{};
  });
}

void add_block(const BlockKind& kind, Rows& rows) {
  rows.add(kind.name, "capacity", measure_of(kind, &Usage::capacity));
  rows.add(kind.name, "in use", measure_of(kind, &Usage::in_use));
  rows.add(kind.name, "overhead", measure_of(kind, &Usage::overhead));
  rows.add(kind.name, "idle", measure_of(kind, &Usage::idle));
  rows.add_unless_empty(kind.name, "cooling", measure_of(kind, &Usage::cooling));
  rows.add_unless_empty(kind.name, "unusable", measure_of(kind, &Usage::unusable));
  rows.add(kind.name, "available", measure_of(kind, &Usage::available));
  rows.add_unless_empty(kind.name, "free /28s", [kind](const DesignResult& result) -> Cell {
    const auto block = result.draws_prefixes ? block_of(result, kind) : std::nullopt;
    return block ? Cell(uint128{block->free_prefixes}) : Cell{};
  });
  add_held(kind, rows);
}

/// In the order in which the designs name them.
std::vector<Measure> all_measures(const Comparison& comparison) {
  std::vector<Measure> measures;
  for (const auto& design : comparison.designs) {
    if (!design.ensemble) continue;
    for (const auto& measure : design.ensemble->life().end.measures) {
      const auto same = [&](const Measure& other) { return other.name == measure.name; };
      if (std::none_of(measures.begin(), measures.end(), same)) measures.push_back(measure);
    }
  }
  return measures;
}

/// Of IPv4 addresses: of the others there are always enough.
Cell held_per_pod(const DesignResult& result) {
  if (!result.ensemble) return {};
  if (!result.ranges.empty() && !result.has_ranges(Family::ipv4)) return {};
  const auto& end = result.ensemble->life().end;
  const auto held = end.held() - ranges_of(result, end, Family::ipv6).usage.held();
  const auto share = ratio(held, static_cast<uint128>(std::max<std::int64_t>(0, end.pods_with_address)));
  return share ? Cell(*share) : Cell{};
}

CellOf at_end(Cell (*cell)(const Snapshot&)) {
  return [cell](const DesignResult& result) -> Cell {
    return result.ensemble ? cell(result.ensemble->life().end) : Cell{};
  };
}

void add_measures(const Comparison& comparison, Rows& rows) {
  for (const auto& measure : all_measures(comparison)) {
    rows.add(std::string(measure.label), "", [name = measure.name](const DesignResult& result) -> Cell {
      if (!result.ensemble) return {};
      for (const auto& own : result.ensemble->life().end.measures) {
        if (own.name == name) return count(own.value);
      }
      return {};
    });
  }
}

void add_cluster(const Comparison& comparison, Rows& rows) {
  rows.add("held per pod with address", "", held_per_pod);
  rows.add("nodes", "", at_end([](const Snapshot& end) { return count(end.nodes); }));
  rows.add_unless_empty("borrowed addresses", "", [](const DesignResult& result) -> Cell {
    if (!result.ensemble) return {};
    const auto& run = result.ensemble->life();
    return ranges_of(run, run.end).borrowed;
  });
  add_measures(comparison, rows);
  rows.add("pods with address", "", at_end([](const Snapshot& end) { return count(end.pods_with_address); }));
  rows.add("pods without address", "", at_end([](const Snapshot& end) { return count(end.waiting); }));
  rows.add_unless_empty("refused since the start", "",
                        at_end([](const Snapshot& end) { return count(end.refused); }));
  rows.add_unless_empty("delayed since the start", "",
                        at_end([](const Snapshot& end) { return count(end.delayed); }));
}

void add_closed_form(const Comparison& comparison, Rows& rows) {
  const auto& scenario = comparison.of();
  if (!scenario.subnets.empty()) {
    rows.add("VPC subnets", "capacity", [&](const DesignResult&) -> Cell {
      uint128 sum = 0;
      for (const auto& subnet : scenario.subnets) sum += static_cast<uint128>(subnet.capacity());
      return sum;
    });
    rows.add("VPC subnets", "held",
             [](const DesignResult& result) -> Cell { return result.closed_end.subnets; });
  }
  rows.add_unless_empty("pod ranges", "addresses", [](const DesignResult& result) -> Cell {
    if (result.ranges.empty()) return {};
    uint128 sum = 0;
    for (const auto& range : result.ranges) sum = saturating_add(sum, range.cidr.size());
    return sum;
  });
  rows.add_unless_empty("pod ranges", "held", [](const DesignResult& result) -> Cell {
    return result.ranges.empty() ? Cell{} : Cell(result.closed_end.ranges);
  });
}

}  // namespace

ReportTable state_at_end(const Comparison& comparison) {
  const auto& scenario = comparison.of();
  ReportTable table;
  table.stub = 2;
  table.grouped = true;
  const auto last = scenario.calendar.date_of(SimTime{scenario.horizon.ms - 1});
  table.columns = {{"At " + to_string(last), Align::left}, {"", Align::left}};
  for (const auto& design : comparison.designs) table.columns.push_back({design.name, Align::right});
  Rows rows(comparison, table);
  const bool simulated = !comparison.designs.empty() && comparison.designs.front().ensemble.has_value();
  if (!simulated) {
    add_closed_form(comparison, rows);
    return table;
  }
  const auto has = [&](const BlockKind& kind) {
    return std::any_of(comparison.designs.begin(), comparison.designs.end(),
                       [&](const auto& design) { return block_of(design, kind).has_value(); });
  };
  if (has(subnet_block())) add_block(subnet_block(), rows);
  if (has(range_block(Family::ipv6))) {
    // Never added up: beside 2^64 addresses nobody would see the others.
    if (has(range_block(Family::ipv4))) add_block(range_block(Family::ipv4), rows);
    add_block(range_block(Family::ipv6), rows);
    add_held(range_block(), rows);
  } else if (has(range_block())) {
    add_block(range_block(), rows);
  }
  add_cluster(comparison, rows);
  return table;
}

}  // namespace cidrplan
