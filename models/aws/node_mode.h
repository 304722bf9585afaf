#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/aws/cni_node.h"
#include "models/aws/vpc_cni_options.h"
#include "models/aws/vpc_side.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::aws {

/// How nodes of one shape hold addresses under a design: what can be said of one without running it, and how
/// to make one.
class NodeMode {
 public:
  virtual ~NodeMode() = default;

  virtual Density density() const = 0;
  /// VPC addresses beside the node's own, once it has grown, pod by pod, to `pods`.
  virtual std::int64_t grown_to(std::int64_t pods) const = 0;
  /// The most that a node can hold which has once carried that many: what it holds depends on its past.
  virtual std::int64_t at_most(std::int64_t pods) const = 0;

  /// @param for_new  subnets in which further interfaces may be created
  virtual std::unique_ptr<CniNode> make_node(const Node& node, std::vector<SubnetId> for_new,
                                             VpcSide& vpc) const = 0;
};

/// @pre the shape has limits
std::unique_ptr<NodeMode> make_node_mode(const VpcCniOptions& options, const NodeShape& shape);

}  // namespace cidrplan::aws
