#include "models/aws/random_walk.h"

namespace cidrplan::aws {

RandomWalk::RandomWalk(std::uint64_t seed, NodeId node)
    : draws_(seed, static_cast<std::uint64_t>(node), "walk of the daemon") {}

std::optional<uint128> RandomWalk::next_address(const Datastore& store, SimTime now) {
  std::vector<std::vector<uint128>> open;  // by interface that has any, one address of each unit
  for (const auto& eni : store.enis()) {
    if (eni.excluded) continue;
    std::vector<uint128> addresses;
    for (const auto& unit : eni.units) {
      if (unit.kind() != store.mode()) continue;
      if (const auto offset = store.candidate(unit, now)) addresses.push_back(unit.first() + *offset);
    }
    if (!addresses.empty()) open.push_back(std::move(addresses));
  }
  if (open.empty()) return std::nullopt;
  const auto& of_eni = open[draw(open.size())];
  return of_eni[draw(of_eni.size())];
}

}  // namespace cidrplan::aws
