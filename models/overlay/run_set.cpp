#include "models/overlay/run_set.h"

#include <algorithm>
#include <iterator>

#include "planner/net/contract.h"

namespace cidrplan::overlay {

bool RunSet::contains(uint128 number) const {
  const auto after = runs_.upper_bound(number);
  return after != runs_.begin() && std::prev(after)->second >= number;
}

std::optional<uint128> RunSet::next_absent(uint128 from) const {
  const auto after = runs_.upper_bound(from);
  if (after == runs_.begin()) return from;
  const uint128 last = std::prev(after)->second;
  if (last < from) return from;
  if (last == uint128_max) return std::nullopt;
  return last + 1;
}

uint128 RunSet::insert(uint128 first, uint128 last) {
  CIDRPLAN_EXPECTS(first <= last);
  uint128 already = 0;
  uint128 run_first = first;
  uint128 run_last = last;
  auto run = runs_.lower_bound(first);
  if (run != runs_.begin() && std::prev(run)->second >= first - 1)
    --run;  // first > 0 here: a run begins before it
  //  new          |---------|
  //  joined   |-----|  |--||----|
  while (run != runs_.end() && (run->first <= last || run->first - 1 == last)) {
    if (run->first <= last && run->second >= first) {
      already += std::min(run->second, last) - std::max(run->first, first) + 1;
    }
    run_first = std::min(run_first, run->first);
    run_last = std::max(run_last, run->second);
    run = runs_.erase(run);
  }
  runs_.emplace_hint(run, run_first, run_last);
  const uint128 added = last - first + 1 - already;
  size_ += added;
  return added;
}

uint128 RunSet::erase(uint128 first, uint128 last) {
  CIDRPLAN_EXPECTS(first <= last);
  uint128 removed = 0;
  auto run = runs_.upper_bound(first);
  if (run != runs_.begin() && std::prev(run)->second >= first) --run;
  //  taken out     |---------|
  //  cut       |------|  |------|
  while (run != runs_.end() && run->first <= last) {
    const auto [run_first, run_last] = *run;
    run = runs_.erase(run);
    removed += std::min(run_last, last) - std::max(run_first, first) + 1;
    if (run_first < first) runs_.emplace_hint(run, run_first, first - 1);
    if (run_last > last) runs_.emplace_hint(run, last + 1, run_last);
  }
  size_ -= removed;
  return removed;
}

}  // namespace cidrplan::overlay
