#include "planner/net/prefix_free_list.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

PrefixSet set_of(const Prefix& prefix) { return PrefixSet::Builder().add(prefix).build(); }

/// The other half of the block twice as wide. @pre block.length() > 0
Prefix buddy_of(const Prefix& block) {
  const uint128 bit = uint128{1} << block.host_bits();
  return {Address(block.family(), block.first().value() ^ bit), block.length()};
}

}  // namespace

PrefixFreeList::PrefixFreeList(const Prefix& space) : PrefixFreeList(set_of(space)) {}

PrefixFreeList::PrefixFreeList(const PrefixSet& space) : space_(space) {
  if (space_.empty()) return;
  family_ = space_.ranges().front().first.family();
  CIDRPLAN_EXPECTS(space_.ranges().back().first.family() == family_);
  for (const auto& block : space_.prefixes()) of_length(block.length()).insert(block.first());
}

std::optional<Prefix> PrefixFreeList::allocate(int length) {
  CIDRPLAN_EXPECTS(length >= 0 && length <= width_of(family_));
  for (int wider = length; wider >= 0; --wider) {
    if (of_length(wider).empty()) continue;
    const Address first = *of_length(wider).begin();
    const Prefix block(first, length);
    carve(Prefix(first, wider), block);
    return block;
  }
  return std::nullopt;
}

bool PrefixFreeList::allocate(const Prefix& block) {
  const auto from = enclosing_free_block(block);
  if (!from) return false;
  carve(*from, block);
  return true;
}

void PrefixFreeList::release(const Prefix& block) {
  CIDRPLAN_EXPECTS(space_.contains(block) && !touches_free_space(block));
  Prefix whole = block;
  while (whole.length() > 0 && of_length(whole.length()).erase(buddy_of(whole).first()) == 1) {
    whole = Prefix(whole.first(), whole.length() - 1);
  }
  of_length(whole.length()).insert(whole.first());
}

uint128 PrefixFreeList::free_addresses() const { return free_blocks(width_of(family_)); }

uint128 PrefixFreeList::free_blocks(int length) const {
  CIDRPLAN_EXPECTS(length >= 0 && length <= width_of(family_));
  uint128 count = 0;
  for (int wider = 0; wider <= length; ++wider) {
    for (const auto& first : of_length(wider)) {
      count = saturating_add(count, Prefix(first, wider).count_of(length));
    }
  }
  return count;
}

std::optional<Prefix> PrefixFreeList::largest_free() const {
  for (int length = 0; length <= width_of(family_); ++length) {
    if (!of_length(length).empty()) return Prefix(*of_length(length).begin(), length);
  }
  return std::nullopt;
}

std::optional<Prefix> PrefixFreeList::enclosing_free_block(const Prefix& block) const {
  if (block.family() != family_) return std::nullopt;
  for (int wider = block.length(); wider >= 0; --wider) {
    const Prefix candidate(block.first(), wider);
    if (of_length(wider).contains(candidate.first())) return candidate;
  }
  return std::nullopt;
}

bool PrefixFreeList::touches_free_space(const Prefix& block) const {
  if (is_free(block)) return true;
  for (int narrower = block.length() + 1; narrower <= block.width(); ++narrower) {
    const auto& blocks = of_length(narrower);
    const auto next = blocks.lower_bound(block.first());
    if (next != blocks.end() && *next <= block.last()) return true;
  }
  return false;
}

void PrefixFreeList::carve(Prefix from, const Prefix& block) {
  of_length(from.length()).erase(from.first());
  while (from.length() < block.length()) {
    from = Prefix(block.first(), from.length() + 1);
    of_length(from.length()).insert(buddy_of(from).first());
  }
}

}  // namespace cidrplan
