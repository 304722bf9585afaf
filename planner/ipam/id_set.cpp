#include "planner/ipam/id_set.h"

namespace cidrplan {

void IdSet::make_room(std::uint32_t id) {
  for (auto& level : words_) {
    id /= 64;
    if (id >= level.size()) level.resize(id + 1);
  }
}

void IdSet::tell_above(std::uint32_t id) {
  for (std::size_t level = 1; level < levels; ++level) {
    id /= 64;
    auto& word = words_[level][id / 64];
    const bool told = word != 0;
    word |= std::uint64_t{1} << id % 64;
    if (told) return;
  }
}

void IdSet::retract_above(std::uint32_t id) {
  for (std::size_t level = 1; level < levels; ++level) {
    id /= 64;
    auto& word = words_[level][id / 64];
    word &= ~(std::uint64_t{1} << id % 64);
    if (word != 0) return;
  }
}

std::uint32_t IdSet::nth(std::uint32_t rank) const {
  CIDRPLAN_EXPECTS(rank < count_);
  std::uint32_t word = 0;
  for (;; ++word) {
    const auto members = static_cast<std::uint32_t>(std::popcount(words_[0][word]));
    if (rank < members) break;
    rank -= members;
  }
  auto bits = words_[0][word];
  for (; rank > 0; --rank) bits &= bits - 1;
  return word * 64 + static_cast<std::uint32_t>(std::countr_zero(bits));
}

}  // namespace cidrplan
