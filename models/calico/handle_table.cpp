#include "models/calico/handle_table.h"

#include <limits>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

void raise(std::uint32_t& count, std::uint32_t by) { count = by > most - count ? most : count + by; }

}  // namespace

HandleId HandleTable::make() {
  const auto slot = free_handle_ != none ? free_handle_ : handles_.append();
  if (free_handle_ != none) free_handle_ = handles_[slot].allocations;
  handles_[slot] = {};
  return static_cast<HandleId>(slot);
}

void HandleTable::forget(HandleId handle) {
  auto& record = handles_[number(handle)];
  CIDRPLAN_EXPECTS(record.first.block == no_block && record.allocations == none);
  record.allocations = free_handle_;
  free_handle_ = number(handle);
}

std::uint32_t HandleTable::make_more() {
  const auto slot = free_more_ != none ? free_more_ : more_.append();
  if (free_more_ != none) free_more_ = more_[slot].next;
  more_[slot] = {};
  return slot;
}

std::uint32_t HandleTable::count(HandleId handle, BlockId block) const {
  const auto& record = handles_[number(handle)];
  if (record.first.block == block) return record.first.addresses;
  for (auto at = record.more; at != none; at = more_[at].next)
    if (more_[at].count.block == block) return more_[at].count.addresses;
  return 0;
}

bool HandleTable::add(HandleId handle, BlockId block, std::uint32_t addresses) {
  auto& record = handles_[number(handle)];
  if (record.first.block == no_block) {
    record.first = {block, addresses};
    return true;
  }
  if (record.first.block == block) {
    raise(record.first.addresses, addresses);
    return false;
  }
  for (auto at = record.more; at != none; at = more_[at].next) {
    if (more_[at].count.block != block) continue;
    raise(more_[at].count.addresses, addresses);
    return false;
  }
  const auto slot = make_more();
  more_[slot].count = {block, addresses};
  more_[slot].next = record.more;
  record.more = slot;
  return true;
}

HandleTable::Removal HandleTable::remove(HandleId handle, BlockId block, std::uint32_t addresses) {
  auto& record = handles_[number(handle)];
  std::uint32_t* link = &record.more;
  Count* count = &record.first;
  if (record.first.block != block) {
    while (*link != none && more_[*link].count.block != block) link = &more_[*link].next;
    if (*link == none) return Removal::refused;
    count = &more_[*link].count;
  }
  if (count->addresses < addresses) return Removal::refused;
  count->addresses -= addresses;
  if (count->addresses > 0) return Removal::lowered;

  // The first count takes the place of the one that goes.
  if (count == &record.first) record.first = record.more != none ? more_[record.more].count : Count{};
  if (*link != none) {
    const auto gone = *link;
    *link = more_[gone].next;
    more_[gone].next = free_more_;
    free_more_ = gone;
  }
  return Removal::block_gone;
}

}  // namespace cidrplan::calico
