#include "models/overlay/node_cidr_factory.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/overlay/node_range.h"

namespace cidrplan::overlay {
namespace {

constexpr int kubeadm_difference = 16;  // PodSubnetNodeMaskMaxDiff
constexpr auto max_pod_addresses = std::numeric_limits<std::int32_t>::max();

/// The smallest node range that gives that many pods an address.
int mask_for(Family family, std::int64_t pods) {
  int mask = longest_node_mask(family);
  while (mask > 1 && pods_in(family, mask) < static_cast<uint128>(pods)) --mask;
  return mask;
}

uint128 nodes_of(const DemandAt& demand) {
  std::int64_t nodes = 0;
  for (const auto& group : demand.groups) nodes += group.nodes;
  return static_cast<uint128>(nodes);
}

}  // namespace

std::vector<DatedRange> NodeCidrFactory::families() const {
  std::vector<DatedRange> families = {options_.ranges.front()};
  if (options_.dual_stack()) families.push_back(options_.ranges.back());
  return families;
}

Density NodeCidrFactory::density(const NodeShape& shape) const {
  uint128 addresses = max_pod_addresses;
  for (const auto& range : families()) {
    addresses = std::min(addresses, pods_in(range.cidr.family(), range.node_mask));
  }
  return {shape.max_pods.value_or(default_max_pods(shape.limits)), static_cast<std::int64_t>(addresses)};
}

std::uint64_t NodeCidrFactory::node_ranges_at(SimTime at) const {
  std::uint64_t count = 0;
  std::uint64_t least = UINT64_MAX;
  for (const auto& range : options_.ranges) {
    if (range.from > std::max(at, SimTime{})) continue;
    auto set = CidrSet::make(range.cidr, range.node_mask);
    if (options_.services) set->occupy(*options_.services);
    count += set->blocks() - set->used();
    least = std::min(least, set->blocks() - set->used());
  }
  return options_.dual_stack() && count > 0 ? least : count;
}

ClosedForm NodeCidrFactory::closed_form(const DemandAt& today, const DemandAt& running_peak) const {
  uint128 addresses_per_node = 0;
  for (const auto& range : families()) {
    addresses_per_node += addresses_in(range.cidr.family(), range.node_mask);
  }
  const uint128 node_ranges = node_ranges_at(today.at);
  const auto held = [&](const DemandAt& demand) {
    return std::min(nodes_of(demand), node_ranges) * addresses_per_node;
  };
  return {{0, 0}, {held(today), held(running_peak)}, nodes_of(running_peak) > node_ranges};
}

std::vector<Finding> NodeCidrFactory::findings(const Evidence& evidence) const {
  std::vector<Finding> findings;
  find_narrow_ranges(findings);
  find_poor_use(evidence, findings);
  find_what_kubeadm_refuses(findings);
  find_lost_ranges(evidence, findings);
  for (auto& finding : findings) finding.design = evidence.design;
  return findings;
}

void NodeCidrFactory::find_narrow_ranges(std::vector<Finding>& findings) const {
  for (const auto& range : families()) {
    const auto family = range.cidr.family();
    const auto pods = pods_in(family, range.node_mask);
    for (const auto& need : needs_) {
      if (static_cast<uint128>(need.max_pods) <= pods) continue;
      findings.push_back(
          {Severity::warning,
           "node-range-below-max-pods",
           {},
           fmt::format(
               "A /{} node range has addresses for {} pods, while {} allows {} pods a node: later ones stay "
               "without address. A /{} holds them all.",
               range.node_mask, to_string(pods), need.name, need.max_pods, mask_for(family, need.max_pods)),
           "containernetworking/plugins plugins/ipam/host-local"});
    }
  }
}

// Of IPv4 only: IPv6 addresses are there to be left unused.
void NodeCidrFactory::find_poor_use(const Evidence& evidence, std::vector<Finding>& findings) const {
  Usage peak;
  int mask = 0;
  for (const auto& row : evidence.peak) {
    if (row.place.kind != PlaceKind::pool) continue;
    const auto& range = options_.ranges.at(row.place.index);
    if (range.cidr.family() != Family::ipv4) continue;
    peak += row.usage;
    mask = range.node_mask;
  }
  const uint128 held = peak.held();
  const int most = std::max_element(needs_.begin(), needs_.end(), [](const auto& a, const auto& b) {
                     return a.max_pods < b.max_pods;
                   })->max_pods;
  const int enough = mask_for(Family::ipv4, most);
  // Less than a quarter in use, and a smaller range would do for every node.
  if (held == 0 || peak.in_use * 4 >= held || enough <= mask) return;
  findings.push_back(
      {Severity::info,
       "node-ranges-poorly-used",
       {},
       fmt::format(
           "At the peak pods use {} of the {} addresses that node ranges hold ({} %); no other node can have "
           "the rest. With a /{} each node could still run {} pods.",
           in_figures(peak.in_use), in_figures(held), to_string(peak.in_use * 100 / held), enough, most),
       "kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set.go"});
}

void NodeCidrFactory::find_what_kubeadm_refuses(std::vector<Finding>& findings) const {
  for (const auto& range : options_.ranges) {
    const int difference = range.node_mask - range.cidr.length();
    if (difference <= kubeadm_difference) continue;
    findings.push_back(
        {Severity::info,
         "node-mask-beyond-kubeadm",
         {},
         fmt::format("The node mask /{} is {} bits longer than {}; the controller accepts that, but kubeadm "
                     "stops at {}.",
                     range.node_mask, difference, range.cidr.to_string(), kubeadm_difference),
         "kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/validation/validation.go"});
  }
}

void NodeCidrFactory::find_lost_ranges(const Evidence& evidence, std::vector<Finding>& findings) const {
  const auto lost = std::find_if(evidence.end_measures.begin(), evidence.end_measures.end(),
                                 [](const Measure& measure) { return measure.name == "node_ranges_lost"; });
  if (lost == evidence.end_measures.end() || lost->value == 0) return;
  const auto& first = options_.ranges.front().cidr;
  const auto& second = options_.ranges.back().cidr;
  findings.push_back(
      {Severity::warning,
       "node-ranges-lost",
       {},
       fmt::format(
           "{} has no node range left, and each node that asks loses one of {} until the controller "
           "restarts: {} by the end. The controller asks again by itself, so that soon {} seems to be the "
           "one that is short.",
           second.to_string(), first.to_string(), lost->value, first.to_string()),
       "kubernetes/kubernetes pkg/controller/nodeipam/ipam/range_allocator.go"});
}

std::vector<Cure> NodeCidrFactory::cures(const Evidence& evidence) const {
  if (!evidence.first_refusal) return {};
  const auto& refusal = *evidence.first_refusal;
  std::vector<Cure> cures;
  const auto try_mask = [&](Family family, int mask) {
    const auto& key = family == Family::ipv4 ? keys_.ipv4 : keys_.ipv6;
    cures.push_back({key, std::to_string(mask), fmt::format("{} = {}", key, mask)});
  };
  for (const auto& range : families()) {
    const auto family = range.cidr.family();
    if (refusal.cause == Cause::node_range_full && range.node_mask > 1 &&
        pods_in(family, range.node_mask) <= max_pod_addresses) {
      try_mask(family, range.node_mask - 1);
    }
    const bool ran_out = !options_.dual_stack() || refusal.place.name == range.cidr.to_string();
    if (refusal.cause != Cause::node_range_exhausted || !ran_out) continue;
    const auto nodes = std::max<std::int64_t>(evidence.nodes_end, 1);
    const auto pods_per_node = static_cast<uint128>((evidence.pods_end + nodes - 1) / nodes);
    for (int mask = range.node_mask + 1; mask <= range.node_mask + 3; ++mask) {
      if (mask > longest_node_mask(family) || pods_in(family, mask) < pods_per_node) continue;
      if (CidrSet::make(range.cidr, mask)) try_mask(family, mask);
    }
  }
  return cures;
}

}  // namespace cidrplan::overlay
