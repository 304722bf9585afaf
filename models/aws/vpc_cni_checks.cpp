#include "models/aws/vpc_cni_checks.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/aws/interface_placement.h"

namespace cidrplan::aws {
namespace {

/// With custom networking every zone with Linux nodes needs a subnet for pods: the one that a label names,
/// or any.
bool has_pod_subnets(const OptionTable& table, const DesignContext& context, Diagnostics& diagnostics) {
  for (const auto& group : context.groups) {
    if (group.os == Os::windows) continue;
    const auto* config = eni_config_of(group.labels);
    for (const auto zone : group.zones) {
      const auto serves = [&](const Subnet& subnet) {
        return subnet.role == SubnetRole::pods && subnet.zone == zone &&
               (config == nullptr || subnet.name == *config);
      };
      if (std::any_of(context.subnets.begin(), context.subnets.end(), serves)) continue;
      if (config == nullptr)
        diagnostics.error(
            "no-pod-subnet", table.span_of("custom_networking"),
            fmt::format("custom networking needs a subnet of role pods in every zone of {}", group.name),
            "add a [[subnet]] with role = \"pods\" there");
      else
        diagnostics.error(
            "no-pod-subnet", table.span_of("custom_networking"),
            fmt::format(
                "a label of {} names the ENIConfig \"{}\", and not every zone of the group has a subnet "
                "of role pods with that name",
                group.name, *config),
            "an interface stands in the zone of its node: one group and one label for each zone");
      return false;
    }
  }
  return true;
}

/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (isConfigValid)
bool may_run_ipv6(const VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                  Diagnostics& diagnostics) {
  const auto refuse = [&](std::string_view key, const std::string& message, const std::string& hint) {
    diagnostics.error("ipv6-settings", table.span_of(key), message, hint);
    return false;
  };
  if (options.settings.custom_networking)
    return refuse("custom_networking", "the daemon does not start with ipv6 and custom_networking",
                  "leave custom_networking out");
  if (!options.settings.prefix_delegation)
    return refuse("ipv6", "the daemon does not start with ipv6 and without prefix_delegation",
                  "prefix_delegation = true");
  for (const auto& group : context.groups) {
    if (group.limits != nullptr && !group.limits->prefix_capable)
      return refuse("ipv6",
                    fmt::format("the daemon does not start with ipv6 on {} of {}, which is neither Nitro nor "
                                "bare metal",
                                group.limits->type, group.name),
                    "choose a Nitro type");
    for (const auto id : group.subnets) {
      const auto& subnet = context.subnets[index_of(id)];
      if (!subnet.ipv6)
        return refuse("ipv6",
                      fmt::format("nodes of {} need an IPv6 range of subnet {}", group.name, subnet.name),
                      "give the subnet an ipv6_cidr");
    }
  }
  return true;
}

/// IPv4 prefixes on any other type are silently not used.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go (isConfigValid), pkg/awsutils/awsutils.go
void tell_of_fallback(const VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                      Diagnostics& diagnostics) {
  for (const auto& group : context.groups) {
    const bool windows = group.os == Os::windows;
    const bool wanted =
        windows ? options.windows.prefix_delegation : options.settings.prefix_delegation && !options.ipv6;
    if (!wanted || group.limits == nullptr || group.limits->prefix_capable) continue;
    diagnostics.warning(
        "prefixes-not-supported", table.span_of(windows ? "windows_prefix_delegation" : "prefix_delegation"),
        fmt::format("{} of {} is neither Nitro nor bare metal: its nodes take single addresses",
                    group.limits->type, group.name),
        "the CNI falls back without an error");
  }
}

/// What the daemon makes of a negative target, which is no mistake to it.
void tell_of_negative_targets(const VpcCniOptions& options, const OptionTable& table,
                              Diagnostics& diagnostics) {
  const auto& settings = options.settings;
  const std::pair<std::string_view, std::int64_t> targets[] = {
      {"warm_eni_target", settings.warm_eni_target},
      {"warm_ip_target", settings.warm_ip_target},
      {"minimum_ip_target", settings.minimum_ip_target},
      {"warm_prefix_target", settings.warm_prefix_target},
      {"max_eni", settings.max_eni},
  };
  for (const auto& [key, value] : targets)
    if (const auto given = table.integer(key); given && *given < 0)
      diagnostics.warning("negative-target", table.span_of(key),
                          fmt::format("{} = {}: the daemon takes a negative value for {}", key, *given,
                                      value == 0 ? std::string("not set") : std::to_string(value)),
                          "leave it out");
}

}  // namespace

bool check_options(const VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                   Diagnostics& diagnostics) {
  if (options.ipv6 && !may_run_ipv6(options, table, context, diagnostics)) return false;
  if (options.settings.custom_networking && !has_pod_subnets(table, context, diagnostics)) return false;
  tell_of_negative_targets(options, table, diagnostics);
  tell_of_fallback(options, table, context, diagnostics);
  return true;
}

}  // namespace cidrplan::aws
