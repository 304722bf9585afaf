#include <algorithm>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

constexpr std::size_t rows = 6;
constexpr std::size_t most_columns = 88;

/// Value at a moment, linear between points. The first also stands for what is before it: samples begin
/// policy.max_wait after the start. None after the last.
std::optional<uint128> value_at(const Chart::Series& series, SimTime at) {
  const auto& points = series.points;
  if (points.empty() || at > points.back().at) return std::nullopt;
  if (at < points.front().at) return points.front().value;
  const auto next =
      std::lower_bound(points.begin(), points.end(), at,
                       [](const Chart::Point& point, SimTime moment) { return point.at < moment; });
  if (next->at == at) return next->value;
  const auto& before = *(next - 1);
  const auto span = static_cast<uint128>(next->at.ms - before.at.ms);
  const auto part = static_cast<uint128>(at.ms - before.at.ms);
  // Halved until the product fits; what that loses no chart can show.
  int halved = 0;
  while (std::max(before.value, next->value) >> halved > UINT64_MAX) ++halved;
  const auto weighted = (before.value >> halved) * (span - part) + (next->value >> halved) * part;
  return weighted / span << halved;
}

class TextChart {
 public:
  TextChart(const Chart& chart, const TextStyle& style)
      : chart_(chart), utf8_(style.utf8), top_(highest(chart)), label_(width_of(in_figures(top_))) {
    const auto room = style.width > label_ + 30 ? style.width - label_ - 18 : 20;
    columns_ = std::min(room, most_columns);
    canvas_.assign(rows, std::vector<std::string>(columns_, " "));
  }

  std::string text() {
    draw_limits();
    for (std::size_t i = 0; i < chart_.series.size(); ++i) draw(chart_.series[i]);
    draw_marks();
    std::string out = printable(chart_.title) + '\n';
    for (std::size_t row = 0; row < rows; ++row) out += line(row);
    return out + axis() + dates();
  }

 private:
  SimTime time_of(std::size_t column) const {
    const auto span = static_cast<uint128>(chart_.to.ms - chart_.from.ms);
    const auto part = span * column / (columns_ > 1 ? columns_ - 1 : 1);
    return {chart_.from.ms + static_cast<std::int64_t>(part)};
  }
  std::size_t column_of(SimTime at) const {
    const auto span = std::max<std::int64_t>(1, chart_.to.ms - chart_.from.ms);
    const auto part = std::clamp<std::int64_t>(at.ms - chart_.from.ms, 0, span);
    return static_cast<std::size_t>(uint128{static_cast<std::uint64_t>(part)} * (columns_ - 1) /
                                    static_cast<std::uint64_t>(span));
  }
  /// Thirds of a row from the bottom, 0 to 3 * rows - 1.
  std::size_t level_of(uint128 value) const {
    return static_cast<std::size_t>(level(value, top_, 3 * rows - 1));
  }

  void put(std::size_t column, std::size_t third, std::string_view mark) {
    canvas_[rows - 1 - third / 3][column] = std::string(mark);
  }
  void draw_limits() {
    for (const auto& limit : chart_.limits) {
      for (std::size_t column = 0; column < columns_; column += 2)
        put(column, level_of(limit.value), utf8_ ? "╌" : "-");
    }
  }
  void draw(const Chart::Series& series) {
    static constexpr std::string_view heights[] = {".", "-", "'"};
    static constexpr std::string_view fine[] = {"⎽", "─", "⎺"};
    for (std::size_t column = 0; column < columns_; ++column) {
      // The last column stands for the last point, which may lie a moment before the end.
      const auto last = series.points.empty() ? SimTime{} : series.points.back().at;
      const auto value =
          value_at(series, std::min(time_of(column), column + 1 == columns_ ? last : chart_.to));
      if (!value) continue;
      const auto third = level_of(*value);
      put(column, third, utf8_ ? fine[third % 3] : heights[third % 3]);
    }
  }
  void draw_marks() {
    for (const auto& mark : chart_.marks) {
      const auto column = column_of(mark.at);
      const auto value = chart_.series.empty() ? std::nullopt : value_at(chart_.series.front(), mark.at);
      const auto third = level_of(value.value_or(top_));
      put(column, third, "x");
      marks_.push_back({rows - 1 - third / 3, mark.text});
    }
  }

  std::string line(std::size_t row) const {
    std::string label;
    if (row == 0) label = in_figures(top_);
    if (row == rows / 2) label = in_figures(top_ / 2);
    auto out = padded(label, label_, Align::right) + (utf8_ ? " │" : " |");
    for (const auto& cell : canvas_[row]) out += cell;
    std::string aside;
    for (const auto& mark : marks_) {
      if (mark.row == row) aside += " x " + printable(mark.text);
    }
    out += aside;
    out.erase(out.find_last_not_of(' ') + 1);
    return out + '\n';
  }
  std::string axis() const {
    auto out = padded("0", label_, Align::right) + (utf8_ ? " └" : " +");
    for (std::size_t column = 0; column < columns_; ++column) {
      const bool tick = column != 0 && is_tick(column);
      out += tick ? (utf8_ ? "┴" : "+") : (utf8_ ? "─" : "-");
    }
    return out + '\n';
  }
  bool is_tick(std::size_t column) const {
    for (std::size_t i = 0; i < 4; ++i) {
      if (column == tick(i)) return true;
    }
    return false;
  }
  std::size_t tick(std::size_t i) const { return i * (columns_ - 1) / 3; }
  /// Over a year and more the day of a tick says nothing.
  bool months_do() const { return chart_.to - chart_.from > Duration::days(300); }
  std::string dates() const {
    std::string out(label_ + 2, ' ');
    for (std::size_t i = 0; i < 4; ++i) {
      const auto at = i == 3 ? SimTime{chart_.to.ms - 1} : time_of(tick(i));
      const auto text = to_string(chart_.calendar.date_of(at)).substr(0, months_do() ? 7 : 10);
      const auto begin = label_ + 2 +
                         (i == 0   ? 0
                          : i == 3 ? columns_ - text.size()
                                   : tick(i) - text.size() / 2);
      if (begin > out.size()) out += std::string(begin - out.size(), ' ');
      out += text;
    }
    return out + '\n';
  }

  struct Aside {
    std::size_t row = 0;
    std::string text;
  };

  const Chart& chart_;
  bool utf8_;
  uint128 top_;
  std::size_t label_;
  std::size_t columns_ = 0;
  std::vector<std::vector<std::string>> canvas_;
  std::vector<Aside> marks_;
};

}  // namespace

std::string chart_text(const Chart& chart, const TextStyle& style) { return TextChart(chart, style).text(); }

}  // namespace cidrplan
