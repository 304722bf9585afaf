#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "planner/cluster/vpc.h"
#include "planner/events/random_streams.h"
#include "planner/ipam/id_set.h"

namespace cidrplan {

/// Which addresses of one subnet are taken, and which one the provider gives next. Addresses are counted from
/// the subnet's first; blocks are its aligned /28s.
///
///     block 0        block 1   …   block n-1
///     rrrr............ ................ ...............r      r: kept by the provider
///     broken           whole            broken
///
/// A prefix needs a whole block. Single addresses come from broken and whole blocks outside all reservations.
class AddressMap {
 public:
  static constexpr std::uint32_t block_size = 16;

  AddressMap(const Subnet& subnet, AddressChoice choice, RandomStream draws);

  std::uint32_t size() const { return size_; }
  /// Free addresses, reserved ranges included.
  std::uint32_t free() const { return free_; }
  /// Those of them that a request for single addresses can have.
  std::uint32_t free_singles() const { return free_singles_; }
  /// Wholly free /28s, those of reservations for prefixes included.
  std::uint32_t free_blocks() const { return whole_.size() + reserved_whole_.size(); }
  /// Single addresses that would break no whole block.
  std::uint32_t free_in_broken() const { return free_singles_ - whole_.size() * block_size; }

  /// Whether a request for single addresses, taken first, and prefixes can be met; with `random` it may still
  /// turn out otherwise.
  bool could_serve(std::uint32_t singles, std::uint32_t prefixes) const;

  /// The next single address; none: no free one outside reservations. Does not take it.
  std::optional<std::uint32_t> next_single();
  /// The first address of the next prefix: from reservations for prefixes first, then from anywhere.
  std::optional<std::uint32_t> next_block();

  /// Of the /28 around an address: those taken, kept by the provider or never given automatically.
  std::uint32_t closed_around(std::uint32_t offset) const { return held_[offset / block_size]; }
  bool is_taken(std::uint32_t offset) const { return bit(taken_, offset); }
  void take(std::uint32_t offset);       ///< @pre free
  void give_back(std::uint32_t offset);  ///< @pre taken
  void take_block(std::uint32_t first);  ///< @pre wholly free
  void give_back_block(std::uint32_t first);

 private:
  struct Range {
    std::uint32_t from = 0;
    std::uint32_t to = 0;  ///< exclusive
  };
  using Bits = std::vector<std::uint64_t>;

  static bool bit(const Bits& bits, std::uint32_t at) { return (bits[at / 64] >> at % 64 & 1) != 0; }
  static void set(Bits& bits, std::uint32_t at) { bits[at / 64] |= std::uint64_t{1} << at % 64; }
  static void unset(Bits& bits, std::uint32_t at) { bits[at / 64] &= ~(std::uint64_t{1} << at % 64); }
  std::uint64_t closed_in(std::uint32_t block) const;
  std::uint32_t lowest_in(std::uint32_t block) const;
  std::uint32_t any_in(std::uint32_t block);
  bool is_by_hand(std::uint32_t offset) const;
  void reserve(const CidrReservation& reservation, std::uint32_t subnet_first);
  void file(std::uint32_t block);
  std::uint32_t drawn_below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(draws_.below(draw_++, bound));
  }

  AddressChoice choice_;
  RandomStream draws_;
  std::uint64_t draw_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t free_ = 0;
  std::uint32_t free_singles_ = 0;
  Bits taken_;   // the provider's own are taken for ever
  Bits closed_;  // taken, or never given automatically
  std::vector<Range> by_hand_;
  std::vector<std::uint8_t> for_prefixes_;  // by block
  std::vector<std::uint8_t> held_;          // by block: closed addresses
  IdSet whole_, broken_;                    // blocks outside reservations; broken: some free, some closed
  IdSet reserved_whole_;                    // blocks reserved for prefixes
};

}  // namespace cidrplan
