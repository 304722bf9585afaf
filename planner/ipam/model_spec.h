#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "planner/cluster/instance_catalog.h"
#include "planner/cluster/labels.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/vpc.h"
#include "planner/cluster/workload.h"
#include "planner/config/diagnostic.h"
#include "planner/ipam/finding.h"
#include "planner/ipam/ipam_model.h"
#include "planner/ipam/long_run.h"
#include "planner/ipam/subnet_space.h"

namespace cidrplan {

// --- options, as a design gives them
// ---------------------------------------------------------------------------

enum class OptionType : std::uint8_t {
  boolean,
  integer,
  text,      ///< free text, or one of `choices`
  texts,     ///< a list of them
  share,     ///< "1%" or 0.01, from 0 to 1
  duration,  ///< "30s"
  prefix,    ///< "192.168.0.0/18"
  prefixes,  ///< a list of them
  date,      ///< "2027-01-01", as SimTime
  tables,    ///< an array of tables with `fields`
};

struct OptionSpec {
  std::string_view key;  ///< the real setting in snake_case
  OptionType type = OptionType::integer;
  std::string_view unit;          ///< "addresses", "s", …; empty where none
  std::string_view default_text;  ///< as documentation shows it; empty: required
  std::string_view meaning;       ///< one sentence
  std::string_view source;        ///< repository and path
  std::int64_t minimum = 0;       ///< integers
  std::int64_t maximum = std::numeric_limits<std::int32_t>::max();
  std::vector<std::string_view> choices = {};
  std::vector<OptionSpec> fields = {};  ///< of `tables`
};

struct OptionTable;

struct OptionValue {
  std::variant<bool, std::int64_t, double, std::string, Duration, Prefix, SimTime, std::vector<std::string>,
               std::vector<Prefix>, std::vector<OptionTable>>
      value;
  Span span;
};

/// What stands in one [[design]] (or one table within it); only keys that were given, all of the type of
/// their spec and within its bounds.
struct OptionTable {
  std::map<std::string, OptionValue, std::less<>> values;
  Span span;  ///< of the table's header or opening brace

  const OptionValue* find(std::string_view key) const;
  bool has(std::string_view key) const { return find(key) != nullptr; }
  bool boolean(std::string_view key, bool otherwise) const;
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
  std::optional<std::int64_t> integer(std::string_view key) const;
  std::string text(std::string_view key, std::string_view otherwise) const;
  std::vector<std::string> texts(std::string_view key) const;
  double share(std::string_view key, double otherwise) const;
  Duration duration(std::string_view key, Duration otherwise) const;
  SimTime date(std::string_view key, SimTime otherwise) const;
  std::optional<Prefix> prefix(std::string_view key) const;
  std::vector<Prefix> prefixes(std::string_view key) const;
  std::span<const OptionTable> tables(std::string_view key) const;
  Span span_of(std::string_view key) const;  ///< the value's, else the table's
};

// --- what needs no running cluster
// -----------------------------------------------------------------------------

struct NodeShape {
  const InstanceLimits* limits = nullptr;  ///< none without an instance type
  std::optional<int> max_pods;             ///< the group's own limit
  Os os = Os::linux;
  std::optional<GroupId> group = std::nullopt;  ///< none: a node of no scenario
};

/// What a pod asks for beside its address.
enum class PodNeed : std::uint8_t {
  slot,           ///< a pod slot of a node
  own_interface,  ///< a pod slot, and one of the interfaces that a node has for single pods
  no_node,        ///< nothing: it runs by itself
};

/// Pods one node can hold.
struct Density {
  int max_pods = 110;  ///< kubelet's limit, host-network pods included
  std::int64_t pod_addresses =
      std::numeric_limits<std::int32_t>::max();  ///< addresses pods of one node can have at once
  int own_interfaces = 0;  ///< pods that can have an interface of their own, beside them
};

/// 110, or 250 from 30 vCPUs up; 110 where vCPUs are not known.
/// @source awsdocs/amazon-eks-user-guide latest/ug/nodes/choosing-instance-type.adoc
int default_max_pods(const InstanceLimits* limits);

/// Pods that need an address of one family.
struct FamilyDemand {
  std::int64_t pods = 0;
  std::int64_t most_per_node = 0;  ///< the most one node can have carried
};

/// What one node group needs at one date.
struct GroupDemand {
  GroupId group{};
  NodeShape shape;
  std::vector<SubnetId> subnets;
  std::int64_t nodes = 0;
  std::int64_t pods = 0;           ///< with an address of their own, daemonset pods included
  std::int64_t pods_per_node = 0;  ///< ceil(pods / nodes), the even spread
  std::int64_t most_per_node =
      0;  ///< the most one node can have carried: spread, surge and terminating pods considered
  FamilyDemand ipv4, ipv6;              ///< parts of the above; a pod that needs both counts in both
  std::int64_t with_own_interface = 0;  ///< pods beside the above, each with an interface of its own
};

struct DemandAt {
  SimTime at{};
  std::vector<GroupDemand> groups;
  std::int64_t without_node = 0;  ///< pods that run by themselves
  struct InNamespace {
    NamespaceId in_namespace{};
    std::int64_t pods = 0;
  };
  std::vector<InNamespace> without_node_by_owner = {};  ///< the same, one entry a workload or batch
};

struct Interval {
  uint128 low = 0;
  uint128 high = 0;

  bool contains(uint128 value) const { return low <= value && value <= high; }
};

/// What the model itself holds: in provider subnets (node primaries and other consumers not counted) and in
/// its own ranges.
struct ClosedForm {
  Interval subnets;
  Interval ranges;
  bool may_lack = false;  ///< more may be asked for than there is: high ends are then cut to what there is
};

/// A range of addresses of the design's own.
struct PodRange {
  std::string name;
  Prefix cidr;
  SimTime from{};
  Span span;
  bool encapsulated =
      false;  ///< pod traffic between nodes is wrapped, so the network below never sees these addresses
  std::string unit;  ///< for documents: "/26 blocks", "/24 node ranges"
};

/// What a design can serve beyond IPv4 pods on Linux nodes. A scenario that asks for more is refused when it
/// is read.
struct Capabilities {
  bool ipv4 = true;
  bool ipv6 = false;
  bool windows = false;
};

class ModelFactory;

/// A choice of the setting that decides how full is what a design holds, to be seen beside the others.
struct Variant {
  std::string words;           ///< "/27 blocks"
  std::vector<Cure> settings;  ///< keys relative to the design
  bool present = false;        ///< the design has it as it is
};

/// The design with some settings changed, to be lived once before its findings are told.
struct SettingTrial {
  std::vector<IntegerSetting> settings;
  std::shared_ptr<const ModelFactory> factory;
};

/// One model with its options chosen: how to make a fresh model for each life, and what can be said without
/// one.
class ModelFactory {
 public:
  virtual ~ModelFactory() = default;

  virtual Density density(const NodeShape& shape) const = 0;
  /// What pods of that namespace ask for; those of daemonsets always for a slot or an own interface.
  virtual PodNeed need_of(NamespaceId) const { return PodNeed::slot; }
  /// Where those that need no node take an address each.
  virtual std::vector<SubnetId> subnets_without_node(NamespaceId) const { return {}; }
  /// From steady growth at today's demand (low) to the running peak since the start (high).
  virtual ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const = 0;
  virtual std::vector<PodRange> ranges() const = 0;
  virtual bool needs_vpc() const { return false; }
  virtual Capabilities capabilities() const { return {}; }
  /// Whether nodes take whole /28s from subnets, so that it matters which free address EC2 gives.
  virtual bool draws_prefixes() const { return false; }

  /// `space` outlives the model. `seed` is for choices the original leaves to chance.
  virtual std::unique_ptr<IpamModel> make(SubnetSpace& space, std::uint64_t seed) const = 0;

  /// The next settings to live a life with, given those lived so far (`evidence.trials`); none: it knows
  /// enough.
  virtual std::optional<SettingTrial> next_trial(const Evidence&) const { return std::nullopt; }
  virtual std::vector<Finding> findings(const Evidence& evidence) const = 0;
  /// Changes worth trying against the first refusal, the likeliest first; keys relative to the design
  /// ("warm_ip_target").
  virtual std::vector<Cure> cures(const Evidence& evidence) const = 0;

  /// In the order in which they are shown; none where there is no such setting.
  virtual std::vector<Variant> variants() const { return {}; }
  /// None where there is no theory for the design, or not for this traffic.
  virtual std::optional<LongRun> long_run(const NodeTraffic&) const { return std::nullopt; }
};

/// What the scheduler takes a pod for that requests no CPU, in thousandths of a core.
/// @source kubernetes/kubernetes pkg/scheduler/util/pod_resources.go (DefaultMilliCPURequest)
inline constexpr std::int64_t default_cpu_request = 100;

/// What a design may know of the scenario when its options are checked.
struct DesignContext {
  std::span<const NodeGroup> groups;
  std::span<const Subnet> subnets;
  const Vpc* vpc = nullptr;  ///< none on premises
  std::span<const std::string> zones = {};
  std::span<const Namespace> namespaces = {};      ///< by NamespaceId
  Families families = {};                          ///< of which some pod needs an address
  std::int64_t cpu_request = default_cpu_request;  ///< of a pod on average
  /// By GroupId: daemonset pods of a node on the host's network.
  std::span<const std::int64_t> host_network_pods = {};
};

/// A word of the model's own in messages and findings.
struct OwnCode {
  std::string_view code;
  bool is_finding = false;  ///< about a simulated design; else a mistake in its options
  std::string_view meaning;
  std::string_view remedy;
};

struct ModelSpec {
  std::string_view name;     ///< "vpc-cni"
  std::string_view summary;  ///< one sentence
  std::vector<OptionSpec> options;
  std::vector<std::string_view> sources;
  std::vector<std::string_view> simplified;  ///< what is not modelled, each in one sentence
  std::vector<OwnCode> codes = {};
  /// Checks what one option alone cannot tell; none where errors were added.
  std::function<std::shared_ptr<const ModelFactory>(const OptionTable&, const DesignContext&, Diagnostics&)>
      configure;
};

/// The list a scenario is read with.
using ModelList = std::span<const ModelSpec>;

}  // namespace cidrplan
