#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/overlay/host_local.h"
#include "models/overlay/range_allocator.h"
#include "planner/ipam/ipam_model.h"

namespace cidrplan::overlay {

/// A cluster range, the size of its node ranges, and the moment from which nodes may have some.
struct DatedRange {
  Prefix cidr;
  int node_mask = 24;
  SimTime from{};
};

struct NodeCidrOptions {
  /// Of one family: tried in this order. Of both: one range each, with one date, and a node has a part of
  /// both.
  std::vector<DatedRange> ranges;
  std::optional<Prefix> services;  ///< node ranges that overlap it are never given out

  bool has(Family family) const;
  bool dual_stack() const { return has(Family::ipv4) && has(Family::ipv6); }
};

/// One fixed range of each family for each node, cut from the cluster range by the node IPAM controller; pods
/// take addresses of their node's ranges by host-local. A place of kind pool is a cluster range, in the order
/// of the options, one of kind node_range a node (by NodeId).
class NodeCidrModel final : public IpamModel {
 public:
  explicit NodeCidrModel(const NodeCidrOptions& options);

  Admission add_node(const Node& node, SimTime now) override;
  void remove_node(NodeId node, SimTime now) override;
  Assignment assign(const PodRequest& request, SimTime now) override;
  void release(PodId pod, SimTime now) override;
  void expect_release(PodId pod, Ahead ahead) const override;

  SimTime next_wakeup() const override;
  void wake(SimTime now, std::vector<NodeId>& gained) override;

  std::uint64_t freed() const override { return freed_; }
  uint128 held() const override;
  void report(UsageReport& report) override;
  void occupancy(OccupancyReport& report) const override;
  std::string place_name(PlaceRef place) const override;

 private:
  /// One family of a controller.
  struct ClusterPart {
    std::size_t row = 0;        ///< of the report, and its place
    std::uint64_t blocked = 0;  ///< node ranges a service range lies in
    std::uint64_t lost = 0;     ///< taken for nodes that got none of the other family, until a restart
  };
  /// A controller with its cluster ranges, one of each family.
  struct Cluster {
    RangeAllocator allocator;
    std::vector<ClusterPart> parts;
    SimTime from{};
    uint128 node_addresses = 0;  ///< in the ranges of one node
    std::uint64_t nodes = 0;
    std::uint64_t pods = 0;
    bool open = false;
  };
  struct NodeState {
    std::size_t cluster = 0;
    std::vector<HostLocal> addresses;  ///< one range set a family, IPv4 first
    std::uint32_t waiting = 0;         ///< pods that were told to wait
    std::string name;
  };
  struct PodState {
    enum class Kind : std::uint8_t { unknown, waiting, served };
    NodeId node{};
    std::uint32_t offset = 0;  ///< of its IPv4 address in the node's range
    Kind kind = Kind::unknown;
  };

  void add_cluster(const NodeCidrOptions& options, std::size_t first, std::size_t count);
  void open_due(SimTime now);
  /// Has a free range of every family; where only one family has, asking takes and loses one.
  static bool has_room(const Cluster& cluster);
  NodeState& state_of(NodeId node) { return *nodes_[index_of(node)]; }
  /// Where the pod's address of that family lies in the node's range.
  void remember(PodId pod, const HostLocal& local, const Address& address);
  Address address_of(PodId pod, const HostLocal& local) const;
  Usage usage_of(const Cluster& cluster, std::size_t family) const;

  std::vector<Prefix> cidrs_;  // by place of kind pool
  bool ipv6_ = false;
  bool dual_stack_ = false;
  std::vector<Cluster> clusters_;                  // tried in this order
  std::vector<std::unique_ptr<NodeState>> nodes_;  // by NodeId; none: gone, or never admitted
  std::vector<PodState> pods_;                     // by PodId
  std::vector<std::uint64_t> ipv6_offsets_;        // by PodId; empty without IPv6
  std::vector<NodeId> gained_;
  std::map<std::uint32_t, std::string>
      full_ranges_;  // names of node ranges that turned a pod away, by NodeId
  std::uint64_t freed_ = 0;
  SimTime last_call_{};
  SimTime next_opening_ = SimTime::never();  // of a cluster range
};

}  // namespace cidrplan::overlay
