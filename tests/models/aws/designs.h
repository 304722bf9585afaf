#pragma once

#include <string>

#include "planner/scenario/load_scenario.h"
#include "planner/simulation/ensemble.h"

namespace cidrplan::test {

/// A scenario's text, without its designs' [[design]] name and model lines.
struct DesignCase {
  std::string vpc;      ///< lines of [vpc]
  std::string subnets;  ///< whole tables
  std::string group;    ///< lines of the one [[node_group]] "g"
  std::string rest;     ///< whole tables: workloads, events, …
  std::string options;  ///< lines of the one [[design]] "d"
  std::string horizon = "1d";
};

std::string text_of(const DesignCase& one);
/// @pre nothing is wrong with it
Scenario scenario_of(const DesignCase& one);
/// One life.
Run live(const DesignCase& one);

/// All subnets of a snapshot together.
Usage subnets_of(const Snapshot& snapshot);
std::int64_t measure(const Snapshot& snapshot, std::string_view name);

}  // namespace cidrplan::test
