#pragma once

#include <span>
#include <vector>

#include "planner/net/prefix.h"

namespace cidrplan {

/// Addresses from `first` to `last`, both included. @invariant same family, first <= last
struct AddressRange {
  Address first;
  Address last;

  friend bool operator==(const AddressRange&, const AddressRange&) = default;
};

/// An immutable set of addresses of either family. Two sets are equal when they hold the same addresses,
/// however they were put together.
class PrefixSet {
 public:
  /// Collects ranges in any order, overlapping or not.
  class Builder {
   public:
    Builder& add(const Prefix& prefix);
    /// @pre one family, first <= last
    Builder& add(const AddressRange& range);
    Builder& add(const PrefixSet& set);
    PrefixSet build() const;

   private:
    std::vector<AddressRange> ranges_;
  };

  PrefixSet() = default;
  explicit PrefixSet(std::span<const Prefix> prefixes);

  bool empty() const { return ranges_.empty(); }
  bool contains(const Address& address) const;
  bool contains(const Prefix& prefix) const;
  bool overlaps(const Prefix& prefix) const;
  bool overlaps(const PrefixSet& other) const;

  /// How many addresses of that family; all of IPv6 counts as 2^128 - 1.
  uint128 size(Family family) const;

  /// Maximal runs, ascending, IPv4 before IPv6; no two touch.
  std::span<const AddressRange> ranges() const { return ranges_; }
  /// The fewest prefixes that hold exactly these addresses, ascending.
  std::vector<Prefix> prefixes() const;

  friend PrefixSet operator|(const PrefixSet& a, const PrefixSet& b);
  friend PrefixSet operator&(const PrefixSet& a, const PrefixSet& b);
  /// What is in `a` and not in `b`.
  friend PrefixSet operator-(const PrefixSet& a, const PrefixSet& b);

  friend bool operator==(const PrefixSet&, const PrefixSet&) = default;

 private:
  /// The run with the lowest end that is not before `address`, which may begin behind it.
  std::vector<AddressRange>::const_iterator run_at_or_after(const Address& address) const;

  std::vector<AddressRange> ranges_;
};

}  // namespace cidrplan
