#include "planner/ipam/refusal.h"

#include <array>

namespace cidrplan {
namespace {

struct Entry {
  Cause cause;
  std::string_view word;
  CauseText text;
};

constexpr std::array entries{
    Entry{Cause::subnet_exhausted,
          "subnet-exhausted",
          {"The subnet has fewer free addresses than one request of the design needs; EC2 serves a request "
           "whole or "
           "not at all (InsufficientFreeAddressesInSubnet).",
           "Hold fewer warm addresses, add a subnet in that zone, or move pods off the VPC's ranges."}},
    Entry{Cause::no_aligned_prefix,
          "no-aligned-prefix",
          {"Addresses are free, but no wholly free block of 16 that starts at a multiple of 16 "
           "(InsufficientCidrBlocks).",
           "Reserve part of the subnet for prefixes, or use a subnet that nothing else draws single "
           "addresses from."}},
    Entry{Cause::eni_slots,
          "eni-slots",
          {"Every network interface the instance type allows is attached and full.",
           "Lower max_pods to what the addresses allow, use prefix delegation, or choose a larger type."}},
    Entry{Cause::max_pods,
          "max-pods",
          {"Every node the pod may go to has as many pods as its kubelet admits.",
           "Add nodes, let the group grow (nodes = \"auto\"), or raise max_pods."}},
    Entry{Cause::max_nodes,
          "max-nodes",
          {"The node group has reached the autoscaler's ceiling and pods are left without a node.",
           "Raise max_nodes, or let the pods go to a further node group."}},
    Entry{Cause::target_ceiling,
          "target-ceiling",
          {"The settings forbid the node to hold more addresses: MINIMUM_IP_TARGET without WARM_IP_TARGET "
           "stays at the "
           "minimum, and nothing grows at the kubelet's pod limit.",
           "Set warm_ip_target beside minimum_ip_target, or raise max_pods."}},
    Entry{Cause::warming,
          "warming",
          {"The node's warm pool is empty for the moment; the next rounds attach more.",
           "Raise the warm target to what bursts need."}},
    Entry{Cause::cooling,
          "cooling",
          {"Every free address was released a moment ago and rests before it is used again.",
           "Raise the warm target, or shorten the cooldown."}},
    Entry{Cause::pool_exhausted,
          "pool-exhausted",
          {"No address is free in any pool the pod may use, borrowed ones included.",
           "Add a pool, or enlarge the range before the date given."}},
    Entry{Cause::no_free_block,
          "no-free-block",
          {"With strict affinity a node may use its own blocks only, and no block is left to claim.",
           "Add a pool, choose smaller blocks, or switch strict affinity off."}},
    Entry{Cause::block_cap,
          "block-cap",
          {"The node owns as many blocks as it may (20 unless configured), and they are full; Calico does "
           "not borrow "
           "then.",
           "Choose larger blocks, or raise max_blocks_per_host."}},
    Entry{Cause::auto_allocate_off,
          "auto-allocate-off",
          {"The node would have to claim a block, and claiming is switched off.",
           "Switch auto_allocate_blocks on, or claim blocks for the node."}},
    Entry{Cause::no_matching_pool,
          "no-matching-pool",
          {"No enabled pool may serve this node, namespace or use.",
           "Check the selectors, the allowed uses and whether the pool is enabled."}},
    Entry{Cause::node_range_exhausted,
          "node-range-exhausted",
          {"Every range of the cluster range belongs to a node; a further node gets none and stays NotReady.",
           "Use a longer node mask in a new cluster, or a larger cluster range."}},
    Entry{Cause::node_range_full,
          "node-range-full",
          {"Every address of the node's own range is in use; other nodes' free addresses do not help.",
           "Lower max_pods, or use a shorter node mask."}},
    Entry{Cause::ring_donation_blocked,
          "ring-donation-blocked",
          {"The peer owns no free range, and those that do cannot be reached to give one.",
           "Remove dead peers from the ring, or enlarge the range."}},
    Entry{Cause::quota_enis,
          "quota-enis-per-region",
          {"The account's quota of network interfaces in the Region is used up.",
           "Ask AWS to raise it (vpc.quota.enis_per_region), or attach fewer interfaces per node."}},
    Entry{Cause::quota_address_usage,
          "quota-network-address-usage",
          {"The VPC's Network Address Usage has reached its quota.",
           "Ask AWS to raise it (at most 256,000), or use prefixes, which count once each."}},
    Entry{Cause::api_throttled,
          "api-throttled",
          {"EC2 turned calls away because too many came at once (RequestLimitExceeded).",
           "Hold larger warm pools, so that fewer calls are needed."}},
};

constexpr auto make_causes() {
  std::array<Cause, entries.size()> causes{};
  for (std::size_t i = 0; i < entries.size(); ++i) causes[i] = entries[i].cause;
  return causes;
}
constexpr auto causes = make_causes();

constexpr bool in_order() {
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (static_cast<std::size_t>(entries[i].cause) != i) return false;
  return true;
}
static_assert(in_order(), "entries are looked up by the enumerator's number");

}  // namespace

std::string_view to_string(Cause cause) { return entries[static_cast<std::size_t>(cause)].word; }

std::span<const Cause> all_causes() { return causes; }

CauseText explain(Cause cause) { return entries[static_cast<std::size_t>(cause)].text; }

}  // namespace cidrplan
