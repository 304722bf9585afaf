#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "planner/net/contract.h"

namespace cidrplan {

/// A set of small numbers that finds its smallest member at once: a bitmap with two levels of summary above
/// it.
class IdSet {
 public:
  void insert(std::uint32_t id) {
    if (id / 64 >= words_[0].size()) make_room(id);
    auto& word = words_[0][id / 64];
    const auto before = word;
    word |= std::uint64_t{1} << id % 64;
    if (word == before) return;
    ++count_;
    if (before == 0) tell_above(id);
  }
  void erase(std::uint32_t id) {
    if (!contains(id)) return;
    --count_;
    auto& word = words_[0][id / 64];
    word &= ~(std::uint64_t{1} << id % 64);
    if (word == 0) retract_above(id);
  }
  bool contains(std::uint32_t id) const {
    return id / 64 < words_[0].size() && (words_[0][id / 64] >> id % 64 & 1) != 0;
  }
  bool empty() const { return count_ == 0; }
  std::uint32_t size() const { return count_; }
  /// @pre not empty
  std::uint32_t first() const {
    CIDRPLAN_EXPECTS(count_ > 0);
    std::uint32_t word = 0;
    while (words_[levels - 1][word] == 0) ++word;
    for (int level = levels - 1; level >= 0; --level)
      word = word * 64 +
             static_cast<std::uint32_t>(std::countr_zero(words_[static_cast<std::size_t>(level)][word]));
    return word;
  }
  /// The member with `rank` smaller ones. @pre rank < size()
  std::uint32_t nth(std::uint32_t rank) const;

 private:
  static constexpr int levels =
      3;  ///< level 0 is the set itself; each bit above says that a word below is not empty

  void make_room(std::uint32_t id);
  /// The word of this member was empty, or is now.
  void tell_above(std::uint32_t id);
  void retract_above(std::uint32_t id);

  std::array<std::vector<std::uint64_t>, levels> words_;
  std::uint32_t count_ = 0;
};

}  // namespace cidrplan
