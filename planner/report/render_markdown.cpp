#include <algorithm>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

/// Names must not become markup or a further cell.
std::string escaped(std::string_view text) {
  static constexpr std::string_view special = "\\`*_{}[]<>#|";
  std::string out;
  for (const char c : printable(text)) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string row_of(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const auto& cell : cells) row += ' ' + cell + " |";
  return row + '\n';
}

ReportTable verdict_table(const std::vector<Verdict>& verdicts) {
  ReportTable table;
  table.columns = {
      {"Design", Align::left}, {"Verdict", Align::left}, {"Why", Align::left}, {"Holds until", Align::left}};
  for (const auto& verdict : verdicts) {
    auto why = verdict.reason;
    for (const auto& detail : verdict.details) why += "; " + detail;
    table.rows.push_back({verdict.subject, std::string(to_string(verdict.answer)), why, verdict.until});
  }
  return table;
}

/// A picture where there is one, else a text block.
void add_picture(const std::string& title, const std::string& file, const std::string& text,
                 std::string& out) {
  out += file.empty() ? "```text\n" + text + "```\n\n" : "![" + escaped(title) + "](" + file + ")\n\n";
}

void add_section(const Section& section, std::string& out) {
  if (!section.title.empty()) out += "## " + escaped(section.title) + "\n\n";
  for (const auto& paragraph : section.paragraphs) out += escaped(paragraph) + "\n\n";
  for (const auto& fact : section.facts) out += "- " + escaped(fact.label) + ": " + escaped(fact.text) + '\n';
  if (!section.facts.empty()) out += '\n';
  for (const auto& table : section.tables) out += table_markdown(table) + '\n';
  for (const auto& chart : section.charts)
    add_picture(chart.title, chart.file, chart.file.empty() ? chart_text(chart, {}) : "", out);
  for (const auto& map : section.maps)
    add_picture(map.title, map.file, map.file.empty() ? map_text(map, {}) : "", out);
}

}  // namespace

std::string table_markdown(const ReportTable& table) {
  std::string out;
  if (!table.title.empty()) out += "### " + escaped(table.title) + "\n\n";
  std::vector<std::string> cells, rule;
  for (const auto& column : table.columns) {
    cells.push_back(escaped(column.heading));
    rule.push_back(column.align == Align::right ? "---:" : "---");
  }
  out += row_of(cells) + row_of(rule);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    cells.clear();
    for (const auto& cell : table.rows[i]) cells.push_back(escaped(in_words(cell)));
    if (table.grouped && i > 0 && plain(table.rows[i][0]) == plain(table.rows[i - 1][0])) cells[0].clear();
    out += row_of(cells);
  }
  return out;
}

std::string render_markdown(const Report& report) {
  std::string out = "# " + escaped(report.title) + "\n\n";
  if (!report.aside.empty()) out += escaped(report.aside) + "\n\n";
  for (const auto& line : report.lead) out += escaped(line) + "\n\n";
  if (!report.verdicts.empty()) out += table_markdown(verdict_table(report.verdicts)) + '\n';
  for (const auto& section : report.sections) add_section(section, out);
  for (const auto& note : report.notes) out += escaped(note) + "\n\n";
  if (!report.next.empty()) {
    out += "Next:\n\n```text\n";
    for (const auto& command : report.next) out += printable(command) + '\n';
    out += "```\n\n";
  }
  out.erase(out.find_last_not_of('\n') + 1);
  return out + '\n';
}

}  // namespace cidrplan
