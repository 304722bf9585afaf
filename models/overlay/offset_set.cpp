#include "models/overlay/offset_set.h"

#include <bit>

#include "planner/net/contract.h"

namespace cidrplan::overlay {
namespace {

constexpr uint128 most_bits = 1u << 16;  // 8 KiB

constexpr std::size_t word_of(uint128 offset) { return static_cast<std::size_t>(offset / 64); }
constexpr std::uint64_t bit_of(uint128 offset) {
  return std::uint64_t{1} << static_cast<unsigned>(offset % 64);
}

}  // namespace

OffsetSet::OffsetSet(uint128 count) : count_(count) {
  if (count > most_bits) return;
  bits_.resize(static_cast<std::size_t>((count + 63) / 64));
}

bool OffsetSet::contains(uint128 offset) const {
  CIDRPLAN_EXPECTS(offset < count_);
  if (bits_.empty()) return runs_.contains(offset);
  return (bits_[word_of(offset)] & bit_of(offset)) != 0;
}

bool OffsetSet::insert(uint128 offset) {
  CIDRPLAN_EXPECTS(offset < count_);
  if (bits_.empty()) return runs_.insert(offset, offset) == 1;
  auto& word = bits_[word_of(offset)];
  const bool changed = (word & bit_of(offset)) == 0;
  word |= bit_of(offset);
  return changed;
}

bool OffsetSet::erase(uint128 offset) {
  CIDRPLAN_EXPECTS(offset < count_);
  if (bits_.empty()) return runs_.erase(offset, offset) == 1;
  auto& word = bits_[word_of(offset)];
  const bool changed = (word & bit_of(offset)) != 0;
  word &= ~bit_of(offset);
  return changed;
}

std::optional<uint128> OffsetSet::next_absent(uint128 from) const {
  if (from >= count_) return std::nullopt;
  if (bits_.empty()) {
    const auto next = runs_.next_absent(from);
    return next && *next < count_ ? next : std::nullopt;
  }
  auto word = word_of(from);
  std::uint64_t absent = ~bits_[word] & ~(bit_of(from) - 1);
  while (absent == 0) {
    if (++word == bits_.size()) return std::nullopt;
    absent = ~bits_[word];
  }
  const uint128 next = uint128{word} * 64 + static_cast<unsigned>(std::countr_zero(absent));
  return next < count_ ? std::optional(next) : std::nullopt;
}

}  // namespace cidrplan::overlay
