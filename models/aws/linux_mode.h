#pragma once

#include "models/aws/node_mode.h"
#include "models/aws/pool_rules.h"
#include "models/aws/steady_pool.h"

namespace cidrplan::aws {

/// Linux nodes with IPv4 addresses: single secondary ones, or /28 prefixes.
class LinuxMode final : public NodeMode {
 public:
  LinuxMode(const VpcCniOptions& options, const NodeShape& shape);

  Density density() const override { return density_; }
  std::int64_t grown_to(std::int64_t pods) const override;
  std::int64_t at_most(std::int64_t pods) const override;
  std::unique_ptr<CniNode> make_node(const Node& node, std::vector<SubnetId> for_new,
                                     VpcSide& vpc) const override;

 private:
  IdleInterfaces idle_;
  bool trunk_missing_ = false;
  std::unique_ptr<PoolRules> rules_;
  Density density_;
};

}  // namespace cidrplan::aws
