#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "planner/events/fingerprint.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/api_use.h"
#include "planner/ipam/occupancy.h"
#include "planner/ipam/place.h"
#include "planner/ipam/pool_demand.h"
#include "planner/ipam/refusal.h"
#include "planner/ipam/usage.h"

namespace cidrplan {

/// The cluster and its addresses at one moment.
struct Snapshot {
  SimTime at{};
  std::vector<UsageRow> rows;  ///< subnets in the scenario's order, then the model's own ranges
  std::vector<Measure> measures;
  std::int64_t nodes = 0;
  std::int64_t pods_wanted = 0;        ///< by workloads, batches and daemonsets, host-network pods left out
  std::int64_t pods_with_address = 0;  ///< terminating ones included
  std::int64_t waiting = 0;            ///< pods without an address now
  std::int64_t refused = 0;            ///< pods since start
  std::int64_t delayed = 0;            ///< pods since start, served within max_wait
  std::uint64_t pods_started = 0;      ///< since the first moment, warm-up included
  std::optional<OccupancyFigures> occupancy;  ///< Detail::occupancy: in samples and at the end

  uint128 held() const;
};

struct FirstRefusal {
  SimTime at{};
  Cause cause{};
  Place place;
  std::string who;                     ///< "pod of web", "node general-48"
  std::vector<std::string> rolling{};  ///< workloads in a rollout since before
  std::int64_t pods = 0;               ///< the most of these rollouts that had an address or waited for one
  std::int64_t pods_wanted = 0;        ///< by workloads, daemonsets and jobs
};

/// Refusals of one cause at one place.
struct RefusalCount {
  Cause cause{};
  Place place;
  SimTime first{};
  std::int64_t count = 0;
};

/// Nodes that would give /28s of the subnets back if they left: more than their pods need elsewhere.
struct Drains {
  struct OfNode {
    std::string node;
    std::string subnet;
    std::int64_t prefixes = 0;
    std::int64_t pods = 0;  ///< to place elsewhere
  };
  SimTime at{};               ///< the first refusal for want of a /28, else the end
  std::vector<OfNode> nodes;  ///< the largest gain first; a few
};

/// What is held at the end, piece by piece.
struct Holdings {
  OccupancyReport report;
  std::vector<Place> places;                    ///< of its ranges
  std::map<std::uint32_t, std::string> owners;  ///< names of nodes, by Holding::owner
};

/// What counts against the quotas of the provider's account.
struct QuotaUse {
  std::int64_t interfaces = 0;     ///< in the Region
  std::int64_t address_usage = 0;  ///< units of Network Address Usage in the VPC
};

/// One life of the cluster under one design.
struct Run {
  std::int64_t life = 0;
  std::vector<Place> places;  ///< of the rows, in their order
  Snapshot start, end, peak;
  std::vector<Snapshot> samples;  ///< `start`, every `sample`, end of the horizon
  std::optional<FirstRefusal> first_refusal;
  std::vector<RefusalCount> refusals;    ///< by first, then cause, then place
  QuotaUse most;                         ///< at any moment from the start on
  std::vector<ApiUse> api_use;           ///< by action of the provider's API
  PoolDemand pool_demand;                ///< of designs made to measure it
  Drains drains;                         ///< of designs that take prefixes
  std::vector<std::string> broken_sums;  ///< moments at which a row did not add up; empty in a sound program
  std::optional<Holdings> holdings;      ///< Detail::occupancy
  std::uint64_t events = 0;
  std::uint64_t pods_started = 0;
  Fingerprint fingerprint;
};

}  // namespace cidrplan
