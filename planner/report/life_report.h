#pragma once

#include <optional>
#include <string>

#include "planner/report/design_life.h"
#include "planner/report/report.h"

namespace cidrplan {

/// How much of a life is told: for people a dozen dates, for machines every sample and every held piece.
enum class Telling : std::uint8_t { people, machines };

/// What `simulate` shows: the verdict, what is held and how full it is, over time, in the long run, with
/// other settings, and as a map.
/// @param map_file  where the map's picture lies beside the document; empty: nowhere
Report make_life_report(const DesignLife& life, Telling telling, const std::string& map_file = {});

/// As docs/schema/simulate-1.json describes it.
std::string render_life_json(const DesignLife& life);

// The parts.

/// At the start, at the end, and the most of any sample.
ReportTable holdings_table(const DesignLife& life);
/// Pieces by how full they are, at the end.
ReportTable fill_table(const DesignLife& life, Telling telling);
/// One row a range, at the end. None where one range has it all.
std::optional<ReportTable> ranges_table(const DesignLife& life);
/// One row a date.
ReportTable holdings_over_time(const DesignLife& life, Telling telling);
/// One node in the steady state beside theory. None without theory.
std::optional<ReportTable> long_run_table(const DesignLife& life);
/// One column a setting. None where there are none.
std::optional<ReportTable> variants_table(const DesignLife& life);
/// One row an action of the provider's API. None where the design calls none.
std::optional<ReportTable> api_calls_table(const DesignLife& life);
/// One row a held piece.
ReportTable pieces_table(const DesignLife& life);
std::optional<Chart> holdings_chart(const DesignLife& life);

}  // namespace cidrplan
