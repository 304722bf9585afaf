#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "models/overlay/cidr_set.h"

namespace cidrplan::overlay {

struct ClusterRange {
  Prefix cidr;
  int node_mask = 24;
};

/// What became of one attempt to write a node's ranges to its object.
enum class Write : std::uint8_t {
  works,
  third,            ///< at the third attempt
  refused,          ///< fails three times
  timeout,          ///< fails three times; nothing was written
  timeout_applied,  ///< reported as failed three times, and yet written
};

/// The node IPAM controller: one range of every cluster range (one a family) for each Node object, for as
/// long as the object lives.
/// @source kubernetes/kubernetes pkg/controller/nodeipam/ipam/range_allocator.go
class RangeAllocator {
 public:
  using NodeKey = std::uint32_t;

  struct Failure {
    CidrError error{};
    std::optional<std::size_t> family;  ///< the number of the cluster range it came from, where there is one
  };
  struct Answer {
    /// Taken for the node in this call, and written or tried; with `exhausted` they stay used and nobody has
    /// them.
    std::vector<Prefix> cidrs;
    std::optional<Failure> failure;
  };

  /// Without cluster ranges until `start`.
  RangeAllocator() = default;

  /// The controller comes up, with everything it held in memory gone: service ranges are marked as used
  /// wherever they overlap, then the ranges of the nodes that exist, in the order of `names`. On a failure
  /// the controller that ran before goes on.
  std::optional<Failure> start(std::span<const ClusterRange> clusters, std::span<const Prefix> services,
                               std::span<const NodeKey> names);

  /// A Node object appears, with ranges of its own where `cidrs` is not empty. @pre it does not exist
  Answer add_node(NodeKey node, std::vector<Prefix> cidrs, Write write);
  /// An existing node is looked at again. @pre it exists
  Answer sync_node(NodeKey node, Write write);
  /// The Node object goes. Releasing stops at the first failure, and does not say whose it was. @pre it
  /// exists
  std::optional<Failure> delete_node(NodeKey node);

  std::span<const CidrSet> sets() const { return sets_; }
  bool knows(NodeKey node) const { return nodes_.contains(node); }
  /// None written: empty. @pre it exists
  std::span<const Prefix> cidrs_of(NodeKey node) const { return nodes_.at(node); }

 private:
  static std::optional<Failure> occupy(std::vector<CidrSet>& sets, std::span<const Prefix> cidrs);
  std::optional<Failure> release(std::span<const Prefix> cidrs);

  std::vector<CidrSet> sets_;
  std::map<NodeKey, std::vector<Prefix>> nodes_;
};

}  // namespace cidrplan::overlay
