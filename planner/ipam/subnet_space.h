#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/quotas.h"
#include "planner/cluster/vpc.h"
#include "planner/ipam/address_map.h"
#include "planner/ipam/occupancy.h"
#include "planner/ipam/usage.h"

namespace cidrplan {

/// What an address taken from a subnet is at the moment.
enum class Hold : std::uint8_t { in_use, overhead, idle, cooling };

/// The provider's subnets, address by address: one for each life, shared by all nodes. The engine takes node
/// addresses and other consumers from it under every design and lends it to the model, which takes ENIs and
/// prefixes. Addresses are IPv4 numbers; which free one comes next is the VPC's `address_choice`.
class SubnetSpace {
 public:
  using Ipv4 = std::uint32_t;
  static constexpr std::uint32_t prefix_addresses = AddressMap::block_size;  ///< a /28

  /// @param seed  of the `random` choice
  SubnetSpace(std::span<const Subnet> subnets, const Quotas& quotas,
              AddressChoice choice = AddressChoice::packed, std::uint64_t seed = 0);

  std::size_t subnet_count() const { return subnets_.size(); }
  /// Subnets with a later `from` hand out nothing until opened.
  void open(SubnetId subnet);
  bool is_open(SubnetId subnet) const { return state(subnet).open; }

  // --- taking: all or nothing ---
  std::optional<Ipv4> take(SubnetId subnet, Hold hold);
  bool take(SubnetId subnet, std::uint32_t count, Hold hold, std::vector<Ipv4>& taken);  ///< appends
  bool take_at(SubnetId subnet, Ipv4 address, Hold hold);
  std::optional<Ipv4> take_prefix(SubnetId subnet, Hold hold);  ///< first of 16, all with that hold

  // --- giving back: `hold` is what the address was last moved to ---
  void release(SubnetId subnet, Ipv4 address, Hold hold);
  void release_prefix(SubnetId subnet, Ipv4 first, std::uint32_t in_use, std::uint32_t cooling);
  /// Undoes a take of the same call: no release, and wakes nobody.
  void put_back(SubnetId subnet, Ipv4 address, Hold hold);

  /// `count` addresses change what they are; which ones does not matter here.
  void move(SubnetId subnet, Hold from, Hold to, std::uint32_t count = 1) {
    auto& held = state(subnet).held;
    held[static_cast<std::size_t>(from)] -= count;
    held[static_cast<std::size_t>(to)] += count;
  }

  /// Reserved ranges included: what EC2 calls AvailableIpAddressCount.
  std::uint32_t free(SubnetId subnet) const { return is_open(subnet) ? state(subnet).map.free() : 0; }
  /// Free for requests of single addresses.
  std::uint32_t free_singles(SubnetId subnet) const {
    return is_open(subnet) ? state(subnet).map.free_singles() : 0;
  }
  /// Those of them in no wholly free /28.
  std::uint32_t free_fragments(SubnetId subnet) const {
    return is_open(subnet) ? state(subnet).map.free_in_broken() : 0;
  }
  /// Wholly free aligned /28s that a request for prefixes can have.
  std::uint32_t free_prefixes(SubnetId subnet) const {
    return is_open(subnet) ? state(subnet).map.free_blocks() : 0;
  }
  /// Of the /28 around an address of the subnet: those that are not free.
  std::uint32_t closed_around(SubnetId subnet, Ipv4 address) const {
    return state(subnet).map.closed_around(address - state(subnet).first);
  }
  /// All addresses held in all subnets: in use, overhead, idle, cooling.
  std::uint64_t held() const { return held_; }

  // --- interfaces, against the quota of the region ---
  bool attach_interface();  ///< false: the quota is used up
  void detach_interface();
  /// One more than an instance has anyway.
  bool attach_further_interface();
  void detach_further_interface();
  std::int64_t interfaces() const { return interfaces_; }

  // --- Network Address Usage of the VPC ---
  /// Each address counts one unit, each prefix, and each further interface of an instance. Other consumers'
  /// addresses count one each, though a load balancer or endpoint has six a zone.
  /// @source awsdocs/amazon-vpc-user-guide doc_source/network-address-usage.md
  std::int64_t address_usage() const { return address_usage_; }
  /// Of what no call here counts: prefixes of IPv6, trunk and branch interfaces.
  void add_address_usage(std::int64_t units) { address_usage_ += units; }

  // --- who was turned away, and for what size ---
  /// `who` could not have `singles` addresses and `prefixes` /28s of this subnet. It becomes due at the first
  /// release after which the subnet could serve it. One entry per node and subnet; a new one replaces the
  /// old.
  void turn_away(SubnetId subnet, NodeId who, std::uint32_t singles, std::uint32_t prefixes);
  /// `who` waits no longer anywhere (it was served, or is gone).
  void forget(NodeId who);
  bool has_due() const { return !due_.empty(); }
  /// Those that became due since the last call, in the order in which they were turned away; they wait no
  /// longer.
  void collect_due(std::vector<NodeId>& due);

  /// What of a subnet's free addresses no request of the design's size can have; unless the model says
  /// otherwise, what is reserved.
  void set_unusable(SubnetId subnet, std::uint32_t count) { state(subnet).unusable = count; }

  /// Grows with every release; a refused node is tried again after it has moved.
  std::uint64_t releases() const { return releases_; }

  /// One row per subnet, in the scenario's order; one that is not open yet has no capacity.
  void report(UsageReport& report) const;
  /// The /28s in which somebody has an address; those that the provider keeps there count as used too.
  void occupancy(OccupancyReport& report) const;

 private:
  struct Waiter {
    NodeId who{};
    std::uint32_t singles = 0;
    std::uint32_t prefixes = 0;
  };
  struct State {
    Ipv4 first = 0;
    std::uint32_t capacity = 0;
    std::optional<std::uint32_t> unusable;
    bool open = true;
    std::array<std::uint32_t, 4> held{};
    std::uint32_t held_prefixes = 0;
    AddressMap map;
    std::vector<Waiter> waiters;
  };

  State& state(SubnetId subnet) { return subnets_[index_of(subnet)]; }
  const State& state(SubnetId subnet) const { return subnets_[index_of(subnet)]; }
  void hold(State& state, Hold hold, std::uint32_t count);
  void drop(State& state, Hold hold, std::uint32_t count);
  void wake(State& state);

  std::vector<State> subnets_;
  std::vector<NodeId> due_;
  std::int64_t interfaces_ = 0;
  std::int64_t interface_quota_ = 0;
  std::int64_t address_usage_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t releases_ = 0;
};

}  // namespace cidrplan
