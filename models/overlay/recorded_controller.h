#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "models/overlay/cidr_set_lines.h"
#include "models/overlay/range_allocator.h"
#include "models/recording_replayer.h"

namespace cidrplan::overlay {

/// A cluster range of a recording, bounded: each used node range is a line of the state.
/// @throws ReplayInputError
ClusterRange cluster_of(const std::string& cidr, std::int64_t mask);

/// The node IPAM controller under a recording: Node objects by name, and the digest of the state kept up to
/// date.
class RecordedController {
 public:
  explicit RecordedController(StateDigest& digest) : digest_(digest) {}

  /// `start`, `add_node`, `sync_node` or `delete_node`. @throws ReplayInputError  another one, or bad fields
  Json perform(const std::string& op, const Json& line);

  /// The sets and that node, where there is one.
  std::vector<std::string> lines_around(const std::string& node) const;
  std::vector<std::string> lines() const;

 private:
  Json start(const Json& line);
  Json add_node(const std::string& name, std::vector<Prefix> cidrs, Write write);
  Json sync_node(const std::string& name, Write write);
  Json worked_on(const RangeAllocator::Answer& result);
  Json delete_node(const std::string& name);

  RangeAllocator::NodeKey node_named(const std::string& name) const;
  BlockWatch watch(std::span<const Prefix> cidrs) const;
  void toggle_controller();
  void toggle_set_lines();

  StateDigest& digest_;
  RangeAllocator controller_;
  std::map<std::string, RangeAllocator::NodeKey> nodes_;
  RangeAllocator::NodeKey next_node_ = 0;
};

}  // namespace cidrplan::overlay
