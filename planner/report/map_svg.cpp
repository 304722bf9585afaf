#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "planner/report/render.h"
#include "planner/report/svg_text.h"

namespace cidrplan {
namespace {

using Shade = BlockMap::Shade;

// Pixels, whole ones.
constexpr std::int64_t width = 760;
constexpr std::int64_t left = 20, cell = 9, step = 10, line = 18;

struct Look {
  const char* fill;
  const char* stroke;
};
/// Blues from light to dark for what is in use; orange edges for pieces that are held for next to nothing, so
/// that they show in print too.
constexpr std::array<Look, shade_count> looks{{{"#eeeeee", "none"},
                                               {"#ffffff", "#d55e00"},
                                               {"#f9c9a0", "#d55e00"},
                                               {"#c6dbef", "none"},
                                               {"#6baed6", "none"},
                                               {"#2171b5", "none"},
                                               {"#08306b", "none"}}};

class MapPicture {
 public:
  explicit MapPicture(const BlockMap& map) : map_(map) {
    for (const auto& strip : map.strips)
      for (const auto& row : strip.rows) {
        label_ = std::max(label_, 7 * static_cast<std::int64_t>(row.label.size()) + 8);
        for (const auto shade : row.cells) ++counts_[static_cast<std::size_t>(shade)];
      }
  }

  std::string text() {
    write(left, 24, map_.title, "font-size=\"15\" font-weight=\"bold\"");
    key();
    for (const auto& strip : map_.strips) draw(strip);
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
               "{1}\" "
               "role=\"img\" aria-labelledby=\"title desc\" font-family=\"sans-serif\" font-size=\"12\">\n"
               "<title id=\"title\">{2}</title>\n<desc id=\"desc\">{3}</desc>\n"
               "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
               width, y_ + 12, svg_escaped(map_.title), svg_escaped(description())) +
           out_ + "</svg>\n";
  }

 private:
  void write(std::int64_t x, std::int64_t y, std::string_view text, std::string_view more) {
    out_ += fmt::format("<text x=\"{}\" y=\"{}\" {}>{}</text>\n", x, y, more, svg_escaped(text));
  }
  static std::string square(std::int64_t x, std::int64_t y) {
    return fmt::format("M{} {}h{}v{}h-{}z", x, y, cell, cell, cell);
  }
  static std::string path(Shade shade, const std::string& squares) {
    const auto& look = looks[static_cast<std::size_t>(shade)];
    return fmt::format("<path d=\"{}\" fill=\"{}\" stroke=\"{}\"/>\n", squares, look.fill, look.stroke);
  }
  std::string description() const {
    std::string text = "Cells:";
    for (std::size_t i = 0; i < shade_count; ++i)
      if (counts_[i] > 0) text += fmt::format(" {} {}.", counts_[i], to_string(static_cast<Shade>(i)));
    return text;
  }
  void key() {
    std::int64_t x = left;
    for (std::size_t i = 0; i < shade_count; ++i) {
      if (counts_[i] == 0) continue;
      const auto words = std::string(to_string(static_cast<Shade>(i)));
      out_ += path(static_cast<Shade>(i), square(x, 37));
      write(x + 14, 46, words, "fill=\"#222222\"");
      x += 30 + 7 * static_cast<std::int64_t>(words.size());
    }
    y_ = 60;
  }
  void draw(const BlockMap::Strip& strip) {
    y_ += line;
    write(left, y_, strip.title, "fill=\"#222222\"");
    y_ += 8;
    std::array<std::string, shade_count> squares;
    for (const auto& row : strip.rows) {
      write(left + label_ - 8, y_ + cell, row.label, "text-anchor=\"end\" font-size=\"11\" fill=\"#444444\"");
      std::int64_t x = left + label_;
      for (const auto shade : row.cells) {
        squares[static_cast<std::size_t>(shade)] += square(x, y_);
        x += step;
      }
      y_ += step + 2;
    }
    for (std::size_t i = 0; i < shade_count; ++i)
      if (!squares[i].empty()) out_ += path(static_cast<Shade>(i), squares[i]);
  }

  const BlockMap& map_;
  std::int64_t label_ = 0;
  std::int64_t y_ = 0;
  std::array<std::size_t, shade_count> counts_{};
  std::string out_;
};

}  // namespace

std::string map_svg(const BlockMap& map) { return MapPicture(map).text(); }

}  // namespace cidrplan
