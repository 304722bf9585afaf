#include "models/aws/vpc_cni_option_list.h"

#include <limits>

namespace cidrplan::aws {
namespace {

constexpr std::string_view manual = "aws/amazon-vpc-cni-k8s README.md";
constexpr std::string_view fargate_manual =
    "awsdocs/amazon-eks-user-guide latest/ug/nodes/fargate-profile.adoc";
constexpr std::string_view windows_manual =
    "aws/amazon-vpc-resource-controller-k8s docs/windows/prefix_delegation_config_options.md";

OptionSpec option_of(OptionType type, std::string_view key, std::string_view default_text,
                     std::string_view meaning, std::string_view source) {
  OptionSpec option;
  option.key = key;
  option.type = type;
  option.default_text = default_text;
  option.meaning = meaning;
  option.source = source;
  return option;
}

OptionSpec count_option(std::string_view key, std::string_view unit, std::string_view default_text,
                        std::string_view meaning, std::string_view source) {
  auto option = option_of(OptionType::integer, key, default_text, meaning, source);
  option.unit = unit;
  return option;
}

OptionSpec flag_option(std::string_view key, std::string_view default_text, std::string_view meaning,
                       std::string_view source) {
  return option_of(OptionType::boolean, key, default_text, meaning, source);
}

/// A target that the daemon replaces where it is negative.
OptionSpec target_option(std::string_view key, std::string_view unit, std::string_view default_text,
                         std::string_view meaning, std::string_view source) {
  auto option = count_option(key, unit, default_text, meaning, source);
  option.minimum = std::numeric_limits<std::int32_t>::min();
  return option;
}

void append_pool_options(std::vector<OptionSpec>& all) {
  all.push_back(
      target_option("warm_eni_target", "interfaces", "1",
                    "interfaces' worth of addresses kept free; not looked at once warm_ip_target or "
                    "minimum_ip_target is set (WARM_ENI_TARGET)",
                    manual));
  all.push_back(target_option("warm_ip_target", "addresses", "0, not set",
                              "addresses kept free (WARM_IP_TARGET)", manual));
  all.push_back(target_option("minimum_ip_target", "addresses", "0, not set",
                              "addresses a node holds at least (MINIMUM_IP_TARGET)", manual));
  all.push_back(target_option("max_eni", "interfaces", "0, the instance type's limit",
                              "interfaces a node may have at most (MAX_ENI)", manual));
  all.push_back(
      flag_option("prefix_delegation", "false",
                  "a /28 in each slot of an interface instead of one address (ENABLE_PREFIX_DELEGATION)",
                  "aws/amazon-vpc-cni-k8s docs/prefix-and-ip-target.md"));
  all.push_back(target_option("warm_prefix_target", "prefixes", "1, as shipped",
                              "prefixes' worth of addresses kept free (WARM_PREFIX_TARGET)",
                              "aws/amazon-vpc-cni-k8s config/master/aws-k8s-cni.yaml"));
}

void append_placement_options(std::vector<OptionSpec>& all) {
  all.push_back(flag_option(
      "custom_networking", "false",
      "further interfaces stand in the subnets of role pods of the node's zone, and the primary one "
      "serves no pod (AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG)",
      manual));
  all.push_back(flag_option(
      "subnet_discovery", "true",
      "further interfaces stand in the node's own subnet or in others of its zone that carry the tag "
      "kubernetes.io/role/cni (ENABLE_SUBNET_DISCOVERY)",
      manual));
  all.push_back(option_of(OptionType::text, "cluster_name", "none, such tags are not looked at",
                          "a subnet that is tagged cni.networking.k8s.aws/cluster/NAME for other clusters "
                          "only takes no interfaces of this one (CLUSTER_NAME)",
                          manual));
  all.push_back(flag_option(
      "ipv6", "false", "pods have IPv6 addresses of one /80 for each node, and no IPv4 ones (ENABLE_IPv6)",
      manual));
}

/// Pods that have an interface of their own.
void append_pod_options(std::vector<OptionSpec>& all) {
  all.push_back(flag_option("pod_eni", "false",
                            "nodes get a trunk interface for pods with security groups (ENABLE_POD_ENI)",
                            manual));
  all.push_back(option_of(OptionType::texts, "security_group_namespaces", "none",
                          "namespaces in which a SecurityGroupPolicy selects all pods: each has a branch "
                          "interface of its own",
                          "aws/amazon-vpc-resource-controller-k8s README.md"));
  auto profile =
      option_of(OptionType::tables, "fargate_profile", "none",
                "pods of which namespaces run on Fargate, each with one address of a subnet", fargate_manual);
  profile.fields = {
      option_of(OptionType::texts, "namespaces", "", "namespaces of the scenario's pods", fargate_manual),
      option_of(OptionType::texts, "subnets", "", "subnets by name, private ones", fargate_manual)};
  all.push_back(std::move(profile));
}

void append_windows_options(std::vector<OptionSpec>& all) {
  all.push_back(flag_option("windows_prefix_delegation", "false",
                            "Windows nodes take /28s (enable-windows-prefix-delegation)", windows_manual));
  all.push_back(count_option("windows_warm_ip_target", "addresses", "3, 1 with /28s",
                             "addresses kept free on a Windows node; 0 counts as 1 (windows-warm-ip-target)",
                             windows_manual));
  all.push_back(count_option("windows_minimum_ip_target", "addresses", "3",
                             "addresses a Windows node holds at least (windows-minimum-ip-target)",
                             windows_manual));
  all.push_back(count_option("windows_warm_prefix_target", "prefixes", "0, not set",
                             "wholly free /28s kept on a Windows node, where neither of the two above is set "
                             "(windows-warm-prefix-target)",
                             windows_manual));
}

WindowsSettings windows_settings(const OptionTable& table) {
  WindowsSettings windows;
  windows.prefix_delegation = table.boolean("windows_prefix_delegation", false);
  windows.warm_ip_target = table.integer("windows_warm_ip_target", windows.prefix_delegation ? 1 : 3);
  windows.minimum_ip_target = table.integer("windows_minimum_ip_target", 3);
  windows.warm_prefix_target = table.integer("windows_warm_prefix_target", 0);
  windows.has_address_targets = table.has("windows_warm_ip_target") || table.has("windows_minimum_ip_target");
  return windows;
}

/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (getWarmENITarget, getWarmIPTarget, …)
std::int64_t target(const OptionTable& table, std::string_view key, std::int64_t otherwise,
                    std::int64_t if_negative) {
  const auto given = table.integer(key, otherwise);
  return given < 0 ? if_negative : given;
}

}  // namespace

std::vector<OptionSpec> vpc_cni_option_list() {
  std::vector<OptionSpec> all;
  append_pool_options(all);
  append_placement_options(all);
  append_pod_options(all);
  append_windows_options(all);
  auto walk = option_of(OptionType::text, "address_walk", "first-fit",
                        "which of a node's free addresses the next pod gets, and which are given back: in "
                        "ascending order, or drawn as the daemon's unordered maps may give them",
                        "aws/amazon-vpc-cni-k8s pkg/ipamd/datastore/data_store.go");
  walk.choices = {"first-fit", "random"};
  all.push_back(std::move(walk));
  auto cooldown =
      option_of(OptionType::duration, "ip_cooldown_period", "30s",
                "a released address goes to no other pod for that long (IP_COOLDOWN_PERIOD)", manual);
  cooldown.unit = "s";
  all.push_back(std::move(cooldown));
  return all;
}

VpcCniOptions chosen_options(const OptionTable& table) {
  VpcCniOptions chosen;
  auto& settings = chosen.settings;
  settings.warm_eni_target = target(table, "warm_eni_target", 1, 1);
  settings.warm_ip_target = target(table, "warm_ip_target", 0, 0);
  settings.minimum_ip_target = target(table, "minimum_ip_target", 0, 0);
  settings.max_eni = target(table, "max_eni", 0, 0);
  settings.prefix_delegation = table.boolean("prefix_delegation", false);
  settings.warm_prefix_target = target(table, "warm_prefix_target", 1, 0);
  settings.custom_networking = table.boolean("custom_networking", false);
  settings.subnet_discovery = table.boolean("subnet_discovery", true);
  settings.pod_eni = table.boolean("pod_eni", false);
  settings.cooldown = table.duration("ip_cooldown_period", Duration::seconds(30));
  chosen.cluster_name = table.text("cluster_name", "");
  chosen.random_walk = table.text("address_walk", "first-fit") == "random";
  chosen.ipv6 = table.boolean("ipv6", false);
  chosen.windows = windows_settings(table);
  return chosen;
}

}  // namespace cidrplan::aws
