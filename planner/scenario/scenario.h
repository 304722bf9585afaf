#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/labels.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/vpc.h"
#include "planner/cluster/workload.h"
#include "planner/config/diagnostic.h"
#include "planner/events/calendar.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan {

struct ZoneOutage {
  ZoneId zone{};
  Duration duration{};
};
struct NodeOutage {
  GroupId group{};
  std::int64_t nodes = 0;
  Duration duration{};
};
struct GroupUpgrade {
  GroupId group{};
  std::int64_t surge = 1;
};
struct BlueGreen {
  WorkloadId workload{};
  Duration duration{};
};
struct Burst {
  WorkloadId workload{};
  double factor = 1;
  Duration duration{};
};
struct GroupAdded {
  GroupId group{};
};
struct GroupRemoved {
  GroupId group{};
};

struct ClusterEvent {
  SimTime at{};
  std::variant<ZoneOutage, NodeOutage, GroupUpgrade, BlueGreen, Burst, GroupAdded, GroupRemoved> what;

  /// None: it is over at once.
  Duration duration() const {
    return std::visit(
        [](const auto& each) -> Duration {
          if constexpr (requires { each.duration; }) return each.duration;
          return {};
        },
        what);
  }
  bool lasts(Duration length, SimTime now) const { return at <= now && now < at + length; }
};

/// One [[design]]: a model with its options, ready to be made for each life.
struct Design {
  std::string name;
  const ModelSpec* spec = nullptr;
  std::shared_ptr<const ModelFactory> factory;
  OptionTable options;  ///< as given
  bool chosen = false;  ///< what `check` holds to account; none chosen: all
};

struct Policy {
  Severity fail_on = Severity::error;
  double headroom = 0.20;             ///< share of a range that should stay available
  double failure_probability = 0.05;  ///< of lives that may refuse before the horizon
  Duration max_wait = Duration::minutes(5);
  std::int64_t cpu_request = default_cpu_request;  ///< of a pod on average, in thousandths of a core
};

/// Checked input; everything in it can be simulated. Immutable once loaded.
struct Scenario {
  std::string title;
  std::string source_name;  ///< as given on the command line; "-" for stdin
  Calendar calendar;
  SimTime horizon{};  ///< exclusive
  CalendarStep sample{1, {}};
  std::uint64_t seed = 1;
  std::int64_t lives = 1;
  Duration warm_up{};

  std::optional<Vpc> vpc;
  std::vector<std::string>
      zones;  ///< in order of first mention; without a VPC one nameless zone unless groups name some
  std::vector<Subnet> subnets;
  std::shared_ptr<const InstanceCatalog> own_catalog;  ///< none: the built-in one; groups point into it
  std::vector<NodeGroup> groups;
  std::vector<Namespace> namespaces;  ///< in order of first mention, "default" first
  std::vector<Workload> workloads;
  std::vector<Batch> batches;
  std::vector<Daemonset> daemonsets;
  std::vector<ClusterEvent> events;  ///< by time, then file order
  std::vector<Design> designs;
  Policy policy;

  std::string input_hash;  ///< 16 hex digits over the text, the tables it names and the --set values
  std::vector<Diagnostic> warnings;  ///< of loading

  const Design* design(std::string_view name) const;
};

}  // namespace cidrplan
