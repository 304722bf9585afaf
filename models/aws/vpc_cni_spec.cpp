#include "models/aws/vpc_cni_spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "models/aws/density.h"
#include "models/aws/steady_pool.h"
#include "models/aws/vpc_cni_model.h"

namespace cidrplan::aws {
namespace {

constexpr std::string_view manual = "aws/amazon-vpc-cni-k8s README.md";
constexpr std::string_view daemon_source = "aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go";

class VpcCniFactory final : public ModelFactory {
 public:
  VpcCniFactory(VpcCniOptions options, std::int64_t interface_quota)
      : options_(std::move(options)), interface_quota_(interface_quota) {}

  Density density(const NodeShape& shape) const override;
  ClosedForm closed_form(const DemandAt& today, const DemandAt& running_peak) const override;
  std::vector<PodRange> ranges() const override { return {}; }
  bool needs_vpc() const override { return true; }
  std::unique_ptr<IpamModel> make(SubnetSpace& space, std::uint64_t) const override {
    return std::make_unique<VpcCniModel>(options_, space);
  }
  std::vector<Finding> findings(const Evidence& evidence) const override;
  std::vector<Cure> cures(const Evidence& evidence) const override;

 private:
  bool has_prefixes() const { return options_.settings.prefix_delegation; }
  std::int64_t least_of(const GroupDemand& group) const;
  std::int64_t most_of(const GroupDemand& group) const;
  std::int64_t room_of(const DemandAt& demand) const;

  VpcCniOptions options_;
  std::int64_t interface_quota_;
};

Density VpcCniFactory::density(const NodeShape& shape) const {
  Density density;
  if (shape.limits == nullptr) {
    density.max_pods = shape.max_pods.value_or(density.max_pods);
    return density;
  }
  const auto& settings = options_.settings;
  const bool custom = settings.custom_networking;
  const int by_rule = has_prefixes() && shape.limits->prefix_capable
                          ? max_pods_by_prefix(*shape.limits, custom)
                          : max_pods_by_secondary_address(*shape.limits, custom);
  density.max_pods = shape.max_pods.value_or(by_rule);
  const auto rules = make_pool_rules(settings, *shape.limits, density.max_pods);
  const auto per_unit = static_cast<std::int64_t>(size_of(rules->unit()));
  const auto enis = std::max(rules->max_enis() - (custom ? 1 : 0), 0);
  density.pod_addresses = std::int64_t{enis} * rules->limits().units_per_eni * per_unit;
  // MINIMUM_IP_TARGET alone: the pool never grows beyond it.
  if (settings.has_address_targets() && settings.warm_ip_target == 0) {
    const auto ceiling = (settings.minimum_ip_target + per_unit - 1) / per_unit * per_unit;
    density.pod_addresses = std::min(density.pod_addresses, ceiling);
  }
  return density;
}

/// What a node with steady growth to `pods` holds beside its own address.
std::int64_t held_beside_own(const PoolRules& rules, std::int64_t pods) {
  return steady_pool(rules, pods).vpc_addresses(rules.unit()) - 1;
}

/// At least, over a group: every node carries as much less than the even spread as the fullest carries more.
std::int64_t VpcCniFactory::least_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr || group.nodes == 0) return 0;
  const auto max_pods = density(group.shape).max_pods;
  const auto rules = make_pool_rules(options_.settings, *group.shape.limits, max_pods);
  const auto even = group.pods / group.nodes;
  const auto fewest = std::max<std::int64_t>(even - std::max<std::int64_t>(group.most_per_node - even, 1), 0);
  auto pool = steady_pool(*rules, fewest);
  // Growth ends once the pool has as many addresses as the node may have pods.
  const auto per_unit = static_cast<std::int64_t>(size_of(rules->unit()));
  pool.units = std::min(pool.units, (max_pods + per_unit - 1) / per_unit);
  const std::int64_t own = options_.settings.custom_networking ? 1 : 0;
  const auto per_eni = std::max<std::int64_t>(rules->limits().units_per_eni, 1);
  pool.enis = std::max<std::int64_t>((pool.units + per_eni - 1) / per_eni, 1) + own;
  return group.nodes * (pool.vpc_addresses(rules->unit()) - 1);
}

/// At most: every node has once carried the most that one can have carried, and keeps its interfaces.
std::int64_t VpcCniFactory::most_of(const GroupDemand& group) const {
  if (group.shape.limits == nullptr) return 0;
  const auto rules = make_pool_rules(options_.settings, *group.shape.limits, density(group.shape).max_pods);
  auto held = held_beside_own(*rules, group.most_per_node);
  if (rules->unit() == UnitKind::prefix && !options_.settings.has_address_targets())
    held += 16 * std::max<std::int64_t>(options_.settings.warm_prefix_target - 1, 0);
  return group.nodes * held;
}

/// What the subnets of the groups could give to the model.
std::int64_t VpcCniFactory::room_of(const DemandAt& demand) const {
  std::vector<bool> counted(options_.subnets.size(), false);
  std::int64_t room = 0;
  std::int64_t nodes = 0;
  const bool custom = options_.settings.custom_networking;
  for (const auto& group : demand.groups) {
    if (!custom) nodes += group.nodes;
    for (const auto id : group.subnets) counted[index_of(id)] = !custom;
  }
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const auto& subnet = options_.subnets[i];
    if (subnet.from > demand.at) continue;
    if (counted[i] || (custom && subnet.role == SubnetRole::pods)) room += subnet.capacity() - subnet.in_use;
  }
  return std::max<std::int64_t>(room - nodes, 0);
}

ClosedForm VpcCniFactory::closed_form(const DemandAt& today, const DemandAt& running_peak) const {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t largest_request = 0;
  std::int64_t addresses_per_eni = 1;
  std::int64_t nodes = 0;
  for (const auto& group : today.groups) {
    low += least_of(group);
    nodes += group.nodes;
    if (group.shape.limits == nullptr) continue;
    addresses_per_eni = std::max<std::int64_t>(addresses_per_eni, group.shape.limits->ipv4_per_eni);
    largest_request = std::max<std::int64_t>(largest_request, group.shape.limits->ipv4_per_eni);
  }
  for (const auto& group : running_peak.groups) high += most_of(group);
  const auto room = room_of(today);
  // A subnet too full for one more interface keeps what is left; so does the region's quota of interfaces.
  if (low > room) low = std::max<std::int64_t>(room - largest_request * std::ssize(options_.subnets), 0);
  const auto interfaces = std::max<std::int64_t>(interface_quota_ - nodes - 4, 0);
  low = std::min(low, nodes * (addresses_per_eni - 1) + interfaces);
  high = std::max(std::min(high, room_of(running_peak)), low);
  return {{static_cast<uint128>(low), static_cast<uint128>(high)}, {0, 0}};
}

// --- findings and cures ---

std::vector<Finding> VpcCniFactory::findings(const Evidence& evidence) const {
  std::vector<Finding> findings;
  const auto& settings = options_.settings;
  Usage peak;
  for (const auto& row : evidence.peak)
    if (row.place.kind == PlaceKind::subnet) peak += row.usage;
  const auto held = peak.held();
  if (held > 0 && peak.idle * 2 > held && !settings.has_address_targets() && !has_prefixes()) {
    findings.push_back(
        {Severity::warning, "warm-eni-target-holds-most", evidence.design,
         fmt::format(
             "At the peak {} of the {} addresses drawn ({} %) lie ready on nodes and serve no pod: "
             "warm_eni_target = {} keeps whole interfaces free. warm_ip_target keeps single addresses.",
             in_figures(peak.idle), in_figures(held), cidrplan::to_string(peak.idle * 100 / held),
             settings.warm_eni_target),
         "aws/amazon-vpc-cni-k8s docs/eni-and-ip-target.md"});
  }
  if (settings.minimum_ip_target > 0 && settings.warm_ip_target == 0) {
    findings.push_back(
        {Severity::warning, "minimum-ip-target-is-a-ceiling", evidence.design,
         fmt::format("minimum_ip_target = {} without warm_ip_target is a ceiling: a node's pool never grows "
                     "beyond it, and pod {} on a node gets no address.",
                     settings.minimum_ip_target, settings.minimum_ip_target + 1),
         std::string(daemon_source) + " (datastoreTargetState)"});
  }
  return findings;
}

std::vector<Cure> VpcCniFactory::cures(const Evidence& evidence) const {
  if (!evidence.first_refusal) return {};
  const auto& settings = options_.settings;
  std::vector<Cure> cures;
  const auto add = [&](std::string key, std::string value) {
    auto words = fmt::format("{} = {}", key, value);
    cures.push_back({std::move(key), std::move(value), std::move(words)});
  };
  switch (evidence.first_refusal->cause) {
    case Cause::subnet_exhausted:
    case Cause::quota_enis:
      for (const std::int64_t target : {2, 5})
        if (settings.warm_ip_target == 0 || settings.warm_ip_target > target)
          add("warm_ip_target", std::to_string(target));
      if (!settings.has_address_targets() && settings.warm_eni_target > 0) add("warm_eni_target", "0");
      break;
    case Cause::no_aligned_prefix:
      add("prefix_delegation", "false");
      break;
    case Cause::target_ceiling:
      add("warm_ip_target", "2");
      break;
    case Cause::eni_slots:
      if (!has_prefixes()) add("prefix_delegation", "true");
      if (settings.max_eni > 0) add("max_eni", std::to_string(settings.max_eni + 1));
      break;
    case Cause::warming:
      add("warm_ip_target", std::to_string(std::max<std::int64_t>(settings.warm_ip_target * 2, 5)));
      break;
    default:
      break;
  }
  return cures;
}

// --- options ---

OptionSpec count_option(std::string_view key, std::string_view unit, std::string_view default_text,
                        std::string_view meaning, std::string_view source) {
  OptionSpec option;
  option.key = key;
  option.type = OptionType::integer;
  option.unit = unit;
  option.default_text = default_text;
  option.meaning = meaning;
  option.source = source;
  return option;
}

OptionSpec flag_option(std::string_view key, std::string_view default_text, std::string_view meaning,
                       std::string_view source) {
  OptionSpec option;
  option.key = key;
  option.type = OptionType::boolean;
  option.default_text = default_text;
  option.meaning = meaning;
  option.source = source;
  return option;
}

std::vector<OptionSpec> options() {
  OptionSpec cooldown;
  cooldown.key = "ip_cooldown_period";
  cooldown.type = OptionType::duration;
  cooldown.unit = "s";
  cooldown.default_text = "30s";
  cooldown.meaning = "a released address goes to no other pod for that long (IP_COOLDOWN_PERIOD)";
  cooldown.source = manual;
  return {
      count_option("warm_eni_target", "interfaces", "1",
                   "interfaces' worth of addresses kept free; not looked at once warm_ip_target or "
                   "minimum_ip_target is set (WARM_ENI_TARGET)",
                   manual),
      count_option("warm_ip_target", "addresses", "0, not set", "addresses kept free (WARM_IP_TARGET)",
                   manual),
      count_option("minimum_ip_target", "addresses", "0, not set",
                   "addresses a node holds at least (MINIMUM_IP_TARGET)", manual),
      count_option("max_eni", "interfaces", "0, the instance type's limit",
                   "interfaces a node may have at most (MAX_ENI)", manual),
      flag_option("prefix_delegation", "false",
                  "a /28 in each slot of an interface instead of one address (ENABLE_PREFIX_DELEGATION)",
                  "aws/amazon-vpc-cni-k8s docs/prefix-and-ip-target.md"),
      count_option("warm_prefix_target", "prefixes", "1, as the manifest ships it",
                   "prefixes' worth of addresses kept free (WARM_PREFIX_TARGET)",
                   "aws/amazon-vpc-cni-k8s config/master/aws-k8s-cni.yaml"),
      flag_option(
          "custom_networking", "false",
          "further interfaces stand in the subnets of role pods of the node's zone, and the primary one "
          "serves no pod (AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG)",
          manual),
      cooldown,
  };
}

/// With custom networking every zone with nodes needs a subnet for pods.
bool has_pod_subnets(const OptionTable& table, const DesignContext& context, Diagnostics& diagnostics) {
  for (const auto& group : context.groups)
    for (const auto zone : group.zones) {
      const bool there = std::any_of(
          context.subnets.begin(), context.subnets.end(),
          [&](const Subnet& subnet) { return subnet.role == SubnetRole::pods && subnet.zone == zone; });
      if (there) continue;
      diagnostics.error(
          "no-pod-subnet", table.span_of("custom_networking"),
          fmt::format("custom networking needs a subnet of role pods in every zone of {}", group.name),
          "add a [[subnet]] with role = \"pods\" there");
      return false;
    }
  return true;
}

std::shared_ptr<const ModelFactory> configure(const OptionTable& table, const DesignContext& context,
                                              Diagnostics& diagnostics) {
  VpcCniOptions chosen;
  auto& settings = chosen.settings;
  settings.warm_eni_target = table.integer("warm_eni_target", 1);
  settings.warm_ip_target = table.integer("warm_ip_target", 0);
  settings.minimum_ip_target = table.integer("minimum_ip_target", 0);
  settings.max_eni = table.integer("max_eni", 0);
  settings.prefix_delegation = table.boolean("prefix_delegation", false);
  settings.warm_prefix_target = table.integer("warm_prefix_target", 1);
  settings.custom_networking = table.boolean("custom_networking", false);
  settings.cooldown = table.duration("ip_cooldown_period", Duration::seconds(30));
  chosen.subnets.assign(context.subnets.begin(), context.subnets.end());
  if (settings.custom_networking && !has_pod_subnets(table, context, diagnostics)) return nullptr;
  const auto quota = context.vpc != nullptr ? context.vpc->quota.enis_per_region : Quotas{}.enis_per_region;
  return std::make_shared<VpcCniFactory>(std::move(chosen), quota);
}

}  // namespace

ModelSpec vpc_cni_spec() {
  ModelSpec spec;
  spec.name = "vpc-cni";
  spec.summary = "pods take addresses of the VPC's subnets, attached to their node (Amazon VPC CNI)";
  spec.options = options();
  spec.sources = {
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/ipamd/ipamd.go",
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/ipamd/datastore/data_store.go",
      "aws/amazon-vpc-cni-k8s v1.23.2 pkg/awsutils/awsutils.go",
      "aws/amazon-vpc-cni-k8s v1.23.1 pkg/vpc/vpc_ip_resource_limit.go",
  };
  spec.simplified = {
      "Walks through interfaces and addresses go in ascending order (first fit); the daemon's own order is "
      "open.",
      "EC2 answers at once and gives the lowest free addresses and /28s; how it chooses is not documented.",
      "A removed interface's addresses return at once, not after the 2 s until it is deleted.",
      "A node's daemon starts when the node joins and does not restart.",
      "Further interfaces stand in the node's own subnet unless custom networking is on.",
  };
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::aws
