#include "planner/net/prefix_set.h"

#include <algorithm>
#include <bit>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

/// How many low bits of a value are zero, at most `width`.
int trailing_zeros(uint128 value, int width) {
  const auto low = static_cast<std::uint64_t>(value);
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const int zeros = low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(high);
  return std::min(zeros, width);
}

/// The widest prefix that begins at the range's first address and ends inside it.
Prefix widest_at_front(const AddressRange& range) {
  const int width = range.first.width();
  int host_bits = trailing_zeros(range.first.value(), width);
  while (Prefix(range.first, width - host_bits).last() > range.last) --host_bits;
  return {range.first, width - host_bits};
}

/// Does `next` overlap `run`, or follow it without a gap? @pre run.first <= next.first
bool joins(const AddressRange& run, const AddressRange& next) {
  if (run.last.family() != next.first.family()) return false;
  const auto behind = run.last.plus(1);
  return !behind || next.first <= *behind;
}

}  // namespace

PrefixSet::Builder& PrefixSet::Builder::add(const Prefix& prefix) {
  return add(AddressRange{prefix.first(), prefix.last()});
}

PrefixSet::Builder& PrefixSet::Builder::add(const AddressRange& range) {
  CIDRPLAN_EXPECTS(range.first.family() == range.last.family() && range.first <= range.last);
  ranges_.push_back(range);
  return *this;
}

PrefixSet::Builder& PrefixSet::Builder::add(const PrefixSet& set) {
  ranges_.insert(ranges_.end(), set.ranges_.begin(), set.ranges_.end());
  return *this;
}

PrefixSet PrefixSet::Builder::build() const {
  auto sorted = ranges_;
  std::sort(sorted.begin(), sorted.end(),
            [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
  PrefixSet set;
  for (const auto& range : sorted) {
    if (set.ranges_.empty() || !joins(set.ranges_.back(), range)) {
      set.ranges_.push_back(range);
    } else {
      auto& run = set.ranges_.back();
      run.last = std::max(run.last, range.last);
    }
  }
  return set;
}

PrefixSet::PrefixSet(std::span<const Prefix> prefixes) {
  Builder builder;
  for (const auto& prefix : prefixes) builder.add(prefix);
  *this = builder.build();
}

std::vector<AddressRange>::const_iterator PrefixSet::run_at_or_after(const Address& address) const {
  return std::partition_point(ranges_.begin(), ranges_.end(),
                              [&](const AddressRange& run) { return run.last < address; });
}

bool PrefixSet::contains(const Address& address) const {
  const auto run = run_at_or_after(address);
  return run != ranges_.end() && run->first <= address;
}

bool PrefixSet::contains(const Prefix& prefix) const {
  const auto run = run_at_or_after(prefix.first());
  return run != ranges_.end() && run->first <= prefix.first() && prefix.last() <= run->last;
}

bool PrefixSet::overlaps(const Prefix& prefix) const {
  const auto run = run_at_or_after(prefix.first());
  return run != ranges_.end() && run->first <= prefix.last();
}

bool PrefixSet::overlaps(const PrefixSet& other) const { return !(*this & other).empty(); }

uint128 PrefixSet::size(Family family) const {
  uint128 total = 0;
  for (const auto& run : ranges_) {
    if (run.first.family() != family) continue;
    total = saturating_add(total, saturating_add(run.last.value() - run.first.value(), 1));
  }
  return total;
}

std::vector<Prefix> PrefixSet::prefixes() const {
  std::vector<Prefix> prefixes;
  for (AddressRange rest : ranges_) {
    while (true) {
      const Prefix next = widest_at_front(rest);
      prefixes.push_back(next);
      if (next.last() == rest.last) break;
      rest.first = *next.last().plus(1);
    }
  }
  return prefixes;
}

PrefixSet operator|(const PrefixSet& a, const PrefixSet& b) {
  return PrefixSet::Builder().add(a).add(b).build();
}

PrefixSet operator&(const PrefixSet& a, const PrefixSet& b) {
  PrefixSet common;
  auto left = a.ranges_.begin();
  auto right = b.ranges_.begin();
  while (left != a.ranges_.end() && right != b.ranges_.end()) {
    const Address first = std::max(left->first, right->first);
    const Address last = std::min(left->last, right->last);
    // Runs of two families never meet: every IPv4 address sorts before every IPv6 one.
    if (first <= last) common.ranges_.push_back({first, last});
    if (left->last < right->last) {
      ++left;
    } else {
      ++right;
    }
  }
  return common;
}

PrefixSet operator-(const PrefixSet& a, const PrefixSet& b) {
  PrefixSet rest;
  auto cut = b.ranges_.begin();
  for (AddressRange run : a.ranges_) {
    while (cut != b.ranges_.end() && cut->last < run.first) ++cut;
    bool used_up = false;
    //  run      |-------------------|
    //  cuts  |-----|   |---|      |----|
    for (auto next = cut; next != b.ranges_.end() && next->first <= run.last; ++next) {
      if (run.first < next->first) {
        rest.ranges_.push_back({run.first, Address(run.first.family(), next->first.value() - 1)});
      }
      used_up = next->last >= run.last;
      if (used_up) break;
      run.first = Address(run.first.family(), next->last.value() + 1);
    }
    if (!used_up) rest.ranges_.push_back(run);
  }
  return rest;
}

}  // namespace cidrplan
