#include "planner/cluster/instance_catalog.h"

#include <algorithm>
#include <utility>

#include "planner/config/nearest_names.h"

namespace cidrplan {
namespace {

bool type_before(const InstanceLimits& a, const InstanceLimits& b) { return a.type < b.type; }

}  // namespace

std::string_view to_string(Hypervisor hypervisor) {
  switch (hypervisor) {
    case Hypervisor::nitro:
      return "nitro";
    case Hypervisor::xen:
      return "xen";
    case Hypervisor::none:
      return "none";
    case Hypervisor::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(Architecture architecture) {
  return architecture == Architecture::arm64 ? "arm64" : "amd64";
}

InstanceCatalog::InstanceCatalog(std::vector<InstanceLimits> types) : types_(std::move(types)) {
  std::stable_sort(types_.begin(), types_.end(), type_before);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < types_.size(); ++i) {
    const bool overridden = i + 1 < types_.size() && types_[i + 1].type == types_[i].type;
    if (overridden) continue;
    if (kept != i) types_[kept] = std::move(types_[i]);
    ++kept;
  }
  types_.resize(kept);
}

InstanceCatalog InstanceCatalog::with(std::span<const InstanceLimits> further) const {
  auto types = types_;
  types.insert(types.end(), further.begin(), further.end());
  return InstanceCatalog(std::move(types));
}

const InstanceLimits* InstanceCatalog::find(std::string_view type) const {
  const auto at = std::partition_point(types_.begin(), types_.end(),
                                       [type](const InstanceLimits& limits) { return limits.type < type; });
  return at != types_.end() && at->type == type ? &*at : nullptr;
}

std::vector<std::string_view> InstanceCatalog::nearest(std::string_view type) const {
  constexpr std::size_t most = 3;
  std::vector<std::string_view> names;
  names.reserve(types_.size());
  for (const auto& limits : types_) names.push_back(limits.type);
  return nearest_names(type, names, most, std::max<std::size_t>(2, type.size() / 2));
}

}  // namespace cidrplan
