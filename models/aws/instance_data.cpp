#include "models/aws/instance_data.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "models/aws/data/embedded_text.h"
#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

/// Takes the text before the next `end` off the front.
std::string_view take_until(std::string_view& text, char end) {
  const auto at = std::min(text.find(end), text.size());
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

bool is_comment(std::string_view line) { return line.empty() || line.front() == '#'; }

int number(std::string_view field) {
  int value = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
  CIDRPLAN_EXPECTS(read.ec == std::errc{});
  return value;
}

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
  std::array<std::string_view, 11> field;
  for (auto& each : field) each = take_until(line, ',');
  InstanceLimits limits;
  limits.type = field[0];
  limits.enis = number(field[1]);
  limits.ipv4_per_eni = number(field[2]);
  limits.hypervisor = hypervisor(field[3]);
  limits.bare_metal = field[4] == "1";
  limits.vcpus = optional_number(field[5]);
  limits.trunk_branch_enis = optional_number(field[6]);
  limits.network_cards = number(field[7]);
  limits.enis_all_cards = number(field[8]);
  limits.prefix_capable = field[9] == "1";
  limits.source = field[10];
  return limits;
}

/// Dollars with up to six decimals.
MicroUsd micro_usd(std::string_view text) {
  const auto whole = take_until(text, '.');
  CIDRPLAN_EXPECTS(text.size() <= 6);
  std::int64_t value = number(whole);
  for (std::size_t i = 0; i < 6; ++i) value = value * 10 + (i < text.size() ? text[i] - '0' : 0);
  return {value};
}

/// The text of the price file from a region's line on, that line's `= ` taken off.
std::string_view next_region(std::string_view& text) {
  while (!text.empty() && !text.starts_with("= ")) take_until(text, '\n');
  if (text.empty()) return {};
  text.remove_prefix(2);
  return take_until(text, '\n');
}

}  // namespace

InstanceCatalog make_instance_catalog() {
  std::vector<InstanceLimits> types;
  types.reserve(1500);
  bool heading = true;
  for (auto text = instance_limits_text; !text.empty();) {
    const auto line = take_until(text, '\n');
    if (is_comment(line)) continue;
    if (!std::exchange(heading, false)) types.push_back(limits_of(line));
  }
  return InstanceCatalog(std::move(types));
}

bool is_in_published_table(const InstanceLimits& limits) { return limits.source == "vpc-cni"; }

std::optional<MicroUsd> PriceList::of(std::string_view type) const {
  const auto at = std::partition_point(prices_.begin(), prices_.end(),
                                       [type](const InstancePrice& price) { return price.type < type; });
  if (at == prices_.end() || at->type != type) return std::nullopt;
  return at->price;
}

std::optional<PriceList> price_list(std::string_view region) {
  auto text = ondemand_prices_text;
  for (auto heading = next_region(text); !heading.empty(); heading = next_region(text)) {
    if (take_until(heading, ' ') != region) continue;
    PriceList list;
    list.date_ = heading;
    while (!text.empty() && !text.starts_with("= ")) {
      auto line = take_until(text, '\n');
      const auto type = take_until(line, ',');
      list.prices_.push_back({type, micro_usd(line)});
    }
    std::sort(list.prices_.begin(), list.prices_.end(),
              [](const InstancePrice& a, const InstancePrice& b) { return a.type < b.type; });
    return list;
  }
  return std::nullopt;
}

std::vector<std::string_view> priced_regions() {
  std::vector<std::string_view> regions;
  auto text = ondemand_prices_text;
  for (auto heading = next_region(text); !heading.empty(); heading = next_region(text))
    regions.push_back(take_until(heading, ' '));
  return regions;
}

}  // namespace cidrplan::aws
