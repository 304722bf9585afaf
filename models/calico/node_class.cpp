#include "models/calico/node_class.h"

#include <algorithm>

namespace cidrplan::calico {
namespace {

PoolList by_name(const CalicoOptions& options) {
  PoolList order;
  for (std::size_t i = 0; i < options.pools.size(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return options.pools[a].pool.name < options.pools[b].pool.name;
  });
  return order;
}

/// The lists that the plan's namespaces see, and what they have in common.
void add_pod_pools(const CalicoOptions& options, const PoolList& of_nodes, Family family,
                   NodeClass::OfFamily& pools) {
  PoolList mine;
  for (const auto i : of_nodes) {
    const auto& plan = options.pools[i];
    if (plan.pool.family() == family && plan.pool.automatic && plan.serves(Use::workload)) mine.push_back(i);
  }
  auto namespaces = options.namespaces;
  if (namespaces.empty()) namespaces.emplace_back();
  std::vector<PoolList> lists;
  for (const auto& space : namespaces) {
    PoolList list;
    for (const auto i : mine)
      if (options.pools[i].pool.namespace_selector.matches(Labels(space.labels))) list.push_back(i);
    if (!list.empty() && std::find(lists.begin(), lists.end(), list) == lists.end()) lists.push_back(list);
  }
  pools.lists = static_cast<std::int64_t>(lists.size());
  for (const auto i : mine) {
    const auto holds = [&](const PoolList& list) {
      return std::find(list.begin(), list.end(), i) != list.end();
    };
    if (std::any_of(lists.begin(), lists.end(), holds)) pools.for_pods.push_back(i);
    if (options.pools[i].pool.namespace_selector.selects_all()) pools.for_all_pods.push_back(i);
  }
}

NodeClass class_of(const NodeGroup& group, GroupId id, const Labels& labels, const CalicoOptions& options) {
  NodeClass nodes;
  nodes.group = id;
  nodes.windows = group.os == Os::windows;
  PoolList selected;
  for (const auto i : by_name(options))
    if (options.pools[i].pool.node_selector.matches(labels)) selected.push_back(i);
  for (const auto family : {Family::ipv4, Family::ipv6})
    add_pod_pools(options, selected, family, nodes.of(family));
  if (nodes.windows) return nodes;
  for (const auto tunnel : all_tunnels) {
    PoolList list;
    for (const auto i : selected)
      if (serves(options.pools[i], tunnel, options.wireguard)) list.push_back(i);
    if (!list.empty()) nodes.of(family_of(tunnel)).for_tunnels.push_back(std::move(list));
  }
  return nodes;
}

bool same_pools(const NodeClass& a, const NodeClass& b) {
  const auto same = [&](Family family) {
    return a.of(family).for_pods == b.of(family).for_pods &&
           a.of(family).for_tunnels == b.of(family).for_tunnels;
  };
  return same(Family::ipv4) && same(Family::ipv6);
}

}  // namespace

std::vector<NodeClass> node_classes(const CalicoOptions& options, const DesignContext& context) {
  std::vector<NodeClass> all;
  const auto region = context.vpc != nullptr ? std::string_view(context.vpc->region) : std::string_view();
  for (std::size_t g = 0; g < context.groups.size(); ++g) {
    const auto& group = context.groups[g];
    const GroupId id{static_cast<std::uint16_t>(g)};
    std::vector<NodeClass> classes;
    const auto add = [&](std::string_view zone) {
      classes.push_back(class_of(group, id, Labels(node_labels(group, zone, region)), options));
    };
    for (const auto zone : group.zones)
      add(index_of(zone) < context.zones.size() ? std::string_view(context.zones[index_of(zone)])
                                                : std::string_view());
    if (classes.empty()) add("");
    const auto alike = [&](const NodeClass& nodes) { return same_pools(nodes, classes.front()); };
    if (std::all_of(classes.begin(), classes.end(), alike)) classes.resize(1);
    for (auto& nodes : classes) {
      nodes.parts = static_cast<std::int64_t>(classes.size());
      all.push_back(std::move(nodes));
    }
  }
  return all;
}

std::int64_t usable_in_block(const IpPool& pool, bool windows) {
  const auto size = std::int64_t{1} << pool.block_bits();
  if (!windows || pool.family() == Family::ipv6) return size;
  return std::max<std::int64_t>(0, size - windows_reserved_at_start - windows_reserved_at_end);
}

std::int64_t block_cap(const CalicoOptions& options, bool windows) {
  if (windows && options.windows_single_network) return 1;
  return options.config.max_blocks_per_host > 0 ? options.config.max_blocks_per_host : default_block_cap;
}

std::int64_t most_pods(const CalicoOptions& options, const NodeClass& nodes, Family family) {
  std::int64_t largest = 0;
  for (const auto i : nodes.of(family).for_pods)
    largest = std::max(largest, usable_in_block(options.pools[i].pool, nodes.windows));
  const auto tunnels = static_cast<std::int64_t>(nodes.of(family).for_tunnels.size());
  return std::max<std::int64_t>(0, block_cap(options, nodes.windows) * largest - tunnels);
}

}  // namespace cidrplan::calico
