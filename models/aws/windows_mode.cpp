#include "models/aws/windows_mode.h"

#include <algorithm>

#include "models/aws/windows_node.h"

namespace cidrplan::aws {
namespace {

constexpr int windows_max_pods = 110;  // kubelet's own limit, unless set

}  // namespace

WindowsMode::WindowsMode(const WindowsSettings& settings, const NodeShape& shape)
    : settings_(settings),
      slots_(std::max(shape.limits->ipv4_per_eni - 1, 0)),
      prefixes_(settings.prefix_delegation && shape.limits->prefix_capable) {
  density_.max_pods = shape.max_pods.value_or(windows_max_pods);
  density_.pod_addresses = std::int64_t{slots_} * (prefixes_ ? 16 : 1);
}

std::int64_t WindowsMode::grown_to(std::int64_t pods) const {
  return steady_windows_pool(settings_, slots_, prefixes_, pods);
}

/// Prefixes with a pod left in each stay; single addresses cool for a while before they count as free.
std::int64_t WindowsMode::at_most(std::int64_t pods) const {
  const std::int64_t size = prefixes_ ? 16 : 1;
  const auto steady = grown_to(pods);
  return std::min<std::int64_t>(steady + (prefixes_ ? size : pods), slots_ * size);
}

std::unique_ptr<CniNode> WindowsMode::make_node(const Node& node, std::vector<SubnetId>, VpcSide& vpc) const {
  return std::make_unique<WindowsNode>(node, WindowsPool(settings_, slots_, prefixes_), vpc);
}

}  // namespace cidrplan::aws
