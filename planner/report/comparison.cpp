#include "planner/report/comparison.h"

#include <algorithm>

namespace cidrplan {
namespace {

template <typename Counts>
Block add_up(const Run& run, const Snapshot& snapshot, Counts counts) {
  Block block;
  for (std::size_t i = 0; i < snapshot.rows.size() && i < run.places.size(); ++i) {
    if (!counts(run.places[i])) continue;
    block.any = true;
    block.usage += snapshot.rows[i].usage;
    block.borrowed += snapshot.rows[i].borrowed;
    block.borrowable += snapshot.rows[i].borrowable;
    block.free_prefixes += snapshot.rows[i].free_prefixes;
  }
  return block;
}

bool is_subnet(const Place& place) { return place.kind == PlaceKind::subnet; }

/// Held share of capacity in thousandths.
uint128 fullness(const Usage& usage) {
  return usage.capacity == 0 ? 0 : usage.held() / std::max<uint128>(1, usage.capacity / 1000);
}

}  // namespace

const FirstRefusal* DesignResult::refusal() const {
  if (!ensemble) return nullptr;
  if (ensemble->life().first_refusal) return &*ensemble->life().first_refusal;
  const FirstRefusal* earliest = nullptr;
  for (const auto& run : ensemble->runs) {
    if (run.first_refusal && (!earliest || run.first_refusal->at < earliest->at))
      earliest = &*run.first_refusal;
  }
  return earliest;
}

Family DesignResult::family_of(const Place& place) const {
  const auto range = std::find_if(ranges.begin(), ranges.end(),
                                  [&](const PodRange& each) { return each.name == place.name; });
  return range == ranges.end() || is_subnet(place) ? Family::ipv4 : range->cidr.family();
}

bool DesignResult::has_ranges(Family family) const {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const PodRange& range) { return range.cidr.family() == family; });
}

Block subnets_of(const Run& run, const Snapshot& snapshot) { return add_up(run, snapshot, is_subnet); }
Block ranges_of(const Run& run, const Snapshot& snapshot) {
  return add_up(run, snapshot, [](const Place& place) { return !is_subnet(place); });
}
Block ranges_of(const DesignResult& result, const Snapshot& snapshot, Family family) {
  return add_up(result.ensemble->life(), snapshot,
                [&](const Place& place) { return !is_subnet(place) && result.family_of(place) == family; });
}

std::optional<std::size_t> binding_row(const Run& run) {
  if (run.first_refusal) {
    const auto at = std::find(run.places.begin(), run.places.end(), run.first_refusal->place);
    if (at != run.places.end()) return static_cast<std::size_t>(at - run.places.begin());
  }
  std::optional<std::size_t> fullest;
  for (std::size_t i = 0; i < run.peak.rows.size() && i < run.places.size(); ++i) {
    if (!fullest || fullness(run.peak.rows[i].usage) > fullness(run.peak.rows[*fullest].usage)) fullest = i;
  }
  return fullest;
}

}  // namespace cidrplan
