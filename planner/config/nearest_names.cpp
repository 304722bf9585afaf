#include "planner/config/nearest_names.h"

#include <algorithm>
#include <array>

namespace cidrplan {
namespace {

constexpr std::size_t longest_name = 64;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  if (a.size() > longest_name || b.size() > longest_name) return a == b ? 0 : std::max(a.size(), b.size());
  using Row = std::array<std::size_t, longest_name + 1>;
  Row before_last{};
  Row last{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    last = row;
  }
  return last[b.size()];
}

std::vector<std::string_view> nearest_names(std::string_view name,
                                            std::span<const std::string_view> candidates, std::size_t most,
                                            std::size_t limit) {
  struct Near {
    std::size_t distance;
    std::string_view name;
  };
  std::vector<Near> near;
  if (name.size() > longest_name) return {};
  for (const auto candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance <= limit) near.push_back({distance, candidate});
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  std::vector<std::string_view> names;
  for (const auto& one : near) {
    if (names.size() == most) break;
    names.push_back(one.name);
  }
  return names;
}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  const auto names = nearest_names(name, candidates, 1, std::max<std::size_t>(1, name.size() / 3));
  if (!names.empty()) return names.front();
  constexpr std::size_t least_letters = 3;
  const auto begins = [&](std::string_view candidate) { return candidate.starts_with(name); };
  const auto first = std::find_if(candidates.begin(), candidates.end(), begins);
  if (name.size() < least_letters || first == candidates.end()) return {};
  return std::count_if(first, candidates.end(), begins) == 1 ? *first : std::string_view();
}

}  // namespace cidrplan
