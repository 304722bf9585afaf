#pragma once

#include <cstdint>

namespace cidrplan::bench {

/// The bare loop that every figure is compared with: draw a life, push to and pop from the bucketed queue,
/// pick a node, pop or push one ring entry, write owner and pod slot. No model, no report.
struct FloorResult {
  double seconds = 0;
  std::uint64_t events = 0;    ///< an arrival and a departure are two
  std::uint64_t checksum = 0;  ///< keeps the loop from being optimised away

  double ns_per_event() const { return seconds * 1e9 / static_cast<double>(events); }
};

FloorResult run_floor(std::uint32_t nodes, std::uint32_t pods, std::uint64_t departures);

}  // namespace cidrplan::bench
