#include "planner/cluster/node_group.h"

#include "planner/net/contract.h"

namespace cidrplan {

std::string_view to_string(Os os) {
  switch (os) {
    case Os::linux:
      return "linux";
    case Os::windows:
      return "windows";
  }
  contract_failed("an operating system without a word", __FILE__, __LINE__);
}

std::string NodeGroup::node_name(std::int64_t number) const {
  constexpr std::string_view slot = "{n}";
  if (name_pattern.empty()) return name + '-' + std::to_string(number);
  std::string text = name_pattern;
  if (const auto at = text.find(slot); at != std::string::npos) {
    text.replace(at, slot.size(), std::to_string(number));
  }
  return text;
}

Labels node_labels(const NodeGroup& group, std::string_view zone, std::string_view region) {
  Labels labels = group.labels;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty()) labels.emplace(key, value);
  };
  add("kubernetes.io/os", to_string(group.os));
  add("topology.kubernetes.io/zone", zone);
  add("topology.kubernetes.io/region", region);
  if (group.limits != nullptr) add("node.kubernetes.io/instance-type", group.limits->type);
  return labels;
}

}  // namespace cidrplan
