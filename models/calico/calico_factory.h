#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/calico/calico_options.h"
#include "models/calico/node_class.h"
#include "planner/ipam/model_spec.h"

namespace cidrplan::calico {

/// What findings say of a node group.
struct GroupFacts {
  std::string name;
  std::int64_t max_pods = 110;
  std::int64_t surge = 1;
};

/// A calico design with its options chosen.
class CalicoFactory final : public ModelFactory {
 public:
  CalicoFactory(CalicoOptions options, std::vector<PodRange> ranges, const DesignContext& context);

  Density density(const NodeShape& shape) const override;
  ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const override;
  std::vector<PodRange> ranges() const override { return ranges_; }
  Capabilities capabilities() const override;
  std::unique_ptr<IpamModel> make(SubnetSpace& space, std::uint64_t seed) const override;
  std::vector<Finding> findings(const Evidence& evidence) const override;
  std::vector<Cure> cures(const Evidence& evidence) const override;
  std::vector<Variant> variants() const override;
  std::optional<LongRun> long_run(const NodeTraffic& traffic) const override;

 private:
  CalicoOptions options_;
  std::vector<PodRange> ranges_;
  std::vector<NodeClass> classes_;
  std::vector<GroupFacts> groups_;  // by GroupId
  Families families_;
  bool in_vpc_ = false;
};

}  // namespace cidrplan::calico
