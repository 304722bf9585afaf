#include "models/calico/block.h"

#include "planner/net/contract.h"

namespace cidrplan::calico {

std::optional<SimTime> Block::claimed() const {
  if (!has_claim_time_) return std::nullopt;
  return claimed_;
}

std::uint64_t Block::sequence_of(Ordinal ordinal) const {
  if (!recorded_writes_ || recorded_writes_[ordinal] == 0) return 0;
  return sequence_base_ + recorded_writes_[ordinal] - 1;
}

void Block::take(Ordinal ordinal, Ordinal before, std::uint32_t allocation) {
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

Ordinal Block::before(Ordinal ordinal) const {
  CIDRPLAN_EXPECTS(is_free(ordinal));
  Ordinal ahead = no_ordinal;
  for (auto each = head_; each != ordinal; each = next_free(each)) ahead = each;
  return ahead;
}

void Block::give_back(Ordinal ordinal) {
  slots_[ordinal] = no_ordinal;
  if (tail_ == no_ordinal) {
    head_ = ordinal;
  } else {
    slots_[tail_] = ordinal;
  }
  tail_ = ordinal;
  ++free_;
}

}  // namespace cidrplan::calico
