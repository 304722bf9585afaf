#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/calico/allocation.h"
#include "models/calico/ids.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/fetch.h"
#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// What listeners compare of a block before and after a change.
struct BlockState {
  HostId owner = no_host;
  std::uint16_t free = 0;
  std::uint16_t cooling = 0;
  std::uint8_t kept_by_windows = 0;
  bool exists = false;
};

/// An IPAMBlock: whose it is, which ordinals are free and in which order they go out, and what the others
/// point to. The free ordinals are a queue linked through their own slots: taken at the head, given back at
/// the tail.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam_block.go
class alignas(64) Block {
 public:
  static constexpr std::uint32_t no_allocation = 0x7fff'ffff;

  Prefix cidr() const { return Prefix(Address(family_, base_), length_); }
  Family family() const { return family_; }
  int length() const { return length_; }
  uint128 base() const { return base_; }
  std::uint32_t size() const { return 1u << (width_of(family_) - length_); }
  Address address(Ordinal ordinal) const { return Address(family_, base_ + ordinal); }
  /// @pre the address lies in the block
  Ordinal ordinal_of(const Address& address) const { return static_cast<Ordinal>(address.value() - base_); }

  /// False: only handles remember the CIDR. Everything below is about blocks that exist.
  bool exists() const { return slots_ != nullptr; }
  /// no_host: a block without affinity.
  HostId owner() const { return owner_; }
  bool has_owner() const { return owner_ != no_host; }
  /// The pool whose counts it is in.
  PoolId pool() const { return pool_; }
  /// When the owner claimed it; none in P31 and without owner.
  std::optional<SimTime> claimed() const;

  /// The length of the free list, whatever reservations say.
  std::uint32_t free() const { return free_; }
  /// Assigned, cooling, or kept by Windows.
  std::uint32_t used() const { return size() - free_; }
  std::uint32_t cooling() const { return cooling_; }
  std::uint32_t kept_by_windows() const { return kept_by_windows_; }
  /// Nothing in use apart from what Windows keeps, as stored: cooling ordinals count as in use.
  bool empty() const { return used() == kept_by_windows_; }

  /// It was there with the same owner, and two addresses at least were in use then and are now, none cooling.
  bool stays_in_use(const BlockState& before) const {
    return exists() && before.exists && owner_ == before.owner && (cooling_ | before.cooling) == 0 &&
           kept_by_windows_ == before.kept_by_windows &&
           std::max(free_, before.free) + kept_by_windows_ + 1u < size();
  }

  BlockState state() const { return {owner_, free_, cooling_, kept_by_windows_, exists()}; }

  /// The entry an ordinal points to; no_allocation: it is free.
  std::uint32_t allocation(Ordinal ordinal) const {
    const auto slot = slots_[ordinal];
    return (slot & used_bit) != 0 ? slot & ~used_bit : no_allocation;
  }
  bool is_free(Ordinal ordinal) const { return (slots_[ordinal] & used_bit) == 0; }
  Ordinal first_free() const { return head_; }
  Ordinal next_free(Ordinal ordinal) const { return static_cast<Ordinal>(slots_[ordinal]); }

  /// The number of the block's last write; it begins with the time of creation in nanoseconds.
  std::uint64_t sequence() const { return sequence_base_ + writes_; }
  /// The number recorded for an ordinal, 0 if none (Options::keep_sequence_numbers).
  std::uint64_t sequence_of(Ordinal ordinal) const {
    if (!recorded_writes_ || recorded_writes_[ordinal] == 0) return 0;
    return sequence_base_ + recorded_writes_[ordinal] - 1;
  }

  /// Tells the memory what a release of the ordinal will touch, and an assignment after it.
  void fetch_ordinals(Ordinal released) const {
    if (!exists()) return;
    load_ahead(&slots_[released]);
    for (const auto end : {head_, tail_})
      if (end != no_ordinal) load_ahead(&slots_[end]);
  }

 private:
  friend class BlockStore;

  static constexpr std::uint32_t used_bit = 0x8000'0000;

  /// Takes an ordinal out of the queue; `before` is the one ahead of it, no_ordinal for the head.
  void take(Ordinal ordinal, Ordinal before, std::uint32_t allocation) {
    const auto next = next_free(ordinal);
    if (before == no_ordinal) {
      head_ = next;
    } else {
      slots_[before] = next;
    }
    if (tail_ == ordinal) tail_ = before;
    --free_;
    point_to(ordinal, allocation);
  }
  /// The free ordinal ahead of this one. Walks the queue.
  Ordinal before(Ordinal ordinal) const;
  void give_back(Ordinal ordinal) {
    slots_[ordinal] = no_ordinal;
    if (tail_ == no_ordinal) {
      head_ = ordinal;
    } else {
      slots_[tail_] = ordinal;
    }
    tail_ = ordinal;
    ++free_;
  }
  void point_to(Ordinal ordinal, std::uint32_t allocation) { slots_[ordinal] = used_bit | allocation; }

  // One line of the cache: what every address touches that is taken or given back.
  uint128 base_ = 0;
  std::unique_ptr<std::uint32_t[]> slots_;  // used_bit and an entry, or the next free ordinal
  std::uint32_t writes_ = 0;
  HostId owner_ = no_host;
  PoolId pool_ = no_pool;         // that it was cut from, as of the last count
  std::uint32_t counted_by_ = 0;  // handles that count addresses here
  Ordinal head_ = no_ordinal;
  Ordinal tail_ = no_ordinal;
  std::uint16_t free_ = 0;
  std::uint16_t cooling_ = 0;
  std::uint8_t kept_by_windows_ = 0;
  std::uint8_t length_ = 0;
  Family family_ = Family::ipv4;
  bool has_claim_time_ : 1 = false;
  bool noted_ : 1 = false;                            // in the change log
  bool listed_as_free_ : 1 = false;                   // mirrors the index: may have a free ordinal
  bool listed_as_empty_ : 1 = false;                  // mirrors the index: may be empty
  std::unique_ptr<std::uint32_t[]> recorded_writes_;  // by ordinal: 1 + writes_ at its allocation; 0: none
  // The next one.
  SimTime claimed_{};
  std::uint64_t sequence_base_ = 0;
  std::int32_t oldest_release_ = 0;  // second; of the cooling ordinals, a lower bound
};

}  // namespace cidrplan::calico
