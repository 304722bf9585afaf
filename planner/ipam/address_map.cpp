#include "planner/ipam/address_map.h"

#include <algorithm>
#include <bit>

#include "planner/net/contract.h"

namespace cidrplan {
namespace {

constexpr std::uint32_t word_bits = 64;
constexpr std::uint64_t whole_block = 0xffff;

}  // namespace

AddressMap::AddressMap(const Subnet& subnet, AddressChoice choice, RandomStream draws)
    : choice_(choice), draws_(draws), size_(static_cast<std::uint32_t>(subnet.cidr.size())) {
  const auto blocks = (size_ + block_size - 1) / block_size;
  closed_.assign((size_ + word_bits - 1) / word_bits, 0);
  if (size_ < word_bits) closed_.back() = ~std::uint64_t{0} << size_;  // no address there
  // The provider keeps the first addresses and the last one; a subnet smaller than that has none left.
  const auto kept = std::min(static_cast<std::uint32_t>(subnet.reserved), size_);
  for (std::uint32_t i = 0; i + 1 < kept; ++i) set(closed_, i);
  if (kept > 0) set(closed_, size_ - 1);
  taken_ = closed_;
  free_ = size_ - kept;

  for_prefixes_.assign(blocks, 0);
  const auto first = static_cast<std::uint32_t>(subnet.cidr.first().value());
  for (const auto& reservation : subnet.reservations) reserve(reservation, first);
  held_.resize(blocks);
  for (std::uint32_t block = 0; block < blocks; ++block) {
    held_[block] = static_cast<std::uint8_t>(std::popcount(closed_in(block)));
    if (for_prefixes_[block] == 0) free_singles_ += block_size - held_[block];
    file(block);
  }
}

void AddressMap::reserve(const CidrReservation& reservation, std::uint32_t subnet_first) {
  const auto from = static_cast<std::uint32_t>(reservation.cidr.first().value()) - subnet_first;
  const auto count = static_cast<std::uint32_t>(reservation.cidr.size());
  CIDRPLAN_EXPECTS(from + count <= size_);
  if (reservation.kind == CidrReservation::Kind::prefix) {
    CIDRPLAN_EXPECTS(count >= block_size);
    std::fill_n(for_prefixes_.begin() + from / block_size, count / block_size, std::uint8_t{1});
    return;
  }
  by_hand_.push_back({from, from + count});
  for (auto at = from; at < from + count; ++at) set(closed_, at);
}

bool AddressMap::is_by_hand(std::uint32_t offset) const {
  return std::any_of(by_hand_.begin(), by_hand_.end(),
                     [&](const Range& range) { return range.from <= offset && offset < range.to; });
}

/// The block's closed addresses, one bit each.
std::uint64_t AddressMap::closed_in(std::uint32_t block) const {
  const auto first = block * block_size;
  return closed_[first / word_bits] >> first % word_bits & whole_block;
}

std::uint32_t AddressMap::lowest_in(std::uint32_t block) const {
  return block * block_size + static_cast<std::uint32_t>(std::countr_one(closed_in(block)));
}

/// A free address of the block, each as likely.
std::uint32_t AddressMap::any_in(std::uint32_t block) {
  auto open = ~closed_in(block) & whole_block;
  for (auto skip = drawn_below(static_cast<std::uint32_t>(std::popcount(open))); skip > 0; --skip)
    open &= open - 1;
  return block * block_size + static_cast<std::uint32_t>(std::countr_zero(open));
}

/// Puts the block where requests find it.
void AddressMap::file(std::uint32_t block) {
  const bool whole = held_[block] == 0;
  if (for_prefixes_[block] != 0) {
    whole ? reserved_whole_.insert(block) : reserved_whole_.erase(block);
    return;
  }
  whole ? whole_.insert(block) : whole_.erase(block);
  !whole&& held_[block] < block_size ? broken_.insert(block) : broken_.erase(block);
}

bool AddressMap::could_serve(std::uint32_t singles, std::uint32_t prefixes) const {
  if (free_singles_ < singles) return false;
  const auto in_broken = std::min(singles, free_in_broken());
  const auto breaks = choice_ == AddressChoice::worst ? std::min(singles, whole_.size())
                                                      : (singles - in_broken + block_size - 1) / block_size;
  return free_blocks() - breaks >= prefixes;
}

std::optional<std::uint32_t> AddressMap::next_single() {
  if (free_singles_ == 0) return std::nullopt;
  switch (choice_) {
    case AddressChoice::packed:
      return lowest_in(broken_.empty() ? whole_.first() : broken_.first());
    case AddressChoice::worst:
      return lowest_in(whole_.empty() ? broken_.first() : whole_.first());
    case AddressChoice::random:
      break;
  }
  if (drawn_below(free_singles_) < whole_.size() * block_size)
    return whole_.nth(drawn_below(whole_.size())) * block_size + drawn_below(block_size);
  // A broken block is taken as often as it has free addresses.
  for (;;) {
    const auto block = broken_.nth(drawn_below(broken_.size()));
    if (drawn_below(block_size) >= held_[block]) return any_in(block);
  }
}

std::optional<std::uint32_t> AddressMap::next_block() {
  const auto& blocks = reserved_whole_.empty() ? whole_ : reserved_whole_;
  if (blocks.empty()) return std::nullopt;
  const bool random = choice_ == AddressChoice::random;
  return (random ? blocks.nth(drawn_below(blocks.size())) : blocks.first()) * block_size;
}

void AddressMap::take(std::uint32_t offset) {
  CIDRPLAN_EXPECTS(!is_taken(offset));
  set(taken_, offset);
  --free_;
  if (bit(closed_, offset)) return;  // named by hand
  set(closed_, offset);
  const auto block = offset / block_size;
  if (for_prefixes_[block] == 0) --free_singles_;
  ++held_[block];
  if (held_[block] == 1 || held_[block] == block_size) file(block);
}

void AddressMap::give_back(std::uint32_t offset) {
  CIDRPLAN_EXPECTS(is_taken(offset));
  unset(taken_, offset);
  ++free_;
  if (is_by_hand(offset)) return;
  unset(closed_, offset);
  const auto block = offset / block_size;
  if (for_prefixes_[block] == 0) ++free_singles_;
  --held_[block];
  if (held_[block] == 0 || held_[block] == block_size - 1) file(block);
}

void AddressMap::take_block(std::uint32_t first) {
  const auto block = first / block_size;
  CIDRPLAN_EXPECTS(first % block_size == 0 && held_[block] == 0);
  taken_[first / word_bits] |= whole_block << first % word_bits;
  closed_[first / word_bits] |= whole_block << first % word_bits;
  held_[block] = block_size;
  free_ -= block_size;
  if (for_prefixes_[block] == 0) free_singles_ -= block_size;
  file(block);
}

void AddressMap::give_back_block(std::uint32_t first) {
  const auto block = first / block_size;
  const auto bits = whole_block << first % word_bits;
  CIDRPLAN_EXPECTS(first % block_size == 0 && (taken_[first / word_bits] & bits) == bits);
  taken_[first / word_bits] &= ~bits;
  closed_[first / word_bits] &= ~bits;
  held_[block] = 0;
  free_ += block_size;
  if (for_prefixes_[block] == 0) free_singles_ += block_size;
  file(block);
}

}  // namespace cidrplan
