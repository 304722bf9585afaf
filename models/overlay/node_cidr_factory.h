#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/overlay/node_cidr_model.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::overlay {

/// What a node group asks of its nodes' ranges.
struct GroupNeed {
  std::string name;
  int max_pods = 110;
};

/// The keys by which this design's node masks are given; cures name them.
struct MaskKeys {
  std::string ipv4 = "node_mask";
  std::string ipv6 = "node_mask";
};

class NodeCidrFactory final : public ModelFactory {
 public:
  NodeCidrFactory(NodeCidrOptions options, std::vector<PodRange> ranges, std::vector<GroupNeed> needs,
                  MaskKeys keys)
      : options_(std::move(options)),
        ranges_(std::move(ranges)),
        needs_(std::move(needs)),
        keys_(std::move(keys)) {}

  Density density(const NodeShape& shape) const override;
  ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const override;
  std::vector<PodRange> ranges() const override { return ranges_; }
  Capabilities capabilities() const override {
    return {options_.has(Family::ipv4), options_.has(Family::ipv6), false};
  }
  std::unique_ptr<IpamModel> make(SubnetSpace& /*space*/, std::uint64_t /*seed*/) const override {
    return std::make_unique<NodeCidrModel>(options_);
  }
  std::vector<Finding> findings(const Evidence& evidence) const override;
  std::vector<Cure> cures(const Evidence& evidence) const override;

 private:
  /// One of the options' ranges for each family there is.
  std::vector<DatedRange> families() const;
  /// Nodes that can have a range of every family at that moment.
  std::uint64_t node_ranges_at(SimTime at) const;
  void find_narrow_ranges(std::vector<Finding>& findings) const;
  void find_poor_use(const Evidence& evidence, std::vector<Finding>& findings) const;
  void find_what_kubeadm_refuses(std::vector<Finding>& findings) const;
  void find_lost_ranges(const Evidence& evidence, std::vector<Finding>& findings) const;

  NodeCidrOptions options_;
  std::vector<PodRange> ranges_;  // in the order of the options' ranges
  std::vector<GroupNeed> needs_;
  MaskKeys keys_;
};

}  // namespace cidrplan::overlay
