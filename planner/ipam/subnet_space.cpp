#include "planner/ipam/subnet_space.h"

#include <algorithm>
#include <bit>

#include "planner/net/contract.h"

namespace cidrplan {

SubnetSpace::SubnetSpace(std::span<const Subnet> subnets, const Quotas& quotas, AddressChoice choice,
                         std::uint64_t seed)
    : interface_quota_(quotas.enis_per_region) {
  subnets_.reserve(subnets.size());
  for (const auto& subnet : subnets) {
    CIDRPLAN_EXPECTS(subnet.cidr.family() == Family::ipv4 && subnet.cidr.length() >= 8);
    State space{.first = static_cast<Ipv4>(subnet.cidr.first().value()),
                .capacity = static_cast<std::uint32_t>(subnet.capacity()),
                .unusable = {},
                .open = subnet.from.ms <= 0,
                .held = {},
                .held_prefixes = 0,
                .map = AddressMap(subnet, choice, RandomStream(seed, 0, "address-choice/" + subnet.name)),
                .waiters = {}};
    CIDRPLAN_EXPECTS(space.map.free() == space.capacity);
    subnets_.push_back(std::move(space));
  }
}

void SubnetSpace::open(SubnetId subnet) {
  auto& space = state(subnet);
  space.open = true;
  wake(space);
}

void SubnetSpace::hold(State& space, Hold hold, std::uint32_t count) {
  space.held[static_cast<std::size_t>(hold)] += count;
  held_ += count;
}

void SubnetSpace::drop(State& space, Hold hold, std::uint32_t count) {
  auto& held = space.held[static_cast<std::size_t>(hold)];
  CIDRPLAN_EXPECTS(held >= count);
  held -= count;
  held_ -= count;
}

std::optional<SubnetSpace::Ipv4> SubnetSpace::take(SubnetId subnet, Hold as) {
  auto& space = state(subnet);
  const auto offset = space.open ? space.map.next_single() : std::nullopt;
  if (!offset) return std::nullopt;
  space.map.take(*offset);
  hold(space, as, 1);
  ++address_usage_;
  return space.first + *offset;
}

bool SubnetSpace::take(SubnetId subnet, std::uint32_t count, Hold as, std::vector<Ipv4>& taken) {
  if (free_singles(subnet) < count) return false;
  for (std::uint32_t i = 0; i < count; ++i) taken.push_back(*take(subnet, as));
  return true;
}

bool SubnetSpace::take_at(SubnetId subnet, Ipv4 address, Hold as) {
  auto& space = state(subnet);
  const auto offset = address - space.first;
  if (!space.open || offset >= space.map.size() || space.map.is_taken(offset)) return false;
  space.map.take(offset);
  hold(space, as, 1);
  ++address_usage_;
  return true;
}

std::optional<SubnetSpace::Ipv4> SubnetSpace::take_prefix(SubnetId subnet, Hold as) {
  auto& space = state(subnet);
  const auto offset = space.open ? space.map.next_block() : std::nullopt;
  if (!offset) return std::nullopt;
  space.map.take_block(*offset);
  hold(space, as, prefix_addresses);
  ++space.held_prefixes;
  ++address_usage_;
  return space.first + *offset;
}

void SubnetSpace::release(SubnetId subnet, Ipv4 address, Hold was) {
  put_back(subnet, address, was);
  ++releases_;
  wake(state(subnet));
}

void SubnetSpace::put_back(SubnetId subnet, Ipv4 address, Hold was) {
  auto& space = state(subnet);
  space.map.give_back(address - space.first);
  drop(space, was, 1);
  --address_usage_;
}

void SubnetSpace::release_prefix(SubnetId subnet, Ipv4 first, std::uint32_t in_use, std::uint32_t cooling) {
  CIDRPLAN_EXPECTS(in_use + cooling <= prefix_addresses);
  auto& space = state(subnet);
  space.map.give_back_block(first - space.first);
  --space.held_prefixes;
  drop(space, Hold::in_use, in_use);
  drop(space, Hold::cooling, cooling);
  drop(space, Hold::idle, prefix_addresses - in_use - cooling);
  --address_usage_;
  ++releases_;
  wake(space);
}

bool SubnetSpace::attach_interface() {
  if (interfaces_ >= interface_quota_) return false;
  ++interfaces_;
  return true;
}

void SubnetSpace::detach_interface() {
  CIDRPLAN_EXPECTS(interfaces_ > 0);
  --interfaces_;
}

bool SubnetSpace::attach_further_interface() {
  if (!attach_interface()) return false;
  ++address_usage_;
  return true;
}

void SubnetSpace::detach_further_interface() {
  detach_interface();
  --address_usage_;
}

void SubnetSpace::turn_away(SubnetId subnet, NodeId who, std::uint32_t singles, std::uint32_t prefixes) {
  auto& waiters = state(subnet).waiters;
  const auto same =
      std::find_if(waiters.begin(), waiters.end(), [&](const Waiter& w) { return w.who == who; });
  if (same != waiters.end())
    *same = {who, singles, prefixes};
  else
    waiters.push_back({who, singles, prefixes});
}

void SubnetSpace::forget(NodeId who) {
  for (auto& space : subnets_)
    std::erase_if(space.waiters, [&](const Waiter& waiter) { return waiter.who == who; });
  std::erase(due_, who);
}

void SubnetSpace::wake(State& space) {
  if (space.waiters.empty() || !space.open) return;
  std::erase_if(space.waiters, [&](const Waiter& waiter) {
    const bool served = space.map.could_serve(waiter.singles, waiter.prefixes);
    if (served) due_.push_back(waiter.who);
    return served;
  });
}

void SubnetSpace::collect_due(std::vector<NodeId>& due) {
  due.insert(due.end(), due_.begin(), due_.end());
  due_.clear();
}

void SubnetSpace::report(UsageReport& report) const {
  for (std::size_t i = 0; i < subnets_.size(); ++i) {
    const auto& space = subnets_[i];
    UsageRow row;
    row.place = {PlaceKind::subnet, static_cast<std::uint32_t>(i)};
    if (space.open) {
      row.usage.capacity = space.capacity;
      row.usage.in_use = space.held[static_cast<std::size_t>(Hold::in_use)];
      row.usage.overhead = space.held[static_cast<std::size_t>(Hold::overhead)];
      row.usage.idle = space.held[static_cast<std::size_t>(Hold::idle)];
      row.usage.cooling = space.held[static_cast<std::size_t>(Hold::cooling)];
      const auto free = space.map.free();
      const auto reserved = free - space.map.free_singles();
      row.usage.unusable = std::min(space.unusable.value_or(reserved), free);
      row.usage.available = free - row.usage.unusable;
      row.free_prefixes = space.map.free_blocks();
      row.held_prefixes = space.held_prefixes;
    }
    report.rows.push_back(row);
  }
}

void SubnetSpace::occupancy(OccupancyReport& report) const {
  report.piece = "/28";
  report.pieces = "/28s";
  for (std::size_t i = 0; i < subnets_.size(); ++i) {
    const auto& space = subnets_[i];
    const auto& map = space.map;
    if (!space.open || map.size() < prefix_addresses) continue;
    const auto length = 32 - std::countr_zero(map.size());
    HeldRange range{{PlaceKind::subnet, static_cast<std::uint32_t>(i)},
                    Prefix(Address(Family::ipv4, space.first), length),
                    28,
                    {}};
    const auto kept = map.size() - space.capacity;  // the first ones and the last
    for (std::uint32_t block = 0; block < map.size() / prefix_addresses; ++block) {
      std::uint32_t taken = 0, by_provider = 0;
      for (auto at = block * prefix_addresses; at < (block + 1) * prefix_addresses; ++at) {
        taken += map.is_taken(at) ? 1 : 0;
        by_provider += at + 1 < kept || (kept > 0 && at + 1 == map.size()) ? 1 : 0;
      }
      if (taken > by_provider) range.holdings.push_back({block, taken, 0, 0, Holding::no_owner, false});
    }
    report.ranges.push_back(std::move(range));
  }
}

}  // namespace cidrplan
