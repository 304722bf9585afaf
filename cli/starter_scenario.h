#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "planner/cluster/instance_catalog.h"

namespace cidrplan::cli {

/// What `init` is told; each member's value here is what stands when nothing is said.
struct StarterRequest {
  std::string title = "A cluster to plan";
  std::string vpc = "10.0.0.0/16";
  std::string region = "us-east-1";
  std::string start = "2027-01-01";
  std::string horizon = "3y";
  std::string growth = "3%/month";
  std::string instance = "m5.xlarge";
  std::int64_t zones = 3;
  std::int64_t nodes = 10;
  std::int64_t pods = 300;
};

/// A commented scenario that runs as it is, or what is wrong with the request.
struct StarterScenario {
  std::optional<std::string> text;
  std::string error;
};
StarterScenario write_starter_scenario(const StarterRequest& request, const InstanceCatalog& catalog);

}  // namespace cidrplan::cli
