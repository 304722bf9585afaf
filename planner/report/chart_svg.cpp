#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "planner/report/render.h"
#include "planner/report/svg_text.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

// Pixels. Coordinates are whole numbers, so that every machine writes the same picture.
constexpr std::int64_t width = 760;
constexpr std::int64_t left = 90, right = 20, above = 48, legend_line = 18, below = 44;
constexpr std::int64_t plot_width = width - left - right, plot_height = 270;

// Okabe and Ito's colours, distinguishable without full colour sight; the dashes tell lines apart in print.
constexpr std::array<const char*, 6> colours{"#0072b2", "#d55e00", "#009e73",
                                             "#cc79a7", "#56b4e9", "#000000"};
constexpr std::array<const char*, 6> dashes{"none", "8 3", "2 3", "8 3 2 3", "12 4", "4 4"};

/// A round number of at least `value`: 1, 2, 2.5 or 5 times a power of ten.
uint128 round_up(uint128 value) {
  for (uint128 power = 1; power < uint128_max / 100; power *= 10) {
    for (const unsigned tenth : {10u, 20u, 25u, 50u}) {
      if (power * tenth / 10 >= value && (power > 1 || tenth != 25)) return power * tenth / 10;
    }
  }
  return value;
}

class Picture {
 public:
  explicit Picture(const Chart& chart) : chart_(chart) {
    const auto most = highest(chart);
    step_ = std::max<uint128>(1, round_up(most / 5 + (most % 5 > 0 ? 1 : 0)));
    top_ = (most / step_ + (most % step_ > 0 ? 1 : 0)) * step_;
  }

  std::string text() {
    const auto legend = static_cast<std::int64_t>(chart_.series.size() + chart_.marks.size()) * legend_line;
    const auto total = above + plot_height + below + legend + 10;
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "role=\"img\" "
        "aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"13\">\n"
        "<title id=\"title\">{2}</title>\n<desc id=\"desc\">{3}</desc>\n"
        "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
        width, total, svg_escaped(chart_.title), svg_escaped(description()));
    write(left, 20, "start", chart_.title, "font-size=\"15\" font-weight=\"bold\"");
    write(left, 38, "start", chart_.unit, "fill=\"#444444\"");
    grid();
    dates();
    limits();
    for (std::size_t i = 0; i < chart_.series.size(); ++i) line(i);
    marks();
    key();
    return out_ + "</svg>\n";
  }

 private:
  std::int64_t x(SimTime at) const {
    const auto span = std::max<std::int64_t>(1, chart_.to.ms - chart_.from.ms);
    const auto part = std::clamp<std::int64_t>(at.ms - chart_.from.ms, 0, span);
    return left + static_cast<std::int64_t>(uint128{static_cast<std::uint64_t>(part)} * plot_width /
                                            static_cast<std::uint64_t>(span));
  }
  std::int64_t y(uint128 value) const { return above + plot_height - level(value, top_, plot_height); }

  void write(std::int64_t at_x, std::int64_t at_y, std::string_view anchor, std::string_view text,
             std::string_view more = "fill=\"#222222\"") {
    out_ += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" {}>{}</text>\n", at_x, at_y, anchor, more,
                        svg_escaped(text));
  }

  std::string description() const {
    std::string text;
    for (const auto& series : chart_.series) {
      if (series.points.empty()) continue;
      text += fmt::format("{}: {} {} on {}, {} on {}. ", series.name, in_figures(series.points.front().value),
                          chart_.unit, date(series.points.front().at), in_figures(series.points.back().value),
                          date(series.points.back().at));
    }
    for (const auto& limit : chart_.limits)
      text += fmt::format("{}: {}. ", limit.name, in_figures(limit.value));
    for (const auto& mark : chart_.marks) text += mark.text + ". ";
    if (!text.empty()) text.pop_back();
    return text;
  }
  std::string date(SimTime at) const { return to_string(chart_.calendar.date_of(at)); }

  void grid() {
    for (uint128 value = 0; value <= top_; value += step_) {
      out_ += fmt::format("<path d=\"M{} {}H{}\" stroke=\"{}\"/>\n", left, y(value), width - right,
                          value == 0 ? "#222222" : "#dddddd");
      write(left - 8, y(value) + 4, "end", in_figures(value));
    }
  }
  void dates() {
    for (std::int64_t i = 0; i <= 4; ++i) {
      const SimTime at{chart_.from.ms + (chart_.to.ms - chart_.from.ms) / 4 * i};
      out_ += fmt::format("<path d=\"M{} {}v5\" stroke=\"#222222\"/>\n", x(at), above + plot_height);
      const auto anchor = i == 0 ? "start" : i == 4 ? "end" : "middle";
      write(x(at), above + plot_height + 20, anchor, date(i == 4 ? SimTime{chart_.to.ms - 1} : at));
    }
  }
  void limits() {
    for (const auto& limit : chart_.limits) {
      out_ += fmt::format(
          "<path d=\"M{} {}H{}\" stroke=\"#a00000\" stroke-width=\"2\" stroke-dasharray=\"6 4\"/>\n", left,
          y(limit.value), width - right);
      write(width - right, y(limit.value) - 5, "end", limit.name + " " + in_figures(limit.value),
            "fill=\"#a00000\"");
    }
  }
  void line(std::size_t number) {
    std::string points;
    for (const auto& point : chart_.series[number].points) {
      points += fmt::format("{}{},{}", points.empty() ? "" : " ", x(point.at), y(point.value));
    }
    out_ += fmt::format("<polyline points=\"{}\" fill=\"none\" {}/>\n", points, stroke(number));
  }
  static std::string stroke(std::size_t number) {
    return fmt::format("stroke=\"{}\" stroke-width=\"2\" stroke-dasharray=\"{}\"",
                       colours[number % colours.size()], dashes[number % dashes.size()]);
  }
  void marks() {
    for (const auto& mark : chart_.marks) {
      out_ += fmt::format("<path d=\"M{} {}v{}\" stroke=\"#a00000\" stroke-dasharray=\"1 3\"/>\n", x(mark.at),
                          above, plot_height);
    }
  }
  void key() {
    auto at = above + plot_height + below;
    for (std::size_t i = 0; i < chart_.series.size(); ++i, at += legend_line) {
      out_ += fmt::format("<path d=\"M{} {}h36\" {}/>\n", left, at - 4, stroke(i));
      write(left + 46, at, "start", chart_.series[i].name);
    }
    for (const auto& mark : chart_.marks) {
      out_ +=
          fmt::format("<path d=\"M{} {}h36\" stroke=\"#a00000\" stroke-dasharray=\"1 3\"/>\n", left, at - 4);
      write(left + 46, at, "start", mark.text);
      at += legend_line;
    }
  }

  const Chart& chart_;
  uint128 top_ = 1, step_ = 1;
  std::string out_;
};

}  // namespace

std::string chart_svg(const Chart& chart) { return Picture(chart).text(); }

}  // namespace cidrplan
