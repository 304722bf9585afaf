#include "models/aws/vpc_cni_spec.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "models/aws/vpc_cni_codes.h"
#include "models/aws/vpc_cni_factory.h"

namespace cidrplan::aws {
namespace {

constexpr std::string_view manual = "aws/amazon-vpc-cni-k8s README.md";

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

/// IPv4 prefixes on any other type are silently not used.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (isConfigValid), pkg/awsutils/awsutils.go
void tell_of_fallback(const OptionTable& table, const DesignContext& context, Diagnostics& diagnostics) {
  for (const auto& group : context.groups) {
    if (group.limits == nullptr || group.limits->prefix_capable) continue;
    diagnostics.warning(
        "prefixes-not-supported", table.span_of("prefix_delegation"),
        fmt::format("{} of {} is neither Nitro nor bare metal: its nodes take single addresses",
                    group.limits->type, group.name),
        "the CNI falls back without an error");
  }
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
  if (settings.prefix_delegation) tell_of_fallback(table, context, diagnostics);
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
      "EC2 answers at once; which free address it gives is vpc.address_choice, as it is not documented.",
      "A removed interface's addresses return at once, not after the 2 s until it is deleted.",
      "A node's daemon starts when the node joins and does not restart.",
      "Further interfaces stand in the node's own subnet unless custom networking is on.",
  };
  spec.codes = vpc_cni_codes();
  spec.configure = configure;
  return spec;
}

}  // namespace cidrplan::aws
