#include "planner/cluster/node_group.h"

namespace cidrplan {

std::string NodeGroup::node_name(std::int64_t number) const {
  constexpr std::string_view slot = "{n}";
  if (name_pattern.empty()) return name + '-' + std::to_string(number);
  std::string text = name_pattern;
  if (const auto at = text.find(slot); at != std::string::npos) {
    text.replace(at, slot.size(), std::to_string(number));
  }
  return text;
}

}  // namespace cidrplan
