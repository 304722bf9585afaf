#include "planner/ipam/id_set.h"

#include <bit>

#include "planner/net/contract.h"

namespace cidrplan {

void IdSet::insert(std::uint32_t id) {
  if (contains(id)) return;
  ++count_;
  for (auto& level : words_) {
    const auto word = id / 64;
    if (word >= level.size()) level.resize(word + 1);
    level[word] |= std::uint64_t{1} << id % 64;
    id = word;
  }
}

void IdSet::erase(std::uint32_t id) {
  if (!contains(id)) return;
  --count_;
  for (auto& level : words_) {
    auto& word = level[id / 64];
    word &= ~(std::uint64_t{1} << id % 64);
    if (word != 0) return;
    id /= 64;
  }
}

bool IdSet::contains(std::uint32_t id) const {
  return id / 64 < words_[0].size() && (words_[0][id / 64] >> id % 64 & 1) != 0;
}

std::uint32_t IdSet::first() const {
  CIDRPLAN_EXPECTS(count_ > 0);
  std::uint32_t word = 0;
  while (words_[levels - 1][word] == 0) ++word;
  for (int level = levels - 1; level >= 0; --level)
    word = word * 64 +
           static_cast<std::uint32_t>(std::countr_zero(words_[static_cast<std::size_t>(level)][word]));
  return word;
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
