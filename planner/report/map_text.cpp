#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "planner/report/render.h"
#include "planner/report/wording.h"

namespace cidrplan {
namespace {

using Shade = BlockMap::Shade;

constexpr std::array<std::string_view, shade_count> ascii{".", "0", "1", "-", "=", "+", "#"};
constexpr std::array<std::string_view, shade_count> utf8{"·", "□", "▫", "░", "▒", "▓", "█"};
constexpr std::size_t rows_told = 3;  // so many free rows in a row are told by their number

bool is_free(const BlockMap::Row& row) {
  return std::all_of(row.cells.begin(), row.cells.end(), [](Shade shade) { return shade == Shade::free; });
}

class TextMap {
 public:
  TextMap(const BlockMap& map, const TextStyle& style)
      : map_(map), signs_(style.utf8 ? utf8 : ascii), width_(style.width) {
    for (const auto& strip : map.strips) {
      for (const auto& row : strip.rows) {
        label_ = std::max(label_, width_of(row.label));
        for (const auto shade : row.cells) seen_[static_cast<std::size_t>(shade)] = true;
      }
    }
  }

  std::string text() const {
    auto out = printable(map_.title) + '\n' + legend();
    for (const auto& strip : map_.strips) {
      out += printable(strip.title) + '\n';
      for (std::size_t i = 0; i < strip.rows.size();) {
        const auto free = free_rows(strip, i);
        if (free >= rows_told)
          out += fmt::format("{} ({} rows free)\n", std::string(label_, ' '), free);
        else
          out += line(strip.rows[i]);
        i += free >= rows_told ? free : 1;
      }
    }
    return out;
  }

 private:
  static std::size_t free_rows(const BlockMap::Strip& strip, std::size_t from) {
    std::size_t free = 0;
    while (from + free < strip.rows.size() && is_free(strip.rows[from + free])) ++free;
    return free;
  }
  std::string line(const BlockMap::Row& row) const {
    auto out = padded(row.label, label_, Align::left) + ' ';
    for (const auto shade : row.cells) out += signs_[static_cast<std::size_t>(shade)];
    return out + '\n';
  }
  std::string legend() const {
    std::string words;
    for (std::size_t i = 0; i < shade_count; ++i) {
      if (!seen_[i]) continue;
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", signs_[i], to_string(static_cast<Shade>(i)));
    }
    std::string out;
    for (const auto& line : wrapped(words, width_)) out += line + '\n';
    return out;
  }

  const BlockMap& map_;
  const std::array<std::string_view, shade_count>& signs_;
  std::size_t width_;
  std::size_t label_ = 0;
  std::array<bool, shade_count> seen_{};
};

}  // namespace

std::string map_text(const BlockMap& map, const TextStyle& style) { return TextMap(map, style).text(); }

}  // namespace cidrplan
