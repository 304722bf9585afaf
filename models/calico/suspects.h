#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "models/calico/allocation.h"
#include "planner/net/address.h"

namespace cidrplan::calico {

/// What tells allocations apart: the same address given out again has another handle.
struct AllocationKey {
  Address address;
  HandleId handle = no_handle;

  friend auto operator<=>(const AllocationKey&, const AllocationKey&) = default;
};

/// An allocation that the collector keeps in mind, and what it thinks of it.
struct Suspect {
  AllocationKey key;
  Owner owner;
  BlockId block = no_block;
  std::uint64_t sequence = 0;
  SimTime candidate_since = SimTime::never();  ///< never: not a candidate
  bool confirmed = false;                      ///< leaked beyond doubt
  bool node_known = false;                     ///< its Calico node existed when it was looked at last
  // Where it is listed. An entry ends with its last listing.
  bool by_block = false;
  bool by_node = false;
  bool by_handle = false;
  bool as_leak = false;
  std::uint32_t place_in_node = 0;

  bool is_candidate() const { return candidate_since != SimTime::never() && !confirmed; }
};

enum class SuspectId : std::uint32_t {};

/// The allocations that the collector keeps in mind, listed as the original lists them: by block, by node, by
/// handle, and as confirmed leaks. The lists part where the original's do: when a block goes together with
/// its last addresses, its entries stay listed by handle and as leaks.
/// @source projectcalico/calico kube-controllers/pkg/controllers/node/ipam_allocation.go
class Suspects {
 public:
  Suspect& operator[](SuspectId id) { return entries_[index(id)]; }
  const Suspect& operator[](SuspectId id) const { return entries_[index(id)]; }

  /// An address that the collector hears of, listed by block, handle and, where it names one, node. Nothing
  /// happens where it is listed by block already.
  void add(const AllocationKey& key, const Owner& owner, BlockId block, std::uint64_t sequence);
  /// The one listed by block under this key.
  const SuspectId* find(const AllocationKey& key) const;
  /// It was released: every list forgets it.
  void remove(SuspectId id);
  /// Its block was deleted with it: block and node forget it.
  void remove_with_block(SuspectId id);
  /// Listed by this block; the span of a copy that the caller may remove from.
  std::vector<SuspectId> of_block(BlockId block) const;

  const std::vector<SuspectId>& of_node(HostId node) const;
  template <typename Visit>
  void for_each_of_nodes(Visit visit) const {
    for (const auto& list : by_node_)
      for (const auto id : list) visit((*this)[id]);
  }
  /// False where it was not listed by node.
  bool forget_node(SuspectId id);

  /// Confirmed leaks by address, then handle.
  const std::map<AllocationKey, SuspectId>& leaks() const { return leaks_; }
  void list_as_leak(SuspectId id);
  void forget_leak(const AllocationKey& key);

  /// Whether every address listed with this handle is a confirmed leak.
  bool whole_handle_leaked(HandleId handle) const;

 private:
  static std::size_t index(SuspectId id) { return static_cast<std::size_t>(id); }
  struct KeyHash {
    std::size_t operator()(const AllocationKey& key) const;
  };

  SuspectId make(const AllocationKey& key);
  void forget_block(SuspectId id);
  void forget_handle(HandleId handle, const AllocationKey& key);
  void end_if_unlisted(SuspectId id);

  std::vector<Suspect> entries_;
  std::vector<SuspectId> unused_;
  std::unordered_map<AllocationKey, SuspectId, KeyHash> by_key_;  // those listed by block
  std::unordered_map<std::uint32_t, std::vector<SuspectId>> by_block_;
  std::unordered_map<std::uint32_t, std::vector<SuspectId>> by_handle_;
  std::vector<std::vector<SuspectId>> by_node_;
  std::map<AllocationKey, SuspectId> leaks_;
};

}  // namespace cidrplan::calico
