#pragma once

#include <string>

#include "models/calico/calico_spec.h"
#include "planner/scenario/load_scenario.h"
#include "tests/support/catch.h"

namespace cidrplan::calico::test {

/// A scenario with one calico design, on premises.
struct Plan {
  std::string group = "nodes = 3";
  std::string workload = "pods = 10";
  std::string design;
  std::string more;

  std::string text() const {
    return "start = \"2027-01-01\"\nhorizon = \"30d\"\n[[node_group]]\nname = \"g\"\n" + group +
           "\n[[workload]]\nname = \"w\"\n" + workload + "\n" + more +
           "[[design]]\nname = \"c\"\nmodel = \"calico\"\n" + design;
  }

  LoadedScenario load() const {
    static const std::vector<ModelSpec> models{calico_spec()};
    static const InstanceCatalog catalog;
    return load_scenario({"plan.toml", text(), {}, {}, {}}, models, catalog);
  }

  /// What a person reads about the design: the messages with code and hint, without places.
  std::string mistakes() const {
    std::string all;
    for (const auto& each : load().diagnostics.sorted())
      all += "[" + each.code + "] " + each.message + (each.hint.empty() ? "" : " (" + each.hint + ")") + "\n";
    return all;
  }

  Scenario scenario() const {
    auto loaded = load();
    INFO(render(loaded.diagnostics, "plan.toml", text()));
    REQUIRE(loaded.scenario);
    return std::move(*loaded.scenario);
  }
};

}  // namespace cidrplan::calico::test
