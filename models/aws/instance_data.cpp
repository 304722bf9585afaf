#include "models/aws/instance_data.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "models/aws/data/embedded_text.h"
#include "models/aws/data/fields.h"

namespace cidrplan::aws {
namespace {

std::optional<int> optional_number(std::string_view field) {
  return field.empty() ? std::nullopt : std::optional<int>(number(field));
}

Hypervisor hypervisor(std::string_view word) {
  if (word == "nitro") return Hypervisor::nitro;
  if (word == "xen") return Hypervisor::xen;
  if (word == "none") return Hypervisor::none;
  return Hypervisor::unknown;
}

InstanceLimits limits_of(std::string_view line) {
  std::array<std::string_view, 13> field;
  for (auto& each : field) each = take_until(line, ',');
  InstanceLimits limits;
  limits.type = field[0];
  limits.enis = number(field[1]);
  limits.ipv4_per_eni = number(field[2]);
  limits.hypervisor = hypervisor(field[3]);
  limits.bare_metal = field[4] == "1";
  limits.vcpus = optional_number(field[5]);
  limits.vcpus_by_size = field[6] == "size";
  limits.architecture = field[7] == "arm64" ? Architecture::arm64 : Architecture::amd64;
  limits.trunk_branch_enis = optional_number(field[8]);
  limits.network_cards = number(field[9]);
  limits.enis_all_cards = number(field[10]);
  limits.prefix_capable = field[11] == "1";
  limits.source = field[12];
  return limits;
}

/// Calls `row` for each line behind the heading.
template <typename Row>
void for_each_row(std::string_view text, Row row) {
  bool heading = true;
  while (!text.empty()) {
    const auto line = take_until(text, '\n');
    if (!is_comment(line) && !std::exchange(heading, false)) row(line);
  }
}

struct Published {
  std::string_view type;
  int max_pods = 0;
};

/// In order of type, as the script writes them.
std::vector<Published> published_table() {
  std::vector<Published> table;
  for_each_row(eni_max_pods_text, [&](std::string_view line) {
    const auto type = take_until(line, ',');
    table.push_back({type, number(line)});
  });
  return table;
}

}  // namespace

InstanceCatalog make_instance_catalog() {
  std::vector<InstanceLimits> types;
  types.reserve(1500);
  for_each_row(instance_limits_text, [&](std::string_view line) { types.push_back(limits_of(line)); });
  return InstanceCatalog(std::move(types));
}

std::optional<int> published_max_pods(std::string_view type) {
  static const auto table = published_table();
  const auto at = std::partition_point(table.begin(), table.end(),
                                       [type](const Published& row) { return row.type < type; });
  return at != table.end() && at->type == type ? std::optional(at->max_pods) : std::nullopt;
}

}  // namespace cidrplan::aws
