#pragma once

#include <array>
#include <optional>
#include <set>

#include "planner/net/prefix_set.h"

namespace cidrplan {

/// Hands out aligned blocks of a space of one family and knows how broken up the rest is.
/// Free space is kept as the widest aligned blocks, so two free halves are always one block.
class PrefixFreeList {
 public:
  explicit PrefixFreeList(const Prefix& space);
  /// @pre the set holds addresses of one family only
  explicit PrefixFreeList(const PrefixSet& space);

  const PrefixSet& space() const { return space_; }

  /// Takes a block out of the narrowest free block that holds one, the lowest of equals, at its lower end;
  /// none when no free block is wide enough, however many addresses are free.
  std::optional<Prefix> allocate(int length);

  /// Takes exactly this block; false, and nothing changes, unless all of it is free.
  bool allocate(const Prefix& block);

  /// Gives back a block, or any aligned part of what was taken.
  /// @pre inside the space, no address of it free
  void release(const Prefix& block);

  bool is_free(const Prefix& block) const { return enclosing_free_block(block).has_value(); }

  /// Free addresses, at most 2^128 - 1.
  uint128 free_addresses() const;
  /// How many blocks of that length could still be taken, at most 2^128 - 1.
  uint128 free_blocks(int length) const;
  /// The widest free block, the lowest of equals.
  std::optional<Prefix> largest_free() const;

 private:
  std::optional<Prefix> enclosing_free_block(const Prefix& block) const;
  bool touches_free_space(const Prefix& block) const;
  /// Halves `from` until `block` is left, and keeps the other halves free.
  void carve(Prefix from, const Prefix& block);

  std::set<Address>& of_length(int length) { return free_[static_cast<std::size_t>(length)]; }
  const std::set<Address>& of_length(int length) const { return free_[static_cast<std::size_t>(length)]; }

  PrefixSet space_;
  Family family_ = Family::ipv4;
  std::array<std::set<Address>, 129> free_;  // by length: first addresses
};

}  // namespace cidrplan
