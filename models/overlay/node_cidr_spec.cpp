#include "models/overlay/node_cidr_spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "models/overlay/node_cidr_model.h"

namespace cidrplan::overlay {
namespace {

constexpr int default_mask = 24;
constexpr int longest_mask = 30;        // host-local refuses smaller ranges
constexpr int kubeadm_difference = 16;  // PodSubnetNodeMaskMaxDiff

std::int64_t addresses_of(int node_mask) { return std::int64_t{1} << (32 - node_mask); }
std::int64_t pods_of(int node_mask) {
  return addresses_of(node_mask) - static_cast<std::int64_t>(reserved_per_node);
}

/// The smallest node range that gives that many pods an address.
int mask_for(std::int64_t pods) {
  int mask = longest_mask;
  while (mask > 0 && pods_of(mask) < pods) --mask;
  return mask;
}

/// 1234567 as 1,234,567.
std::string grouped(uint128 value) {
  std::string text = to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

std::int64_t nodes_of(const DemandAt& demand) {
  std::int64_t nodes = 0;
  for (const auto& group : demand.groups) nodes += group.nodes;
  return nodes;
}

/// What a node group asks of its nodes' ranges.
struct GroupNeed {
  std::string name;
  int max_pods = 110;
};

class NodeCidrFactory final : public ModelFactory {
 public:
  NodeCidrFactory(NodeCidrOptions options, std::vector<PodRange> ranges, std::vector<GroupNeed> needs)
      : options_(std::move(options)), ranges_(std::move(ranges)), needs_(std::move(needs)) {}

  Density density(const NodeShape& shape) const override {
    return {shape.max_pods.value_or(default_max_pods(shape.limits)), pods_of(options_.node_mask)};
  }

  ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const override {
    const auto node_ranges = node_ranges_at(today.at);
    const auto held = [&](const DemandAt& demand) {
      const auto nodes = std::min(static_cast<std::uint64_t>(nodes_of(demand)), node_ranges);
      return uint128{nodes} * static_cast<uint128>(addresses_of(options_.node_mask));
    };
    return {{0, 0}, {held(today), held(running_peak)}};
  }

  std::vector<PodRange> ranges() const override { return ranges_; }

  std::unique_ptr<IpamModel> make(SubnetSpace&, std::uint64_t) const override {
    return std::make_unique<NodeCidrModel>(options_);
  }

  std::vector<Finding> findings(const Evidence& evidence) const override;
  std::vector<Cure> cures(const Evidence& evidence) const override;

 private:
  /// Node ranges that can be given out at that moment.
  std::uint64_t node_ranges_at(SimTime at) const {
    std::uint64_t count = 0;
    for (const auto& range : options_.ranges) {
      if (range.from > std::max(at, SimTime{})) continue;
      auto set = CidrSet::make(range.cidr, options_.node_mask);
      if (options_.services) set->occupy(*options_.services);
      count += set->blocks() - set->used();
    }
    return count;
  }
  void find_narrow_ranges(std::vector<Finding>& findings) const;
  void find_poor_use(const Evidence& evidence, std::vector<Finding>& findings) const;
  void find_what_kubeadm_refuses(std::vector<Finding>& findings) const;

  NodeCidrOptions options_;
  std::vector<PodRange> ranges_;
  std::vector<GroupNeed> needs_;
};

std::vector<Finding> NodeCidrFactory::findings(const Evidence& evidence) const {
  std::vector<Finding> findings;
  find_narrow_ranges(findings);
  find_poor_use(evidence, findings);
  find_what_kubeadm_refuses(findings);
  for (auto& finding : findings) finding.design = evidence.design;
  return findings;
}

void NodeCidrFactory::find_narrow_ranges(std::vector<Finding>& findings) const {
  const auto pods = pods_of(options_.node_mask);
  for (const auto& need : needs_) {
    if (need.max_pods <= pods) continue;
    findings.push_back(
        {Severity::warning,
         "node-range-below-max-pods",
         {},
         fmt::format(
             "A /{} node range has addresses for {} pods, while {} allows {} pods a node: later ones stay "
             "without address. A /{} holds them all.",
             options_.node_mask, pods, need.name, need.max_pods, mask_for(need.max_pods)),
         "containernetworking/plugins plugins/ipam/host-local"});
  }
}

void NodeCidrFactory::find_poor_use(const Evidence& evidence, std::vector<Finding>& findings) const {
  Usage peak;
  for (const auto& row : evidence.peak) {
    if (row.place.kind == PlaceKind::pool) peak += row.usage;
  }
  const uint128 held = peak.held();
  const int most = std::max_element(needs_.begin(), needs_.end(), [](const auto& a, const auto& b) {
                     return a.max_pods < b.max_pods;
                   })->max_pods;
  const int enough = mask_for(most);
  // Less than a quarter in use, and a smaller range would do for every node.
  if (held == 0 || peak.in_use * 4 >= held || enough <= options_.node_mask) return;
  findings.push_back(
      {Severity::info,
       "node-ranges-poorly-used",
       {},
       fmt::format(
           "At the peak pods use {} of the {} addresses that node ranges hold ({} %); no other node can have "
           "the rest. With a /{} each node could still run {} pods.",
           grouped(peak.in_use), grouped(held), to_string(peak.in_use * 100 / held), enough, most),
       "kubernetes/kubernetes pkg/controller/nodeipam/ipam/cidrset/cidr_set.go"});
}

void NodeCidrFactory::find_what_kubeadm_refuses(std::vector<Finding>& findings) const {
  for (const auto& range : options_.ranges) {
    const int difference = options_.node_mask - range.cidr.length();
    if (difference <= kubeadm_difference) continue;
    findings.push_back(
        {Severity::info,
         "node-mask-beyond-kubeadm",
         {},
         fmt::format("The node mask /{} is {} bits longer than {}; the controller accepts that, but kubeadm "
                     "stops at {}.",
                     options_.node_mask, difference, range.cidr.to_string(), kubeadm_difference),
         "kubernetes/kubernetes cmd/kubeadm/app/apis/kubeadm/validation/validation.go"});
  }
}

std::vector<Cure> NodeCidrFactory::cures(const Evidence& evidence) const {
  if (!evidence.first_refusal) return {};
  const auto with_mask = [](int mask) {
    return Cure{"node_mask", std::to_string(mask), fmt::format("node_mask = {}", mask)};
  };
  std::vector<Cure> cures;
  if (evidence.first_refusal->cause == Cause::node_range_full && options_.node_mask > 1) {
    cures.push_back(with_mask(options_.node_mask - 1));
  }
  if (evidence.first_refusal->cause == Cause::node_range_exhausted) {
    const auto nodes = std::max<std::int64_t>(evidence.nodes_end, 1);
    const auto pods_per_node = (evidence.pods_end + nodes - 1) / nodes;
    for (int mask = options_.node_mask + 1; mask <= options_.node_mask + 3 && mask <= longest_mask; ++mask) {
      if (pods_of(mask) >= pods_per_node) cures.push_back(with_mask(mask));
    }
  }
  return cures;
}

/// The cluster ranges as given; `sound` turns false where one cannot be used.
std::vector<PodRange> read_ranges(const OptionTable& options, int node_mask, Diagnostics& diagnostics,
                                  bool& sound) {
  std::vector<PodRange> ranges;
  const auto refuse = [&](std::string_view code, Span span, std::string message, std::string hint = {}) {
    diagnostics.error(code, span, std::move(message), std::move(hint));
    sound = false;
  };
  const auto add = [&](const Prefix& cidr, SimTime from, Span span) {
    const std::string name = cidr.to_string();
    if (cidr.family() != Family::ipv4) {
      refuse("cluster-cidr-family", span, fmt::format("{} is an IPv6 range; node-cidr plans IPv4", name));
    } else if (cidr.length() > node_mask) {
      refuse("node-mask-too-short", span,
             fmt::format("{} is smaller than one /{} node range", name, node_mask),
             fmt::format("node_mask must be {} or more", cidr.length()));
    }
    for (const auto& other : ranges) {
      if (!other.cidr.overlaps(cidr)) continue;
      refuse("cluster-cidrs-overlap", span, fmt::format("{} overlaps {}", name, other.name));
    }
    ranges.push_back({name, cidr, from, span, true, fmt::format("/{} node ranges", node_mask)});
  };
  if (const auto cidr = options.prefix("cluster_cidr"))
    add(*cidr, SimTime{}, options.span_of("cluster_cidr"));
  for (const auto& table : options.tables("cluster_cidrs")) {
    if (const auto cidr = table.prefix("cidr"))
      add(*cidr, table.date("from", SimTime{}), table.span_of("cidr"));
  }
  if (options.has("cluster_cidr") && options.has("cluster_cidrs")) {
    refuse("conflicting-keys", options.span_of("cluster_cidrs"),
           "cluster_cidr and cluster_cidrs cannot both be given");
  }
  if (ranges.empty()) {
    refuse("missing-key", options.span, "a node-cidr design needs cluster_cidr",
           "for instance cluster_cidr = \"10.244.0.0/16\"");
  }
  return ranges;
}

std::shared_ptr<const ModelFactory> configure(const OptionTable& options, const DesignContext& context,
                                              Diagnostics& diagnostics) {
  NodeCidrOptions chosen;
  chosen.node_mask = static_cast<int>(options.integer("node_mask", default_mask));
  bool sound = true;
  auto ranges = read_ranges(options, chosen.node_mask, diagnostics, sound);
  if (!sound) return nullptr;

  for (const auto& range : ranges) chosen.ranges.push_back({range.cidr, range.from});
  if (context.vpc != nullptr) chosen.services = context.vpc->service_cidr;
  std::vector<GroupNeed> needs;
  for (const auto& group : context.groups) {
    needs.push_back({group.name, group.max_pods.value_or(default_max_pods(group.limits))});
  }
  if (needs.empty()) needs.push_back({"the kubelet", default_max_pods(nullptr)});
  return std::make_shared<NodeCidrFactory>(std::move(chosen), std::move(ranges), std::move(needs));
}

}  // namespace

ModelSpec node_cidr_spec() {
  ModelSpec spec;
  spec.name = "node-cidr";
  spec.summary =
      "one range of fixed size for each node (Kubernetes node IPAM with Flannel, Canal or another overlay)";

  OptionSpec cidr;
  cidr.key = "cluster_cidr";
  cidr.type = OptionType::prefix;
  cidr.default_text = "none; this or cluster_cidrs";
  cidr.meaning = "the range that node ranges are cut from";
  cidr.source = "kubernetes/kubernetes cmd/kube-controller-manager/app/core.go";

  OptionSpec part;
  part.key = "cidr";
  part.type = OptionType::prefix;
  part.meaning = "one of several cluster ranges";
  part.source = cidr.source;
  OptionSpec from;
  from.key = "from";
  from.type = OptionType::date;
  from.default_text = "start";
  from.meaning = "the day from which nodes may have ranges of it";
  from.source = "a planning key of cidrplan";
  OptionSpec several;
  several.key = "cluster_cidrs";
  several.type = OptionType::tables;
  several.default_text = "none";
  several.meaning = "several cluster ranges, tried in this order";
  several.source = "kubernetes/kubernetes pkg/controller/nodeipam/ipam/multi_cidr_range_allocator.go";
  several.fields = {part, from};

  OptionSpec mask;
  mask.key = "node_mask";
  mask.type = OptionType::integer;
  mask.unit = "prefix length";
  mask.default_text = "24";
  mask.meaning = "the size of one node's range";
  mask.source = "kubernetes/kubernetes cmd/kube-controller-manager/app/core.go (node-cidr-mask-size)";
  mask.minimum = 1;
  mask.maximum = longest_mask;

  spec.options = {cidr, several, mask};
  spec.sources = {
      "kubernetes/kubernetes v1.37.2 pkg/controller/nodeipam/ipam/cidrset/cidr_set.go",
      "kubernetes/kubernetes v1.37.2 pkg/controller/nodeipam/ipam/range_allocator.go",
      "containernetworking/plugins v1.9.1 plugins/ipam/host-local",
      "flannel-io/flannel v0.28.10 pkg/backend/vxlan/vxlan.go",
  };
  spec.simplified = {
      "Nodes that join at one moment get their ranges in the order of the scenario; the controller's 30 "
      "workers may "
      "swap them.",
      "The controller does not restart, so its search never begins at the bottom again.",
      "Several cluster ranges of one family are tried in the order given; the in-tree allocator has no such "
      "feature "
      "since Kubernetes 1.29.",
  };
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::overlay
