#include "planner/capacity/explain_prefixes.h"

#include <algorithm>
#include <fmt/format.h>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

constexpr std::size_t most_named = 3;

/// The first sample at or after the moment, else the end.
const Snapshot& state_after(const Run& run, SimTime at) {
  for (const auto& sample : run.samples)
    if (sample.at >= at) return sample;
  return run.end;
}

std::string drain_words(const Drains& drains) {
  if (drains.nodes.empty()) return {};
  std::string names;
  std::int64_t prefixes = 0, pods = 0;
  const auto named = std::min(drains.nodes.size(), most_named);
  for (std::size_t i = 0; i < named; ++i) {
    const auto& one = drains.nodes[i];
    names += (i == 0 ? "" : i + 1 == named ? " and " : ", ") + one.node;
    prefixes += one.prefixes;
    pods += one.pods;
  }
  return fmt::format("; draining {} would set {} /28s free, with {} pods to place elsewhere", names, prefixes,
                     pods);
}

}  // namespace

std::string explain_missing_prefixes(const Run& run) {
  CIDRPLAN_EXPECTS(run.first_refusal.has_value());
  const auto& refusal = *run.first_refusal;
  const auto at = std::find(run.places.begin(), run.places.end(), refusal.place);
  const auto row = static_cast<std::size_t>(at - run.places.begin());
  const auto& rows = state_after(run, refusal.at).rows;
  if (row >= rows.size()) return {};
  const auto& usage = rows[row].usage;
  return fmt::format("{} has {} addresses free and {} wholly free /28s{}", refusal.place.name,
                     saturate_to_64(usage.unusable + usage.available), rows[row].free_prefixes,
                     drain_words(run.drains));
}

}  // namespace cidrplan
