#pragma once

#include <cstddef>
#include <string>

#include "planner/report/comparison.h"
#include "planner/report/report.h"

namespace cidrplan {

/// How a terminal wants its text.
struct TextStyle {
  std::size_t width = 80;  ///< columns, at least 60
  bool utf8 = false;       ///< box characters for lines
  bool colour = false;     ///< of verdicts only
};

/// For a person at a terminal, or in a pipe. Tables are cut into blocks of columns that fit, never into rows.
std::string render_table(const Report& report, const TextStyle& style);
/// Markdown (GitHub's dialect). A chart with a file becomes a picture, one without a text block.
std::string render_markdown(const Report& report);
/// Every table with its header, an empty line between two; the verdicts first. RFC 4180, plain integers. A
/// cell that a spreadsheet would take for a formula begins with an apostrophe.
std::string render_csv(const Report& report);
/// As docs/schema/compare-1.json describes it.
std::string render_json(const Comparison& comparison);

// The parts, for commands that show one thing.
std::string table_text(const ReportTable& table, const TextStyle& style);
std::string verdicts_text(const std::vector<Verdict>& verdicts, const TextStyle& style);
std::string chart_text(const Chart& chart, const TextStyle& style);
std::string map_text(const BlockMap& map, const TextStyle& style);
std::string table_markdown(const ReportTable& table);
std::string table_csv(const ReportTable& table);
/// A static picture: no script, no font of its own, nothing fetched; text says what the lines show.
std::string chart_svg(const Chart& chart);
std::string map_svg(const BlockMap& map);

}  // namespace cidrplan
