#include <algorithm>
#include <limits>
#include <rapidcheck.h>

#include "planner/capacity/explain_prefixes.h"
#include "planner/capacity/sufficiency.h"
#include "tests/support/catch.h"

using namespace cidrplan;

namespace {

AddressNeed need(std::int64_t addresses, std::vector<std::size_t> supplies) {
  return {GroupId{0}, ZoneId{0}, addresses, std::move(supplies)};
}

AddressSupply supply(std::int64_t addresses) { return {SubnetId{0}, addresses}; }

/// What can be placed is bounded by every set of needs left unserved: the smallest cut, tried one by one.
std::int64_t placed_by_trying(const std::vector<AddressNeed>& needs,
                              const std::vector<AddressSupply>& supplies) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  for (unsigned served = 0; served < 1u << needs.size(); ++served) {
    std::int64_t cut = 0;
    std::vector<bool> used(supplies.size(), false);
    for (std::size_t i = 0; i < needs.size(); ++i) {
      if ((served >> i & 1) == 0) {
        cut += needs[i].addresses;
      } else {
        for (const auto at : needs[i].supplies) used[at] = true;
      }
    }
    for (std::size_t i = 0; i < supplies.size(); ++i) cut += used[i] ? supplies[i].addresses : 0;
    smallest = std::min(smallest, cut);
  }
  return smallest;
}

}  // namespace

TEST_CASE("what fits is not short of anything") {
  const std::vector<AddressNeed> needs{need(60, {0, 1}), need(40, {1})};
  const std::vector<AddressSupply> supplies{supply(60), supply(40)};
  const auto result = sufficiency(needs, supplies);
  CHECK(result.suffices());
  CHECK(result.placed == 100);
  CHECK(result.full.empty());
}

TEST_CASE("the cut names the full subnet and the one that could have helped") {
  // 150 are wanted where 100 are; the other subnet has 412 that the group may not use.
  const std::vector<AddressNeed> needs{need(150, {0})};
  const std::vector<AddressSupply> supplies{supply(100), supply(412)};
  const auto result = sufficiency(needs, supplies);
  CHECK(result.missing() == 50);
  CHECK(result.short_of == std::vector<std::size_t>{0});
  CHECK(result.full == std::vector<std::size_t>{0});
  CHECK(result.spare == std::vector<std::size_t>{1});
  CHECK(result.left == std::vector<std::int64_t>{0, 412});
}

TEST_CASE("a need that can move makes room for one that cannot") {
  // The first could live in either; only if it leaves the first subnet does the second need fit.
  const std::vector<AddressNeed> needs{need(50, {0, 1}), need(100, {0})};
  const std::vector<AddressSupply> supplies{supply(100), supply(50)};
  CHECK(sufficiency(needs, supplies).suffices());
}

TEST_CASE("maximum flow agrees with trying every cut") {
  const bool agrees = rc::check("random needs and supplies", [] {
    const auto supply_count = *rc::gen::inRange<std::size_t>(1, 5);
    const auto need_count = *rc::gen::inRange<std::size_t>(1, 7);
    std::vector<AddressSupply> supplies;
    for (std::size_t i = 0; i < supply_count; ++i) supplies.push_back(supply(*rc::gen::inRange(0, 60)));
    std::vector<AddressNeed> needs;
    for (std::size_t i = 0; i < need_count; ++i) {
      const auto allowed = *rc::gen::inRange(0u, 1u << supply_count);
      std::vector<std::size_t> from;
      for (std::size_t s = 0; s < supply_count; ++s)
        if ((allowed >> s & 1) != 0) from.push_back(s);
      needs.push_back(need(*rc::gen::inRange(0, 50), from));
    }
    const auto result = sufficiency(needs, supplies);
    RC_ASSERT(result.placed == placed_by_trying(needs, supplies));
    // The cut it names proves its own size: unserved needs aside, everything else is used up.
    std::int64_t cut = 0;
    for (const auto i : result.full) cut += supplies[i].addresses;
    for (std::size_t i = 0; i < needs.size(); ++i)
      if (std::find(result.short_of.begin(), result.short_of.end(), i) == result.short_of.end())
        cut += needs[i].addresses;
    if (!result.suffices()) RC_ASSERT(cut == result.placed);
  });
  REQUIRE(agrees);
}

TEST_CASE("free addresses without a /28 are explained with the nodes that would give some back") {
  Run run;
  run.places = {{PlaceKind::subnet, "nodes-a", "a"}};
  UsageRow row;
  row.place = {PlaceKind::subnet, 0};
  row.usage.unusable = 200;
  row.usage.available = 12;
  run.end.rows = {row};
  run.first_refusal = FirstRefusal{SimTime{5}, Cause::no_aligned_prefix, run.places[0], "pod"};
  CHECK(explain_missing_prefixes(run) == "nodes-a has 212 addresses free and 0 wholly free /28s");
  run.drains.nodes = {
      {"g-3", "nodes-a", 7, 5}, {"g-1", "nodes-a", 4, 3}, {"g-9", "nodes-a", 3, 9}, {"g-2", "", 1, 1}};
  CHECK(explain_missing_prefixes(run) ==
        "nodes-a has 212 addresses free and 0 wholly free /28s; draining g-3, g-1 and g-9 would set 14 /28s "
        "free, with 17 pods to place elsewhere");
}
