#include "models/calico/block.h"

#include "planner/net/contract.h"

namespace cidrplan::calico {

std::optional<SimTime> Block::claimed() const {
  if (!has_claim_time_) return std::nullopt;
  return claimed_;
}

Ordinal Block::before(Ordinal ordinal) const {
  CIDRPLAN_EXPECTS(is_free(ordinal));
  Ordinal ahead = no_ordinal;
  for (auto each = head_; each != ordinal; each = next_free(each)) ahead = each;
  return ahead;
}

}  // namespace cidrplan::calico
