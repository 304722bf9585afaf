#include <algorithm>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

constexpr std::size_t gap = 2;  // blanks between two columns

using Line = std::vector<std::string>;

std::vector<Line> lines_of(const ReportTable& table) {
  std::vector<Line> lines(1);
  for (const auto& column : table.columns) lines[0].push_back(printable(column.heading));
  for (const auto& row : table.rows) {
    lines.emplace_back();
    for (const auto& cell : row) lines.back().push_back(printable(in_words(cell)));
  }
  return lines;
}

/// A first cell whose neighbour in the stub is empty may run on over it.
bool runs_on(const ReportTable& table, const Line& line) { return table.stub == 2 && line[1].empty(); }

class TextTable {
 public:
  TextTable(const ReportTable& table, std::size_t width)
      : table_(table), width_(width), lines_(lines_of(table)) {
    for (std::size_t column = 0; column < table.columns.size(); ++column)
      widths_.push_back(natural_width(column));
    widen_stub();
  }

  std::string text() const {
    std::string text;
    for (std::size_t first = table_.stub; first < widths_.size() || text.empty();) {
      const auto end = end_of_block(first);
      if (!text.empty()) text += '\n';
      text += block(first, end);
      if (end == first) break;
      first = end;
    }
    return text;
  }

 private:
  std::size_t natural_width(std::size_t column) const {
    std::size_t width = column < table_.stub ? 0 : table_.narrowest;
    for (const auto& line : lines_) {
      if (column == 0 && runs_on(table_, line)) continue;
      width = std::max(width, width_of(line[column]));
    }
    return std::min(width, width_ / 2);
  }

  /// Makes room in the stub for the cells that run on.
  void widen_stub() {
    if (table_.stub != 2) return;
    std::size_t longest = 0;
    for (const auto& line : lines_) {
      if (runs_on(table_, line)) longest = std::max(longest, width_of(line[0]));
    }
    longest = std::min(longest, width_ / 2);
    const auto has = widths_[0] + gap + widths_[1];
    if (has < longest) widths_[1] += longest - has;
  }

  std::size_t stub_width() const {
    std::size_t width = 0;
    for (std::size_t column = 0; column < table_.stub; ++column)
      width += (column ? gap : 0) + widths_[column];
    return width;
  }

  std::size_t end_of_block(std::size_t first) const {
    auto taken = stub_width();
    auto end = first;
    while (end < widths_.size()) {
      taken += gap + widths_[end];
      if (taken > width_ && end > first) break;
      ++end;
    }
    return end;
  }

  std::string stub_of(std::size_t number) const {
    const auto& line = lines_[number];
    if (runs_on(table_, line)) return padded(shortened(line[0], stub_width()), stub_width(), Align::left);
    const bool same_group = table_.grouped && number > 1 && lines_[number - 1][0] == line[0];
    std::string text;
    for (std::size_t column = 0; column < table_.stub; ++column) {
      if (column) text += std::string(gap, ' ');
      const auto cell = column == 0 && same_group ? std::string() : shortened(line[column], widths_[column]);
      text += padded(cell, widths_[column], table_.columns[column].align);
    }
    return text;
  }

  std::string block(std::size_t first, std::size_t end) const {
    std::string text;
    for (std::size_t number = 0; number < lines_.size(); ++number) {
      auto line = stub_of(number);
      for (std::size_t column = first; column < end; ++column) {
        line += std::string(gap, ' ');
        line += padded(shortened(lines_[number][column], widths_[column]), widths_[column],
                       table_.columns[column].align);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + '\n';
    }
    return text;
  }

  const ReportTable& table_;
  std::size_t width_;
  std::vector<Line> lines_;
  std::vector<std::size_t> widths_;
};

}  // namespace

std::string table_text(const ReportTable& table, const TextStyle& style) {
  std::string text;
  if (!table.title.empty()) text += printable(table.title) + '\n';
  return text + TextTable(table, style.width).text();
}

}  // namespace cidrplan
