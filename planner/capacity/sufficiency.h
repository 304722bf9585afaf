#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "planner/scenario/scenario.h"
#include "planner/simulation/run.h"

namespace cidrplan {

/// Addresses that one node group needs in one zone, or pods without a node in all, and where they may come
/// from.
struct AddressNeed {
  std::optional<GroupId> group;  ///< none: pods that run by themselves
  ZoneId zone{};                 ///< of the group
  std::int64_t addresses = 0;
  std::vector<std::size_t> supplies;  ///< positions in the list of supplies
};

/// A subnet that addresses can come from.
struct AddressSupply {
  SubnetId subnet{};
  std::int64_t addresses = 0;  ///< other consumers already taken off
};

/// Whether needs fit into supplies, and what binds where they do not.
struct Sufficiency {
  std::int64_t needed = 0;
  std::int64_t placed = 0;  ///< the most that can be had at once
  std::vector<std::size_t>
      short_of;                    ///< needs on the groups' side of the minimum cut: they compete for `full`
  std::vector<std::size_t> full;   ///< supplies that the cut goes through
  std::vector<std::size_t> spare;  ///< supplies with something left that no need in `short_of` may use
  std::vector<std::int64_t> left;  ///< of each supply

  bool suffices() const { return placed == needed; }
  std::int64_t missing() const { return needed - placed; }
};

/// Maximum flow from groups through zones to subnets; of the minimum cuts the one nearest to the subnets.
Sufficiency sufficiency(std::span<const AddressNeed> needs, std::span<const AddressSupply> supplies);

/// What the groups of a scenario need under a design at a date, by its closed form: nodes spread evenly over
/// their zones, each with the most its allocator can hold; beside them pods without a node, an address each.
struct AddressMarket {
  std::vector<AddressNeed> needs;
  std::vector<AddressSupply> supplies;
};
AddressMarket market_at(const Scenario& scenario, const Design& design, SimTime at);

/// What the subnets lack on the last day, in words with figures; empty when they suffice.
std::string explain_shortage_at_end(const Scenario& scenario, const Design& design);

/// What binds at a run's first refusal, in words with figures; empty when nothing was refused.
std::string explain_refusal(const Scenario& scenario, const Design& design, const Run& run);

}  // namespace cidrplan
