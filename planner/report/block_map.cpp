#include "planner/report/block_map.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/report/wording.h"

namespace cidrplan {
namespace {

constexpr std::size_t most_rows = 32;
constexpr std::size_t most_strips = 12;

using Shade = BlockMap::Shade;

Shade shade_of(Fill fill) {
  static constexpr Shade shades[] = {Shade::empty,      Shade::one,  Shade::third,
                                     Shade::two_thirds, Shade::most, Shade::full};
  return shades[static_cast<std::size_t>(fill)];
}

class StripMaker {
 public:
  StripMaker(const HeldRange& range, const Place& place) : range_(range), place_(place) {
    per_row_ = range.cidr.family() == Family::ipv4 ? 64 : 32;
    // 2^128 pieces are never held; the count saturates and is cut all the same.
    while (((range.pieces() - 1) >> shift_) + 1 > uint128{most_rows} * per_row_) ++shift_;
    cells_ = static_cast<std::size_t>(((range.pieces() - 1) >> shift_) + 1);
  }

  BlockMap::Strip strip() const {
    BlockMap::Strip strip;
    strip.title = title();
    const auto shades = shade_cells();
    for (std::size_t first = 0; first < cells_; first += per_row_) {
      const auto last = shades.begin() + static_cast<std::ptrdiff_t>(std::min(first + per_row_, cells_));
      strip.rows.push_back({label(first), {shades.begin() + static_cast<std::ptrdiff_t>(first), last}});
    }
    return strip;
  }

 private:
  std::string title() const {
    const auto name = in_words(place_);
    const auto cidr = range_.cidr.to_string();
    const auto cells =
        shift_ == 0 ? fmt::format("a cell is a /{}", range_.piece_length)
                    : fmt::format("a cell is {} /{}", in_figures(uint128{1} << shift_), range_.piece_length);
    return fmt::format("{}: {}", name == cidr ? cidr : name + ", " + cidr, cells);
  }
  std::string label(std::size_t cell) const {
    return range_.cidr.child(range_.piece_length, uint128{cell} << shift_).first().to_string();
  }

  struct Sum {
    uint128 used = 0;
    uint128 kept = 0;
    uint128 held = 0;
  };
  std::vector<Shade> shade_cells() const {
    std::vector<Sum> sums(cells_);
    for (const auto& holding : range_.holdings) {
      auto& sum = sums[static_cast<std::size_t>(holding.number >> shift_)];
      sum.used += holding.used;
      sum.kept += holding.kept;
      ++sum.held;
    }
    const uint128 size = range_.piece_size() << shift_;
    std::vector<Shade> shades;
    for (const auto& sum : sums)
      shades.push_back(sum.held == 0 ? Shade::free : shade_of(fill_of(sum.used, size - sum.kept)));
    return shades;
  }

  const HeldRange& range_;
  const Place& place_;
  std::size_t per_row_ = 64;
  unsigned shift_ = 0;
  std::size_t cells_ = 0;
};

}  // namespace

std::optional<BlockMap> block_map(const Holdings& holdings, std::string title) {
  BlockMap map{std::move(title), {}, {}};
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < holdings.report.ranges.size(); ++i) {
    const auto& range = holdings.report.ranges[i];
    if (range.holdings.empty()) continue;
    if (map.strips.size() == most_strips)
      ++left_out;
    else
      map.strips.push_back(StripMaker(range, holdings.places[i]).strip());
  }
  if (left_out > 0) map.strips.push_back({fmt::format("and {} further ranges", left_out), {}});
  return map.strips.empty() ? std::nullopt : std::optional(std::move(map));
}

}  // namespace cidrplan
