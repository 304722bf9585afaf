#include "tests/models/aws/designs.h"

#include "models/all_models.h"
#include "tests/support/catch.h"

namespace cidrplan::test {

std::string text_of(const DesignCase& one) {
  return "start = \"2027-01-01\"\nhorizon = \"" + one.horizon +
         "\"\nsample = \"1d\"\n[vpc]\nregion = \"us-east-1\"\n" + one.vpc + "\n" + one.subnets +
         "\n[[node_group]]\nname = \"g\"\n" + one.group + "\n" + one.rest +
         "\n[[design]]\nname = \"d\"\nmodel = \"vpc-cni\"\n" + one.options + "\n";
}

Scenario scenario_of(const DesignCase& one) {
  const auto text = text_of(one);
  auto loaded = load_scenario({"case", text, {}, {}, {}}, all_models(), all_instances());
  INFO(render(loaded.diagnostics, "case", text));
  REQUIRE(loaded.scenario);
  return std::move(*loaded.scenario);
}

Run live(const DesignCase& one) {
  const auto scenario = scenario_of(one);
  auto run = simulate(scenario, scenario.designs[0], 0);
  CHECK(run.broken_sums.empty());
  return run;
}

Usage subnets_of(const Snapshot& snapshot) {
  Usage sum;
  for (const auto& row : snapshot.rows)
    if (row.place.kind == PlaceKind::subnet) sum += row.usage;
  return sum;
}

std::int64_t measure(const Snapshot& snapshot, std::string_view name) {
  for (const auto& one : snapshot.measures)
    if (one.name == name) return one.value;
  FAIL("no measure " << name);
  return 0;
}

}  // namespace cidrplan::test
