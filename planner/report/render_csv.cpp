#include <algorithm>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

/// @source OWASP, CSV injection: cells that begin with = + - @ or a tab are formulas to spreadsheets
std::string cell_of(const std::string& raw, bool is_text) {
  auto text = printable(raw);
  if (is_text && !text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos) {
    text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

void add_row(const std::vector<std::string>& cells, std::string& out) {
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i ? "," : "") + cells[i];
  out += "\r\n";
}

std::string verdicts_csv(const std::vector<Verdict>& verdicts) {
  ReportTable table;
  table.columns = {{"design", Align::left},
                   {"verdict", Align::left},
                   {"reason", Align::left},
                   {"holds until", Align::left},
                   {"details", Align::left}};
  for (const auto& verdict : verdicts) {
    std::string details;
    for (const auto& detail : verdict.details) details += (details.empty() ? "" : "; ") + detail;
    table.rows.push_back(
        {verdict.subject, std::string(to_string(verdict.answer)), verdict.reason, verdict.until, details});
  }
  return table_csv(table);
}

}  // namespace

std::string table_csv(const ReportTable& table) {
  std::string out;
  std::vector<std::string> cells;
  for (const auto& column : table.columns) cells.push_back(cell_of(column.heading, true));
  add_row(cells, out);
  for (const auto& row : table.rows) {
    cells.clear();
    for (const auto& cell : row) {
      cells.push_back(cell_of(plain(cell), std::holds_alternative<std::string>(cell)));
    }
    add_row(cells, out);
  }
  return out;
}

std::string render_csv(const Report& report) {
  std::string out;
  const auto add = [&](const std::string& table) { out += (out.empty() ? "" : "\r\n") + table; };
  if (!report.verdicts.empty()) add(verdicts_csv(report.verdicts));
  for (const auto& section : report.sections) {
    for (const auto& table : section.tables) add(table_csv(table));
  }
  return out;
}

}  // namespace cidrplan
