#pragma once

#include <cstdint>
#include <optional>

#include "models/overlay/run_set.h"
#include "planner/net/prefix.h"

namespace cidrplan::overlay {

enum class CidrError : std::uint8_t {
  exhausted,
  out_of_range,
  node_cidr_too_big,
  no_such_family,
  refused,
  timeout
};

/// A cluster range cut into node ranges of one size, handed out in a circle: each search begins behind the
/// range given last, so that a released range rests until the search comes round again.
/// @source kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set.go
class CidrSet {
 public:
  /// None (node_cidr_too_big) for an IPv6 node mask more than 16 bits longer than the cluster prefix.
  /// A mask shorter than the cluster prefix gives a set without ranges. @pre 0 <= node_mask <= width
  static std::optional<CidrSet> make(const Prefix& cluster, int node_mask);

  const Prefix& cluster() const { return cluster_; }
  int node_mask() const { return node_mask_; }
  std::uint64_t blocks() const { return blocks_; }
  std::uint64_t used() const { return static_cast<std::uint64_t>(used_.size()); }
  std::uint64_t cursor() const { return cursor_; }

  /// The next free range from the cursor on; none: exhausted.
  std::optional<Prefix> allocate();

  /// Numbers of the node ranges that a prefix covers or lies in, both ends included.
  struct Slice {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool empty = false;  ///< the set has no ranges
  };
  /// None: out of range.
  std::optional<Slice> slice_of(const Prefix& prefix) const;

  /// Marks as used, or as free, what the prefix covers; the cursor stays. False: out of range, and nothing
  /// changes.
  bool occupy(const Prefix& prefix);
  bool release(const Prefix& prefix);

  bool is_used(std::uint64_t block) const { return used_.contains(block); }
  Prefix block(std::uint64_t index) const { return cluster_.child(node_mask_, index); }

 private:
  CidrSet(const Prefix& cluster, int node_mask, std::uint64_t blocks)
      : cluster_(cluster), node_mask_(node_mask), blocks_(blocks) {}

  Prefix cluster_;
  int node_mask_ = 0;
  std::uint64_t blocks_ = 0;  // at most 2^32
  std::uint64_t cursor_ = 0;
  RunSet used_;
};

}  // namespace cidrplan::overlay
