#include <iterator>

#include "models/aws/instance_data.h"
#include "models/aws/steady_pool.h"
#include "planner/events/random_streams.h"
#include "tests/models/aws/lone_node.h"
#include "tests/support/catch.h"

using namespace cidrplan;
using namespace cidrplan::aws;
using namespace cidrplan::test;

namespace {

/// Draws of one test, in order.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : stream_(seed, 0, "steady pools") {}
  std::int64_t below(std::uint64_t bound) { return static_cast<std::int64_t>(stream_.below(next_++, bound)); }
  bool once_in(std::uint64_t times) { return below(times) == 0; }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

Settings drawn_settings(Draws& draws) {
  Settings settings;
  settings.prefix_delegation = draws.below(2) == 1;
  settings.custom_networking = draws.once_in(4);
  settings.warm_eni_target = draws.below(4);
  settings.warm_prefix_target = draws.below(4);
  if (draws.once_in(2)) {
    settings.warm_ip_target = draws.below(16);
    settings.minimum_ip_target = draws.below(40);
  }
  if (draws.once_in(5)) settings.max_eni = 2 + draws.below(3);
  return settings;
}

/// A warm target of nothing, and pods that fill their units to the last address: a spare unit comes and goes.
bool never_rests(const PoolRules& rules, std::int64_t pods) {
  const auto& settings = rules.settings();
  if (settings.has_address_targets()) return false;
  if (rules.unit() == UnitKind::prefix) return settings.warm_prefix_target == 0 && pods % 16 == 0;
  return settings.warm_eni_target == 0 && pods > 0 && pods % rules.limits().units_per_eni == 0;
}

}  // namespace

TEST_CASE("a pool that grows pod by pod settles at the closed form") {
  const auto catalog = make_instance_catalog();
  constexpr const char* types[] = {"t3.nano",   "t3.small",  "t3.medium",  "m5.large",
                                   "m5.xlarge", "c5.xlarge", "m5.4xlarge", "c5n.18xlarge"};
  Draws draws(11);
  int compared = 0, by_prefixes = 0, by_addresses = 0, with_custom = 0, at_max_pods = 0, unplaced = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto* type = catalog.find(types[draws.below(std::size(types))]);
    REQUIRE(type);
    const auto settings = drawn_settings(draws);
    const auto max_pods = draws.once_in(3) ? 4 + draws.below(60) : 1'000'000;
    const auto pods = draws.below(70);
    LoneNode node(settings, limits_of(*type, max_pods));
    std::int64_t placed = 0;
    // A spare unit that comes and goes leaves no mark on what comes after.
    for (std::uint32_t pod = 0; pod < pods; ++pod) placed += node.add(pod) ? 1 : 0;
    if (never_rests(*node.rules, placed)) continue;

    CAPTURE(i, type->type, max_pods, settings.prefix_delegation, settings.custom_networking, settings.max_eni,
            settings.warm_eni_target, settings.warm_prefix_target, settings.warm_ip_target,
            settings.minimum_ip_target, pods, placed);
    const auto steady = steady_pool(*node.rules, placed);
    CHECK(std::ssize(node.ipamd.store().enis()) == steady.enis);
    CHECK(static_cast<std::int64_t>(node.space.held()) == steady.vpc_addresses(node.rules->unit()));
    // The limit only ever takes away.
    const auto without = unlimited_pool(*node.rules, placed);
    CHECK(steady.units <= without.units);
    ++compared;
    by_prefixes += settings.prefix_delegation ? 1 : 0;
    by_addresses += settings.has_address_targets() ? 1 : 0;
    with_custom += settings.custom_networking ? 1 : 0;
    at_max_pods += steady.units < without.units ? 1 : 0;
    unplaced += placed < pods ? 1 : 0;
  }
  CHECK(compared > 900);
  CHECK(by_prefixes > 400);
  CHECK(by_addresses > 400);
  CHECK(with_custom > 200);
  CHECK(at_max_pods > 100);
  CHECK(unplaced > 100);
}

TEST_CASE("growth ends with the step that brings an address for every pod that kubelet takes") {
  // m5.large: N 9. 20 pods at most, M = 40 before any pod: 9, 18, 27, and 27 >= 20.
  NodeLimits limits;
  limits.enis = 3;
  limits.units_per_eni = 9;
  limits.max_pods = 20;
  Settings settings;
  settings.minimum_ip_target = 40;
  CHECK(steady_pool(*make_pool_rules(settings, limits), 0).units == 27);
  // With W = 5 each pod asks for one more: 5 + p, until 20.
  settings = {};
  settings.warm_ip_target = 5;
  CHECK(steady_pool(*make_pool_rules(settings, limits), 14).units == 19);
  CHECK(steady_pool(*make_pool_rules(settings, limits), 18).units == 20);
  CHECK(unlimited_pool(*make_pool_rules(settings, limits), 18).units == 23);
  // 110 pods and prefixes: 7 of them are 112 addresses, on one interface.
  settings = {};
  settings.prefix_delegation = true;
  settings.warm_prefix_target = 1;
  limits.max_pods = 110;
  const auto prefixes = steady_pool(*make_pool_rules(settings, limits), 110);
  CHECK(prefixes.units == 7);
  CHECK(prefixes.enis == 1);
}
