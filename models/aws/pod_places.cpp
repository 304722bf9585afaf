#include "models/aws/pod_places.h"

#include <algorithm>
#include <fmt/format.h>

#include "models/aws/trunk.h"
#include "planner/config/nearest_names.h"

namespace cidrplan::aws {
namespace {

class PodPlaceReader {
 public:
  PodPlaceReader(VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                 Diagnostics& diagnostics)
      : options_(options), table_(table), context_(context), diagnostics_(diagnostics) {}

  bool read() {
    read_security_groups();
    for (const auto& profile : table_.tables("fargate_profile")) read_profile(profile);
    return sound_;
  }

 private:
  void error(std::string_view code, Span span, const std::string& message, std::string hint) {
    diagnostics_.error(code, span, message, std::move(hint));
    sound_ = false;
  }

  template <typename List>
  std::optional<std::size_t> find(const List& list, const std::string& name, std::string_view what,
                                  Span span) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].name == name) return i;
      names.push_back(list[i].name);
    }
    const auto near = nearest_name(name, names);
    error("unknown-name", span, fmt::format("{} \"{}\"", what, name),
          near.empty() ? std::string() : fmt::format("did you mean \"{}\"?", near));
    return std::nullopt;
  }

  std::vector<NamespaceId> namespaces(const OptionTable& table, std::string_view key) {
    std::vector<NamespaceId> found;
    for (const auto& name : table.texts(key)) {
      const auto index =
          find(context_.namespaces, name, "no pod of the scenario is in namespace", table.span_of(key));
      if (index) found.push_back(NamespaceId{static_cast<std::uint16_t>(*index)});
    }
    return found;
  }

  void read_security_groups() {
    constexpr std::string_view key = "security_group_namespaces";
    if (!table_.has(key)) return;
    options_.security_group_namespaces = namespaces(table_, key);
    if (!options_.settings.pod_eni) {
      return error(
          "pod-eni-settings", table_.span_of(key),
          "without pod_eni no node offers an interface to pods with security groups, so that none of "
          "them would ever start",
          "pod_eni = true");
    }
    check_trunks(table_.span_of(key));
  }

  void check_trunks(Span span) {
    std::vector<const NodeGroup*> without;
    for (const auto& group : context_.groups)
      if (branch_limit(options_, {group.limits, group.max_pods, group.os, {}}) == 0)
        without.push_back(&group);
    if (without.size() == context_.groups.size()) {
      return error(
          "no-trunk", span,
          "no node group takes pods with security groups: its instance type has no branch interfaces, or it "
          "runs Windows",
          "choose a type with branch interfaces, such as m5.large with 9; none of the T family has any");
    }
    for (const auto* group : without)
      diagnostics_.warning(
          "no-trunk", span,
          fmt::format("nodes of {} take no pod with security groups: {}", group->name,
                      group->os == Os::windows || group->limits == nullptr
                          ? std::string("they run Windows")
                          : fmt::format("{} has no branch interfaces", group->limits->type)));
  }

  void read_profile(const OptionTable& table) {
    FargateProfile profile;
    profile.namespaces = namespaces(table, "namespaces");
    for (const auto& name : table.texts("subnets")) read_subnet(table, name, profile);
    for (const auto one : profile.namespaces)
      if (options_.fargate_profile_of(one))
        error(
            "fargate-profile", table.span_of("namespaces"),
            fmt::format(
                "namespace \"{}\" is in another Fargate profile too, and which one a pod would take is left "
                "to chance",
                context_.namespaces[index_of(one)].name),
            "name it in one of them");
    options_.fargate.push_back(std::move(profile));
  }

  void read_subnet(const OptionTable& table, const std::string& name, FargateProfile& profile) {
    const auto span = table.span_of("subnets");
    const auto index = find(context_.subnets, name, "the scenario has no subnet", span);
    if (!index) return;
    const auto& subnet = context_.subnets[*index];
    if (subnet.role == SubnetRole::public_facing)
      error("fargate-profile", span,
            fmt::format("subnet {} is public, and Fargate takes private ones only", name),
            "name a subnet without a route to an internet gateway");
    if (options_.ipv6 && !subnet.ipv6)
      error("ipv6-settings", span, fmt::format("pods on Fargate need an IPv6 range of subnet {}", name),
            "give the subnet an ipv6_cidr");
    profile.subnets.push_back(static_cast<SubnetId>(*index));
  }

  VpcCniOptions& options_;
  const OptionTable& table_;
  const DesignContext& context_;
  Diagnostics& diagnostics_;
  bool sound_ = true;
};

}  // namespace

bool read_pod_places(VpcCniOptions& options, const OptionTable& table, const DesignContext& context,
                     Diagnostics& diagnostics) {
  return PodPlaceReader(options, table, context, diagnostics).read();
}

}  // namespace cidrplan::aws
