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

/// A cluster range and the moment from which nodes may have ranges of it.
struct DatedRange {
  Prefix cidr;
  SimTime from{};
};

struct NodeCidrOptions {
  std::vector<DatedRange> ranges;  ///< IPv4, in the order in which they are tried
  int node_mask = 24;              ///< at most 30
  std::optional<Prefix> services;  ///< node ranges that overlap it are never given out
};

/// Addresses of a node range that no pod can have: network, gateway and broadcast.
/// @source flannel-io/flannel pkg/backend/vxlan/vxlan.go; containernetworking/plugins plugins/ipam/host-local
inline constexpr std::uint64_t reserved_per_node = 3;

/// One fixed range for each node, cut from the cluster range by the node IPAM controller; pods take addresses
/// of their node's range by host-local. A place of kind pool is a cluster range, one of kind node_range a
/// node (by NodeId).
class NodeCidrModel final : public IpamModel {
 public:
  explicit NodeCidrModel(const NodeCidrOptions& options);

  Admission add_node(const Node& node, SimTime now) override;
  void remove_node(NodeId node, SimTime now) override;
  Assignment assign(const PodRequest& request, SimTime now) override;
  void release(PodId pod, SimTime now) override;

  std::optional<SimTime> next_wakeup() const override;
  void wake(SimTime now, std::vector<NodeId>& gained) override;

  std::uint64_t freed() const override { return freed_; }
  uint128 held() const override;
  void report(UsageReport& report) override;
  std::string place_name(PlaceRef place) const override;

 private:
  struct ClusterPart {
    RangeAllocator allocator;
    Prefix cidr;
    SimTime from{};
    std::uint64_t blocked = 0;  ///< node ranges a service range lies in
    std::uint64_t nodes = 0;
    std::uint64_t pods = 0;
    bool open = false;

    const CidrSet& set() const { return allocator.sets().front(); }
    bool has_room() const { return open && set().used() < set().blocks(); }
  };
  struct NodeState {
    std::size_t part = 0;
    Prefix range;
    HostLocal addresses;
    std::uint32_t waiting = 0;  ///< pods that were told to wait
    std::string name;
  };
  struct PodState {
    enum class Kind : std::uint8_t { unknown, waiting, served };
    NodeId node{};
    std::uint32_t offset = 0;  ///< of its address in the node's range
    Kind kind = Kind::unknown;
  };

  void open_due(SimTime now);
  NodeState& state_of(NodeId node) { return *nodes_[index_of(node)]; }
  std::uint64_t addresses_per_node() const { return std::uint64_t{1} << (32 - node_mask_); }
  Usage usage_of(const ClusterPart& part) const;

  int node_mask_ = 24;
  std::vector<ClusterPart> parts_;
  std::vector<std::unique_ptr<NodeState>> nodes_;  // by NodeId; none: gone, or never admitted
  std::vector<PodState> pods_;                     // by PodId
  std::vector<NodeId> gained_;
  std::map<std::uint32_t, std::string>
      full_ranges_;  // names of node ranges that turned a pod away, by NodeId
  std::uint64_t freed_ = 0;
  SimTime last_call_{};
};

}  // namespace cidrplan::overlay
