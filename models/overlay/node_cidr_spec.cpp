#include "models/overlay/node_cidr_spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "models/overlay/node_cidr_codes.h"
#include "models/overlay/node_cidr_factory.h"
#include "models/overlay/node_range.h"

namespace cidrplan::overlay {
namespace {

constexpr int default_mask(Family family) { return family == Family::ipv4 ? 24 : 64; }
constexpr int widest_ipv6 = 16;          // so that addresses of all ranges can be counted in 128 bits
constexpr int most_beyond_cluster = 16;  // bits a node mask may be longer, IPv6 only: clusterSubnetMaxDiff

std::string_view name_of(Family family) { return family == Family::ipv4 ? "IPv4" : "IPv6"; }
std::string mask_key_of(Family family) {
  return family == Family::ipv4 ? "node_mask_ipv4" : "node_mask_ipv6";
}

/// Collects the ranges and masks of one design, and every mistake in them.
class OptionReader {
 public:
  OptionReader(const OptionTable& options, Diagnostics& diagnostics)
      : options_(options), diagnostics_(diagnostics) {}

  /// False: there were mistakes.
  bool read() {
    read_ranges();
    check_families();
    read_masks();
    for (auto& range : ranges_) range.unit = fmt::format("/{} node ranges", mask_of(range.cidr.family()));
    return sound_;
  }

  const std::vector<PodRange>& ranges() const { return ranges_; }
  const MaskKeys& mask_keys() const { return keys_; }
  int mask_of(Family family) const { return family == Family::ipv4 ? ipv4_mask_ : ipv6_mask_; }

 private:
  void refuse(std::string_view code, Span span, std::string message, std::string hint = {}) {
    diagnostics_.error(code, span, std::move(message), std::move(hint));
    sound_ = false;
  }
  bool has(Family family) const {
    return std::any_of(ranges_.begin(), ranges_.end(),
                       [&](const PodRange& range) { return range.cidr.family() == family; });
  }
  bool dual_stack() const { return has(Family::ipv4) && has(Family::ipv6); }

  void read_ranges();
  void add_range(const Prefix& cidr, SimTime from, Span span);
  void check_families();
  void read_masks();
  void check_mask(Family family, int mask, Span span);

  const OptionTable& options_;
  Diagnostics& diagnostics_;
  std::vector<PodRange> ranges_;
  MaskKeys keys_;
  int ipv4_mask_ = default_mask(Family::ipv4);
  int ipv6_mask_ = default_mask(Family::ipv6);
  bool sound_ = true;
};

void OptionReader::read_ranges() {
  if (const auto cidr = options_.prefix("cluster_cidr"))
    add_range(*cidr, SimTime{}, options_.span_of("cluster_cidr"));
  for (const auto& table : options_.tables("cluster_cidrs")) {
    if (const auto cidr = table.prefix("cidr"))
      add_range(*cidr, table.date("from", SimTime{}), table.span_of("cidr"));
  }
  if (options_.has("cluster_cidr") && options_.has("cluster_cidrs")) {
    refuse("conflicting-keys", options_.span_of("cluster_cidrs"),
           "cluster_cidr and cluster_cidrs cannot both be given");
  }
  if (ranges_.empty()) {
    refuse("missing-key", options_.span, "a node-cidr design needs cluster_cidr",
           "for instance cluster_cidr = \"10.244.0.0/16\"");
  }
}

void OptionReader::add_range(const Prefix& cidr, SimTime from, Span span) {
  const std::string name = cidr.to_string();
  if (cidr.family() == Family::ipv6 && cidr.length() < widest_ipv6) {
    refuse("cluster-cidr-too-wide", span, fmt::format("{} is wider than /{}", name, widest_ipv6));
  }
  for (const auto& other : ranges_) {
    if (!other.cidr.overlaps(cidr)) continue;
    refuse("cluster-cidrs-overlap", span, fmt::format("{} overlaps {}", name, other.name));
  }
  ranges_.push_back({name, cidr, from, span, true, {}});
}

/// Ranges that follow each other are a way to plan; with both families the controller's own rule holds.
void OptionReader::check_families() {
  if (!dual_stack()) return;
  if (ranges_.size() > 2) {
    refuse("cluster-cidr-families", ranges_[2].span,
           "a dual-stack cluster has one range of each family, and this is a third range",
           "give one IPv4 and one IPv6 range");
  } else if (ranges_[0].from != ranges_[1].from) {
    refuse("cluster-cidr-families", ranges_[1].span,
           "the ranges of a dual-stack cluster come on one day, and these have different dates",
           "give both the same from, or none");
  }
}

void OptionReader::read_masks() {
  const bool dual = dual_stack();
  const bool one_for_all = options_.has("node_mask");
  if (one_for_all && dual) {
    refuse("conflicting-keys", options_.span_of("node_mask"),
           "node_mask is for clusters of one family, and this one has two",
           "give node_mask_ipv4 and node_mask_ipv6 instead");
  }
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto key = mask_key_of(family);
    if (!options_.has(key)) continue;
    if (one_for_all) {
      refuse("conflicting-keys", options_.span_of(key),
             fmt::format("node_mask and {} cannot both be given", key));
    } else if (!ranges_.empty() && !has(family)) {
      refuse("conflicting-keys", options_.span_of(key),
             fmt::format("{} is given, and there is no {} range", key, name_of(family)));
    }
  }
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    const auto key = mask_key_of(family);
    const bool own_key = dual || options_.has(key);
    const std::string used = own_key ? key : "node_mask";
    const auto mask = static_cast<int>(options_.integer(used, default_mask(family)));
    (family == Family::ipv4 ? ipv4_mask_ : ipv6_mask_) = mask;
    (family == Family::ipv4 ? keys_.ipv4 : keys_.ipv6) = used;
    if (has(family)) check_mask(family, mask, options_.span_of(used));
  }
}

void OptionReader::check_mask(Family family, int mask, Span span) {
  if (mask > longest_node_mask(family)) {
    return refuse("node-mask-too-long", span,
                  fmt::format("a /{} node range has too few addresses for host-local", mask),
                  fmt::format("an {} node mask is /{} at most", name_of(family), longest_node_mask(family)));
  }
  for (const auto& range : ranges_) {
    if (range.cidr.family() != family) continue;
    if (range.cidr.length() > mask) {
      refuse("node-mask-too-short", range.span,
             fmt::format("{} is smaller than one /{} node range", range.name, mask),
             fmt::format("{} must be {} or more", (family == Family::ipv4 ? keys_.ipv4 : keys_.ipv6),
                         range.cidr.length()));
    } else if (family == Family::ipv6 && mask - range.cidr.length() > most_beyond_cluster) {
      refuse("node-mask-too-long", range.span,
             fmt::format("a /{} node range is {} bits longer than {}; the controller starts with {} at most",
                         mask, mask - range.cidr.length(), range.name, most_beyond_cluster),
             fmt::format("{} must be {} or less", (family == Family::ipv4 ? keys_.ipv4 : keys_.ipv6),
                         range.cidr.length() + most_beyond_cluster));
    }
  }
}

std::shared_ptr<const ModelFactory> configure(const OptionTable& options, const DesignContext& context,
                                              Diagnostics& diagnostics) {
  OptionReader reader(options, diagnostics);
  if (!reader.read()) return nullptr;

  NodeCidrOptions chosen;
  for (const auto& range : reader.ranges()) {
    chosen.ranges.push_back({range.cidr, reader.mask_of(range.cidr.family()), range.from});
  }
  if (context.vpc != nullptr) chosen.services = context.vpc->service_cidr;
  std::vector<GroupNeed> needs;
  for (const auto& group : context.groups) {
    needs.push_back({group.name, group.max_pods.value_or(default_max_pods(group.limits))});
  }
  if (needs.empty()) needs.push_back({"the kubelet", default_max_pods(nullptr)});
  return std::make_shared<NodeCidrFactory>(std::move(chosen), reader.ranges(), std::move(needs),
                                           reader.mask_keys());
}

OptionSpec mask_option(std::string_view key, std::string_view default_text, std::string_view meaning,
                       std::string_view source) {
  OptionSpec mask;
  mask.key = key;
  mask.type = OptionType::integer;
  mask.unit = "prefix length";
  mask.default_text = default_text;
  mask.meaning = meaning;
  mask.source = source;
  mask.minimum = 1;
  mask.maximum = longest_node_mask(Family::ipv6);
  return mask;
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
  several.meaning =
      "several cluster ranges: of one family tried in this order, or one of each family (dual-stack)";
  several.source = "kubernetes/kubernetes pkg/controller/nodeipam/ipam/multi_cidr_range_allocator.go";
  several.fields = {part, from};

  const std::string_view flags = "kubernetes/kubernetes cmd/kube-controller-manager/app/core.go";
  spec.options = {
      cidr,
      several,
      mask_option("node_mask", "24 (IPv4), 64 (IPv6)",
                  "the size of one node's range, in a cluster of one family", flags),
      mask_option("node_mask_ipv4", "24", "the size of one node's IPv4 range", flags),
      mask_option("node_mask_ipv6", "64", "the size of one node's IPv6 range", flags),
  };
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
      "A node that finds no range of one family tries again when a range has come back; the controller asks "
      "in "
      "between, and loses a range of the other family each time.",
  };
  spec.codes = node_cidr_codes();
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::overlay
