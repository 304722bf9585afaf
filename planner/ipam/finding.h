#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "planner/config/diagnostic.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/place.h"
#include "planner/ipam/pool_demand.h"
#include "planner/ipam/refusal.h"
#include "planner/ipam/usage.h"

namespace cidrplan {

/// A judgement about a design, with the figures behind it.
struct Finding {
  Severity severity = Severity::warning;
  std::string code;    ///< kebab-case, stable, listed in docs/DIAGNOSTICS.md
  std::string design;  ///< empty: about the scenario
  std::string text;    ///< one or two sentences with their figures
  std::string source;  ///< the rule's source: repository and path, or RFC; may be empty
};

/// A change of the scenario that may help: the value for a key of the design (or `subnet.NAME.KEY`, …) as
/// --set takes it.
struct Cure {
  std::string key;    ///< e.g. "design.vpc-default.warm_ip_target"
  std::string value;  ///< TOML value, e.g. "2"
  std::string words;  ///< e.g. "warm_ip_target = 2"
};

/// A setting of a design, in its own unit.
struct IntegerSetting {
  std::string key;  ///< relative to the design: "warm_ip_target"
  std::int64_t value = 0;

  friend bool operator==(const IntegerSetting&, const IntegerSetting&) = default;
};

/// The life shown, lived again with some settings changed.
struct TrialLife {
  std::vector<IntegerSetting> settings;
  uint128 held = 0;  ///< in subnets, at the peak
  PoolDemand drawn;
};

/// What a reader of the results knows of one design; for the model's own findings.
struct Evidence {
  std::string design;
  std::vector<UsageRow> start, end, peak;
  std::vector<Measure> end_measures, peak_measures;
  std::int64_t nodes_end = 0;
  std::int64_t pods_end = 0;
  std::int64_t refused = 0;
  struct FirstRefusal {
    SimTime at{};
    Cause cause{};
    Place place;
  };
  std::optional<FirstRefusal> first_refusal;
  std::int64_t lives = 1;         ///< one of them is shown
  std::vector<TrialLife> trials;  ///< in the order in which they were asked for
};

}  // namespace cidrplan
