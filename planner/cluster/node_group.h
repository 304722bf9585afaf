#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "planner/cluster/growth_curve.h"
#include "planner/cluster/ids.h"
#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/labels.h"
#include "planner/net/address.h"

namespace cidrplan {

enum class Os : std::uint8_t { linux, windows };
std::string_view to_string(Os os);

struct NodeGroup {
  std::string name;
  const InstanceLimits* limits = nullptr;  ///< none without a VPC
  std::vector<ZoneId> zones;               ///< at least one; without a VPC the one nameless zone
  std::vector<SubnetId> subnets;           ///< where its nodes may stand; empty without a VPC
  std::optional<GrowthCurve> nodes;        ///< none: "auto"
  std::int64_t min_nodes = 0;
  std::optional<std::int64_t> max_nodes;
  std::optional<int> max_pods;
  std::optional<Duration> replace_every;
  std::int64_t surge = 1;
  std::string name_pattern;  ///< "{n}" is the number; default "<group>-{n}"
  Os os = Os::linux;
  Labels labels;  ///< as given

  std::string node_name(std::int64_t number) const;
};

/// The labels that all nodes of a group in one zone carry: what kubelet and the cloud provider set (os, zone,
/// region, instance type), and the group's own, which win. Empty names make no label.
/// @source kubernetes/website content/en/docs/reference/labels-annotations-taints/_index.md
Labels node_labels(const NodeGroup& group, std::string_view zone, std::string_view region);

/// A node while it lives.
struct Node {
  NodeId id{};
  GroupId group{};
  ZoneId zone{};
  int max_pods = 110;  ///< kubelet's limit, host-network pods included
  Os os = Os::linux;
  std::string name;
  std::optional<SubnetId> subnet;  ///< none without a VPC
  std::optional<Address> address;  ///< its primary address, taken by the engine
  const InstanceLimits* limits = nullptr;
  const Labels* labels = nullptr;  ///< of its group in its zone, kubernetes.io/hostname left out; may be none
};

}  // namespace cidrplan
