#include "planner/ipam/subnet_space.h"

#include <algorithm>
#include <bit>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

constexpr std::uint32_t word_bits = 64;

std::uint32_t words_for(std::uint32_t size) { return (size + word_bits - 1) / word_bits; }

}  // namespace

SubnetSpace::SubnetSpace(std::span<const Subnet> subnets, const Quotas& quotas)
    : interface_quota_(quotas.enis_per_region) {
  subnets_.reserve(subnets.size());
  for (const auto& subnet : subnets) {
    CIDRPLAN_EXPECTS(subnet.cidr.family() == Family::ipv4 && subnet.cidr.length() >= 8);
    State space;
    space.first = static_cast<Ipv4>(subnet.cidr.first().value());
    space.size = static_cast<std::uint32_t>(subnet.cidr.size());
    space.open = subnet.from.ms <= 0;
    space.taken.assign(words_for(space.size), 0);
    if (space.size < word_bits) space.taken.back() = ~std::uint64_t{0} << space.size;  // no address there
    space.block_taken.assign(space.size / prefix_addresses, 0);
    space.whole_blocks = static_cast<std::uint32_t>(space.block_taken.size());
    // The provider keeps the first addresses and the last one; a subnet smaller than that has none left.
    const auto reserved = std::min(static_cast<std::uint32_t>(subnet.reserved), space.size);
    for (std::uint32_t i = 0; i + 1 < reserved; ++i)
      space.taken[i / word_bits] |= std::uint64_t{1} << i % word_bits;
    if (reserved > 0)
      space.taken[(space.size - 1) / word_bits] |= std::uint64_t{1} << (space.size - 1) % word_bits;
    for (std::uint32_t block = 0; block < space.block_taken.size(); ++block) {
      const auto first = block * prefix_addresses;
      const auto bits = space.taken[first / word_bits] >> first % word_bits & 0xffff;
      space.block_taken[block] = static_cast<std::uint8_t>(std::popcount(bits));
      if (bits != 0) --space.whole_blocks;
    }
    space.capacity = static_cast<std::uint32_t>(subnet.capacity());
    space.free = space.size - reserved;
    CIDRPLAN_EXPECTS(space.free == space.capacity);
    subnets_.push_back(std::move(space));
  }
}

void SubnetSpace::open(SubnetId subnet) {
  auto& space = state(subnet);
  space.open = true;
  wake(space);
}

void SubnetSpace::mark(State& space, std::uint32_t offset, Hold hold) {
  space.taken[offset / word_bits] |= std::uint64_t{1} << offset % word_bits;
  if (const auto block = offset / prefix_addresses; block < space.block_taken.size())
    if (space.block_taken[block]++ == 0) --space.whole_blocks;
  --space.free;
  ++space.held[static_cast<std::size_t>(hold)];
  ++held_;
}

void SubnetSpace::clear(State& space, std::uint32_t offset, Hold hold) {
  auto& word = space.taken[offset / word_bits];
  const auto bit = std::uint64_t{1} << offset % word_bits;
  CIDRPLAN_EXPECTS((word & bit) != 0 && space.held[static_cast<std::size_t>(hold)] > 0);
  word &= ~bit;
  space.lowest_word = std::min(space.lowest_word, offset / word_bits);
  if (const auto block = offset / prefix_addresses; block < space.block_taken.size())
    if (--space.block_taken[block] == 0) {
      ++space.whole_blocks;
      space.lowest_prefix = std::min(space.lowest_prefix, block);
    }
  ++space.free;
  --space.held[static_cast<std::size_t>(hold)];
  --held_;
}

std::optional<SubnetSpace::Ipv4> SubnetSpace::take(SubnetId subnet, Hold hold) {
  auto& space = state(subnet);
  if (!space.open || space.free == 0) return std::nullopt;
  auto& word = space.lowest_word;
  while (~space.taken[word] == 0) ++word;
  const auto offset = word * word_bits + static_cast<std::uint32_t>(std::countr_one(space.taken[word]));
  mark(space, offset, hold);
  return space.first + offset;
}

bool SubnetSpace::take(SubnetId subnet, std::uint32_t count, Hold hold, std::vector<Ipv4>& taken) {
  if (free(subnet) < count) return false;
  for (std::uint32_t i = 0; i < count; ++i) taken.push_back(*take(subnet, hold));
  return true;
}

bool SubnetSpace::take_at(SubnetId subnet, Ipv4 address, Hold hold) {
  auto& space = state(subnet);
  const auto offset = address - space.first;
  if (!space.open || offset >= space.size) return false;
  if ((space.taken[offset / word_bits] >> offset % word_bits & 1) != 0) return false;
  mark(space, offset, hold);
  return true;
}

std::optional<SubnetSpace::Ipv4> SubnetSpace::take_prefix(SubnetId subnet, Hold hold) {
  auto& space = state(subnet);
  if (!space.open || space.whole_blocks == 0) return std::nullopt;
  auto& block = space.lowest_prefix;
  while (space.block_taken[block] != 0) ++block;
  const auto first = block * prefix_addresses;
  for (std::uint32_t i = 0; i < prefix_addresses; ++i) mark(space, first + i, hold);
  return space.first + first;
}

void SubnetSpace::release(SubnetId subnet, Ipv4 address, Hold hold) {
  auto& space = state(subnet);
  clear(space, address - space.first, hold);
  ++releases_;
  wake(space);
}

void SubnetSpace::put_back(SubnetId subnet, Ipv4 address, Hold hold) {
  auto& space = state(subnet);
  clear(space, address - space.first, hold);
}

void SubnetSpace::release_prefix(SubnetId subnet, Ipv4 first, std::uint32_t in_use, std::uint32_t cooling) {
  auto& space = state(subnet);
  const auto offset = first - space.first;
  for (std::uint32_t i = 0; i < prefix_addresses; ++i) {
    const Hold hold = i < in_use ? Hold::in_use : i < in_use + cooling ? Hold::cooling : Hold::idle;
    clear(space, offset + i, hold);
  }
  ++releases_;
  wake(space);
}

std::uint32_t SubnetSpace::free_prefixes(SubnetId subnet) const {
  const auto& space = state(subnet);
  return space.open ? space.whole_blocks : 0;
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
    const bool served = space.free >= waiter.singles + prefix_addresses * waiter.prefixes &&
                        space.whole_blocks >= waiter.prefixes;
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
      row.usage.unusable = std::min(space.unusable, space.free);
      row.usage.available = space.free - std::min(space.unusable, space.free);
    }
    report.rows.push_back(row);
  }
}

}  // namespace cidrplan
