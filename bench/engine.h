#pragma once

#include <cstdint>
#include <string>

#include "planner/simulation/run.h"

namespace cidrplan::bench {

struct EngineSetting {
  std::string design;  ///< TOML lines of one [[design]] but its name
  std::uint32_t nodes = 10'000;
  std::uint32_t pods = 300'000;
  int hours = 5;  ///< each pod lives one hour on average
};

struct EngineResult {
  double seconds = 0;
  std::uint64_t events = 0;  ///< pods that came and pods that went
};

struct TimedRun {
  double seconds = 0;
  Run run;
};

/// One life of a scenario's first design; its reading is not timed.
TimedRun run_life(const std::string& text);

/// One life under steady churn, preparation included.
EngineResult run_engine(const EngineSetting& setting);

/// Time per event of the churn alone: what `hours` take more than one hour does.
double churn_ns_per_event(const EngineSetting& setting);

/// Reading a scenario and its closed form, in seconds.
double closed_form_seconds(const std::string& path);

bool knows_model(const std::string& name);

}  // namespace cidrplan::bench
