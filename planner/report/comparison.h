#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/capacity/cures.h"
#include "planner/ipam/finding.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/ensemble.h"

namespace cidrplan {

/// What is known of one design.
struct DesignResult {
  std::string name;
  std::string model;
  std::vector<PodRange> ranges;
  bool draws_prefixes = false;
  std::optional<Ensemble> ensemble;  ///< none: closed form only
  ClosedForm closed_start, closed_end;
  std::string explanation;       ///< what binds at the first refusal, or is short at the end; may be empty
  std::vector<CureTrial> cures;  ///< the most useful first
  std::vector<Finding> findings;

  /// The refusal that speaks for the design: the shown life's, else the earliest of any life.
  const FirstRefusal* refusal() const;
  /// Of the ranges; a subnet's addresses are IPv4.
  Family family_of(const Place& place) const;
  bool has_ranges(Family family) const;
  bool fits() const { return !ensemble || ensemble->fits; }
};

/// Designs of one scenario, each with what came of it.
struct Comparison {
  const Scenario* scenario = nullptr;  ///< outlives this
  std::vector<DesignResult> designs;   ///< in the scenario's order

  const Scenario& of() const { return *scenario; }
};

/// Rows of subnets, or rows of the design's own ranges, added up.
struct Block {
  bool any = false;
  Usage usage;
  uint128 borrowed = 0;
  uint128 borrowable = 0;
  std::uint64_t free_prefixes = 0;
};
Block subnets_of(const Run& run, const Snapshot& snapshot);
Block ranges_of(const Run& run, const Snapshot& snapshot);
/// Those of one family. @pre result.ensemble, and the snapshot is of its life
Block ranges_of(const DesignResult& result, const Snapshot& snapshot, Family family);

/// The row that decides: where the first refusal was, else the fullest at the peak. None without rows.
std::optional<std::size_t> binding_row(const Run& run);

struct ComparisonOptions {
  bool closed_form_only = false;
  Detail detail = Detail::usual;  ///< of the lives shown
  bool setting_trials = false;    ///< lives with other settings, for what findings say of them
};

/// Simulates every design of the scenario and judges it. Cures are tried elsewhere.
/// @param progress  as for simulate, over all designs
Comparison compare_designs(const Scenario& scenario, const ComparisonOptions& options,
                           const Progress& progress = {});

}  // namespace cidrplan
