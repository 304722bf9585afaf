#include "models/aws/daemon_environment.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

#include "planner/config/nearest_names.h"

namespace cidrplan::aws {
namespace {

/// What the VPC CNI's containers read. Those of the first group decide about addresses.
/// @source aws/amazon-vpc-cni-k8s README.md, config/master/aws-k8s-cni.yaml
constexpr auto variables = std::to_array<std::string_view>({
    "WARM_ENI_TARGET",
    "WARM_IP_TARGET",
    "MINIMUM_IP_TARGET",
    "WARM_PREFIX_TARGET",
    "MAX_ENI",
    "ENABLE_PREFIX_DELEGATION",
    "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG",
    "ENABLE_SUBNET_DISCOVERY",
    "IP_COOLDOWN_PERIOD",
    "AWS_MANAGE_ENIS_NON_SCHEDULABLE",
    "ENABLE_POD_ENI",
    "DISABLE_NETWORK_RESOURCE_PROVISIONING",
    "ENABLE_IMDS_ONLY_MODE",
    "MANAGE_UNTAGGED_ENI",
    "CLUSTER_NAME",
    "ENABLE_MULTI_NIC",
    "ENABLE_IPv4",
    "ENABLE_IPv6",

    "ADDITIONAL_ENI_TAGS",
    "AGENT_LOG_PATH",
    "ANNOTATE_POD_IP",
    "AWS_EC2_ENDPOINT",
    "AWS_EXTERNAL_SERVICE_CIDRS",
    "AWS_VPC_CNI_NODE_PORT_SUPPORT",
    "AWS_VPC_ENI_MTU",
    "AWS_VPC_K8S_CNI_BACKING_STORE",
    "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER",
    "AWS_VPC_K8S_CNI_CONNMARK",
    "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS",
    "AWS_VPC_K8S_CNI_EXTERNALSNAT",
    "AWS_VPC_K8S_CNI_LOGLEVEL",
    "AWS_VPC_K8S_CNI_LOG_FILE",
    "AWS_VPC_K8S_CNI_RANDOMIZESNAT",
    "AWS_VPC_K8S_CNI_VETHPREFIX",
    "AWS_VPC_K8S_EGRESS_V4_PLUGIN_LOG_FILE",
    "AWS_VPC_K8S_EGRESS_V6_PLUGIN_LOG_FILE",
    "AWS_VPC_K8S_PLUGIN_LOG_FILE",
    "AWS_VPC_K8S_PLUGIN_LOG_LEVEL",
    "CLUSTER_ENDPOINT",
    "DISABLE_INTROSPECTION",
    "DISABLE_LEAKED_ENI_CLEANUP",
    "DISABLE_METRICS",
    "DISABLE_POD_V6",
    "DISABLE_TCP_EARLY_DEMUX",
    "ENABLE_BANDWIDTH_PLUGIN",
    "ENABLE_NFTABLES",
    "ENABLE_V4_EGRESS",
    "ENABLE_V6_EGRESS",
    "ENI_CONFIG_ANNOTATION_DEF",
    "ENI_CONFIG_LABEL_DEF",
    "HOST_CNI_BIN_PATH",
    "HOST_CNI_CONFDIR_PATH",
    "INTROSPECTION_BIND_ADDRESS",
    "MY_NODE_NAME",
    "MY_POD_NAME",
    "NETWORK_POLICY_ENFORCING_MODE",
    "POD_MTU",
    "POD_SECURITY_GROUP_ENFORCING_MODE",
    "VPC_CNI_VERSION",
    "VPC_ID",
});

void require_known(std::string_view name) {
  if (std::find(variables.begin(), variables.end(), name) != variables.end()) return;
  const auto nearest = nearest_name(name, variables);
  throw ReplayInputError(fmt::format("\"settings\": the VPC CNI has no variable {:.60}; {}", name,
                                     nearest.empty() ? "leave out what its daemon does not read"
                                                     : fmt::format("did you mean {}?", nearest)));
}

/// As Go's strconv.Atoi: a sign, then decimal digits that fit into 64 bits.
std::optional<std::int64_t> read_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// As Go's strconv.ParseBool.
std::optional<bool> read_flag(std::string_view text) {
  for (const auto* yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (const auto* no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

}  // namespace

DaemonEnvironment::DaemonEnvironment(const Json& settings) {
  for (const auto& [name, value] : settings.items()) {
    require_known(name);
    values_[name] = text_of(value, name.c_str());
  }
  refuse_what_is_not_replayed();
}

void DaemonEnvironment::refuse_what_is_not_replayed() const {
  const auto refuse = [&](const char* variable, const char* why) {
    throw ReplayInputError(fmt::format("\"settings\": {} is \"{:.60}\", but {}; record without it", variable,
                                       *find(variable), why));
  };
  constexpr auto* one_family = "of a node's daemon only IPv4 is replayed";
  if (flag("ENABLE_MULTI_NIC", false)) refuse("ENABLE_MULTI_NIC", "only network card 0 is replayed");
  if (flag("ENABLE_IPv6", false)) refuse("ENABLE_IPv6", one_family);
  if (find("ENABLE_IPv4") != nullptr && !flag("ENABLE_IPv4", false)) refuse("ENABLE_IPv4", one_family);
}

Settings DaemonEnvironment::settings() const {
  Settings settings;
  settings.warm_eni_target = target("WARM_ENI_TARGET", 1);
  settings.warm_ip_target = target("WARM_IP_TARGET", 0);
  settings.minimum_ip_target = target("MINIMUM_IP_TARGET", 0);
  settings.warm_prefix_target = target("WARM_PREFIX_TARGET", 0);
  settings.max_eni = target("MAX_ENI", 0);
  settings.prefix_delegation = flag("ENABLE_PREFIX_DELEGATION", false);
  settings.custom_networking = flag("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", false);
  settings.subnet_discovery = flag("ENABLE_SUBNET_DISCOVERY", true);
  settings.pod_eni = flag("ENABLE_POD_ENI", false);
  settings.manage_when_cordoned = flag("AWS_MANAGE_ENIS_NON_SCHEDULABLE", false);
  settings.provisioning = !flag("DISABLE_NETWORK_RESOURCE_PROVISIONING", false) && !metadata_only();
  settings.cooldown = cooldown();
  return settings;
}

std::string DaemonEnvironment::cluster() const {
  const auto* name = find("CLUSTER_NAME");
  return name != nullptr ? *name : std::string{};
}

const std::string* DaemonEnvironment::find(const std::string& variable) const {
  const auto at = values_.find(variable);
  return at != values_.end() ? &at->second : nullptr;
}

bool DaemonEnvironment::flag(const std::string& variable, bool otherwise) const {
  const auto* text = find(variable);
  return text != nullptr ? read_flag(*text).value_or(otherwise) : otherwise;
}

std::optional<std::int64_t> DaemonEnvironment::number(const std::string& variable) const {
  const auto* text = find(variable);
  return text != nullptr ? read_number(*text) : std::nullopt;
}

/// Negative values count as not given; beyond `most` more makes no difference to a node.
std::int64_t DaemonEnvironment::target(const std::string& variable, std::int64_t otherwise) const {
  constexpr std::int64_t most = 1'000'000'000;
  const auto value = number(variable);
  return value && *value >= 0 ? std::min(*value, most) : otherwise;
}

/// Negative ones are taken as they are: no address ever cools. The daemon keeps nanoseconds in 64 bits, and
/// what does not fit wraps.
Duration DaemonEnvironment::cooldown() const {
  constexpr std::uint64_t ns_per_s = 1'000'000'000;
  constexpr std::int64_t ns_per_ms = 1'000'000;
  constexpr std::int64_t seconds_by_default = 30;
  const auto seconds = number("IP_COOLDOWN_PERIOD").value_or(seconds_by_default);
  const auto ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(seconds) * ns_per_s);
  const auto ms = ns / ns_per_ms;
  return Duration{ns % ns_per_ms < 0 ? ms - 1 : ms};
}

}  // namespace cidrplan::aws
