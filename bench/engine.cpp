#include "bench/engine.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "models/all_models.h"
#include "planner/scenario/load_scenario.h"
#include "planner/simulation/held_in_closed_form.h"
#include "planner/simulation/simulate.h"

namespace cidrplan::bench {
namespace {

/// Of one core, whatever else the machine does.
double seconds_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

Scenario load(const std::string& name, const std::string& text) {
  auto loaded = load_scenario({name, text, {}, {}, {}}, all_models(), all_instances());
  if (!loaded.scenario) throw std::runtime_error(render(loaded.diagnostics, name, text));
  return std::move(*loaded.scenario);
}

std::string text_of(const EngineSetting& setting) {
  std::ostringstream text;
  text
      << "title = \"steady churn\"\nstart = \"2027-01-01\"\nhorizon = \"" << setting.hours
      << "h\"\nsample = \"1h\"\n[[node_group]]\nname = \"g\"\nnodes = " << setting.nodes
      << "\nmax_pods = 110\n[[workload]]\nname = \"w\"\nnode_groups = [\"g\"]\npods = " << setting.pods
      << "\nlifetime = { distribution = \"exponential\", mean = \"1h\" }\ngrace = \"0s\"\n[[design]]\nname = "
         "\"d\"\n"
      << setting.design;
  return text.str();
}

}  // namespace

TimedRun run_life(const std::string& text) {
  const auto scenario = load("bench", text);
  const auto begin = std::clock();
  auto run = simulate(scenario, scenario.designs[0], 0);
  return {seconds_since(begin), std::move(run)};
}

EngineResult run_engine(const EngineSetting& setting) {
  const auto life = run_life(text_of(setting));
  return {life.seconds, life.run.pods_started * 2 - setting.pods};
}

double churn_ns_per_event(const EngineSetting& setting) {
  auto preparation = setting;
  preparation.hours = 1;
  const auto before = run_engine(preparation);
  const auto all = run_engine(setting);
  return (all.seconds - before.seconds) * 1e9 / static_cast<double>(all.events - before.events);
}

double closed_form_seconds(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const auto begin = std::clock();
  const auto scenario = load(path, text.str());
  for (const auto& design : scenario.designs) {
    held_in_closed_form(scenario, design, SimTime{} + scenario.policy.max_wait);
    held_in_closed_form(scenario, design, {scenario.horizon.ms - 1});
  }
  return seconds_since(begin);
}

bool knows_model(const std::string& name) {
  const auto models = all_models();
  return std::any_of(models.begin(), models.end(), [&](const ModelSpec& spec) { return spec.name == name; });
}

}  // namespace cidrplan::bench
