#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "planner/events/sim_time.h"
#include "planner/ipam/occupancy.h"

namespace cidrplan {

/// What one node has to do with pods, as it was seen in a simulation.
struct NodeTraffic {
  double pods = 0;           ///< with an address, on average; daemonset pods not counted
  std::int64_t daemons = 0;  ///< daemonset pods with an address
  Duration stay{};           ///< how long a pod has its address, on average
  std::int64_t nodes = 0;
  std::int64_t slots = 0;  ///< pods a node can take, daemonset pods not counted
};

/// How full one node's pieces are in the long run, by theory: averages over time.
struct LongRun {
  double pieces = 0;   ///< held
  double waiting = 0;  ///< of them
  double used = 0;     ///< addresses
  double idle = 0;
  std::array<double, fill_count> fill{};  ///< pieces by Fill
  std::vector<double> held;               ///< [k] share of time with k pieces
  std::vector<std::string> notes;         ///< what was assumed, and how exact it is; a sentence each

  double of(Fill which) const { return fill[static_cast<std::size_t>(which)]; }
};

}  // namespace cidrplan
