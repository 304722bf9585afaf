#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "models/all_models.h"
#include "planner/scenario/load_scenario.h"
#include "planner/simulation/ensemble.h"
#include "planner/simulation/held_in_closed_form.h"
#include "tests/support/catch.h"

using namespace cidrplan;
namespace fs = std::filesystem;

namespace {

const fs::path folder = fs::path(CIDRPLAN_SOURCE_DIR) / "tests" / "cases";

struct Check {
  std::string quantity;
  double value = 0;
  double tolerance = 0;
};

struct FieldCase {
  std::string id;  ///< of the file, up to the first dot
  fs::path file;
  std::string text;
  std::vector<Check> checks;
  std::string refused;  ///< the code of the mistake, where the scenario must not be read
};

FieldCase read_case(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  const auto name = file.filename().string();
  FieldCase field{name.substr(0, name.find('.')), file, text.str(), {}, {}};
  std::istringstream lines(field.text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# refused: ")) field.refused = line.substr(11);
    if (!line.starts_with("# check: ")) continue;
    std::istringstream words(line.substr(9));
    Check check;
    REQUIRE((words >> check.quantity >> check.value >> check.tolerance));
    field.checks.push_back(check);
  }
  return field;
}

std::vector<FieldCase> all_cases() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<FieldCase> cases;
  for (const auto& file : files) cases.push_back(read_case(file));
  return cases;
}

double count(uint128 value) { return static_cast<double>(value); }

/// What came of a case, by the names that checks use.
class Answers {
 public:
  Answers(const Scenario& scenario, const Ensemble& lives) : scenario_(scenario), lives_(lives) {
    const auto& end = lives.life().end;
    for (std::size_t i = 0; i < end.rows.size(); ++i) {
      (i < scenario.subnets.size() ? subnets_ : ranges_) += end.rows[i].usage;
      borrowed_ += end.rows[i].borrowed;
    }
  }

  double answer(const std::string& quantity) const {
    const auto& end = lives_.life().end;
    if (quantity == "held") return count(subnets_.held());
    if (quantity == "in_use") return count(subnets_.in_use);
    if (quantity == "idle") return count(subnets_.idle);
    if (quantity == "usable") return count(subnets_.capacity);
    if (quantity == "interfaces") return interfaces();
    if (quantity == "secondaries") return count(subnets_.held()) - interfaces();
    if (quantity == "prefixes")
      return (count(subnets_.held()) - interfaces()) / SubnetSpace::prefix_addresses;
    if (quantity == "nodes") return static_cast<double>(end.nodes);
    if (quantity == "nodes_refused") return static_cast<double>(refused_nodes());
    if (quantity == "waiting") return static_cast<double>(end.waiting);
    if (quantity == "pods_with_address") return static_cast<double>(end.pods_with_address);
    if (quantity == "fits") return lives_.fits ? 1 : 0;
    if (quantity == "max_pods") return density().max_pods;
    if (quantity == "pod_addresses") return static_cast<double>(density().pod_addresses);
    if (quantity == "node_ranges") return measure("node_ranges_total");
    if (quantity == "node_ranges_ipv4") return node_ranges(Family::ipv4);
    if (quantity == "node_ranges_ipv6") return node_ranges(Family::ipv6);
    if (quantity == "held_per_node") return count(ranges_.held()) / static_cast<double>(end.nodes);
    if (quantity == "held_per_node_ipv4") return held_per_node(Family::ipv4);
    if (quantity == "held_per_node_ipv6") return held_per_node(Family::ipv6);
    if (quantity.starts_with("blocks_capacity[/"))
      return count(ranges_.capacity) / std::exp2(32 - std::stoi(quantity.substr(17)));
    if (quantity == "borrowed") return count(borrowed_);
    if (quantity.starts_with("measure[")) return measure(quantity.substr(8, quantity.find(']') - 8));
    if (quantity.starts_with("pool[")) return of_pool(quantity.substr(5));
    FAIL("no such quantity: " << quantity);
    return 0;
  }

  /// Closed form and simulation agree at the end of the life.
  void check_closed_form() const {
    const auto form = held_in_closed_form(scenario_, scenario_.designs[0], {scenario_.horizon.ms - 1});
    INFO("subnets " << to_string(form.subnets.low) << " to " << to_string(form.subnets.high) << ", held "
                    << to_string(subnets_.held()));
    INFO("ranges " << to_string(form.ranges.low) << " to " << to_string(form.ranges.high) << ", held "
                   << to_string(ranges_.held()));
    CHECK(form.subnets.contains(subnets_.held()));
    CHECK(form.ranges.contains(ranges_.held()));
  }

 private:
  double interfaces() const { return measure("interfaces"); }
  /// "NAME].free" and its like.
  double of_pool(const std::string& words) const {
    const auto bracket = words.find(']');
    const auto ranges = scenario_.designs[0].factory->ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
      if (ranges[i].name != words.substr(0, bracket)) continue;
      const auto& usage = lives_.life().end.rows[scenario_.subnets.size() + i].usage;
      const auto what = words.substr(bracket + 2);
      if (what == "free") return count(usage.capacity - usage.in_use);
      if (what == "in_use") return count(usage.in_use);
      if (what == "held") return count(usage.held());
      if (what == "idle") return count(usage.idle);
    }
    FAIL("no such pool or quantity: " << words);
    return 0;
  }
  double measure(std::string_view name) const {
    for (const auto& measure : lives_.life().end.measures)
      if (measure.name == name) return static_cast<double>(measure.value);
    FAIL("the design has no measure " << name);
    return 0;
  }
  /// The end of the one range of that family.
  const Usage& range(Family family) const {
    const auto& end = lives_.life().end;
    const auto ranges = scenario_.designs[0].factory->ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i)
      if (ranges[i].cidr.family() == family) return end.rows[scenario_.subnets.size() + i].usage;
    FAIL("the design has no range of that family");
    return end.rows[0].usage;
  }
  double held_per_node(Family family) const {
    return count(range(family).held()) / static_cast<double>(lives_.life().end.nodes);
  }
  double node_ranges(Family family) const { return count(range(family).capacity) / held_per_node(family); }
  std::int64_t refused_nodes() const {
    const auto wanted = scenario_.groups[0].nodes->at(scenario_.calendar, {});
    return wanted - lives_.life().end.nodes;
  }
  Density density() const {
    const auto& group = scenario_.groups[0];
    return scenario_.designs[0].factory->density({group.limits, group.max_pods, group.os, GroupId{0}});
  }

  const Scenario& scenario_;
  const Ensemble& lives_;
  Usage subnets_, ranges_;
  uint128 borrowed_ = 0;
};

bool known_model(const FieldCase& field) {
  const auto models = all_models();
  return std::any_of(models.begin(), models.end(), [&](const ModelSpec& spec) {
    return field.text.find("model = \"" + std::string(spec.name) + '"') != std::string::npos;
  });
}

std::vector<std::string> not_covered() {
  std::ifstream file(folder / "not-covered.txt");
  std::vector<std::string> ids;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto colon = line.find(": ");
    REQUIRE(colon != std::string::npos);
    ids.push_back(line.substr(0, colon));
  }
  return ids;
}

}  // namespace

TEST_CASE("what the field reported comes out") {
  std::size_t checks = 0;
  for (const auto& field : all_cases()) {
    CAPTURE(field.file.filename().string());
    if (!known_model(field)) {
      WARN(field.file.filename().string() << ": its model is not in the program");
      continue;
    }
    auto loaded = load_scenario({field.id, field.text, {}, {}, {}}, all_models(), all_instances());
    INFO(render(loaded.diagnostics, field.id, field.text));
    if (!field.refused.empty()) {
      REQUIRE(loaded.diagnostics.sorted().size() == 1);
      CHECK(loaded.diagnostics.sorted()[0].code == field.refused);
      ++checks;
      continue;
    }
    REQUIRE(loaded.scenario);
    const auto lives = simulate_lives(*loaded.scenario, loaded.scenario->designs[0]);
    CHECK(lives.life().broken_sums.empty());
    const Answers answers(*loaded.scenario, lives);
    answers.check_closed_form();
    for (const auto& check : field.checks) {
      CAPTURE(check.quantity);
      CHECK(answers.answer(check.quantity) == Approx(check.value).margin(check.tolerance).epsilon(0));
      ++checks;
    }
  }
  CHECK(checks >= 160);
}

TEST_CASE("every case of the field is either run or listed with a reason") {
  std::set<std::string> run;
  for (const auto& field : all_cases()) {
    CHECK(field.checks.empty() != field.refused.empty());
    run.insert(field.id);
  }
  const auto open = not_covered();
  CHECK(run.size() == 51);
  CHECK(open.size() == 29);
  for (const auto& id : open) CHECK(run.count(id) == 0);
}
