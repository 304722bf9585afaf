#pragma once

#include "models/aws/node_mode.h"

namespace cidrplan::aws {

/// Windows nodes: one interface, which the VPC resource controller fills.
class WindowsMode final : public NodeMode {
 public:
  WindowsMode(const WindowsSettings& settings, const NodeShape& shape);

  Density density() const override { return density_; }
  std::int64_t grown_to(std::int64_t pods) const override;
  std::int64_t at_most(std::int64_t pods) const override;
  std::unique_ptr<CniNode> make_node(const Node& node, std::vector<SubnetId> for_new,
                                     VpcSide& vpc) const override;

 private:
  WindowsSettings settings_;
  int slots_ = 0;
  bool prefixes_ = false;
  Density density_;
};

}  // namespace cidrplan::aws
