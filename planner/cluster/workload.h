#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "planner/cluster/growth_curve.h"
#include "planner/cluster/ids.h"
#include "planner/events/distribution.h"

namespace cidrplan {

/// Which node a pod goes to: the one with the fewest pods, the fullest that has a slot, or any. Ties by node
/// order.
enum class Placement : std::uint8_t { spread, pack, random };
std::string_view to_string(Placement placement);

/// The families of which a pod needs an address each; at least one.
struct Families {
  bool ipv4 = true;
  bool ipv6 = false;

  friend constexpr bool operator==(Families, Families) = default;
};

/// A count or whole percents of one (Kubernetes' IntOrString).
struct CountOrPercent {
  std::int64_t value = 0;
  bool percent = false;
};

struct Rollout {
  Duration every{};
  CountOrPercent max_surge{25, true};
  CountOrPercent max_unavailable{25, true};
  Duration ready_after{};

  /// Resolved for a replica count: surge rounds up, unavailable down, and unavailable is 1 when both become
  /// 0.
  /// @source kubernetes/kubernetes pkg/controller/deployment/util/deployment_util.go (ResolveFenceposts)
  struct Fenceposts {
    std::int64_t surge = 0;
    std::int64_t unavailable = 0;
  };
  Fenceposts resolve(std::int64_t replicas) const;
};

struct Workload {
  std::string name;
  std::vector<GroupId> groups;
  Placement placement = Placement::spread;
  NamespaceId in_namespace{};
  GrowthCurve pods;
  Distribution lifetime;
  std::optional<Rollout> rollout;
  Duration grace = Duration::seconds(30);
  Families families;
};

/// Jobs that arrive by chance (Poisson) and run to their end.
struct Batch {
  std::string name;
  std::vector<GroupId> groups;
  Placement placement = Placement::spread;
  NamespaceId in_namespace{};
  GrowthCurve jobs_per_hour;
  std::int64_t pods_per_job = 1;
  Distribution duration;
  Duration grace{};  ///< a finished pod gives its address back at once
  Families families;
};

/// One pod on every node of its groups.
struct Daemonset {
  std::string name;
  std::vector<GroupId> groups;  ///< all groups unless named
  bool host_network = false;    ///< needs no address, takes a pod slot
  NamespaceId in_namespace{};
  Families families;
};

}  // namespace cidrplan
