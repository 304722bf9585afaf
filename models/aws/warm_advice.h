#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/aws/vpc_cni_options.h"
#include "planner/ipam/finding.h"

namespace cidrplan::aws {

/// What a node's daemon keeps ready.
struct WarmTargets {
  std::int64_t warm_eni = 1;  ///< counts where the others are 0
  std::int64_t warm_ip = 0;
  std::int64_t minimum = 0;

  std::vector<IntegerSetting> settings() const;
  void apply(Settings& settings) const;

  friend bool operator==(const WarmTargets&, const WarmTargets&) = default;
};

/// The next targets to live a life with, on the way to the smallest ones under which no pod waits for its
/// node's pool: WARM_ENI_TARGET = 1 to see what pods draw, the present ones, what was seen to be needed, and
/// less than that until some pod waits; where subnets have no room under it, WARM_IP_TARGET = 1 shows what is
/// drawn. None: nothing more to see, or the design has no single addresses.
std::optional<WarmTargets> next_targets(const VpcCniOptions& options, const Evidence& evidence);

/// What those lives showed; none where none was lived.
std::optional<Finding> warm_finding(const VpcCniOptions& options, const Evidence& evidence);

}  // namespace cidrplan::aws
