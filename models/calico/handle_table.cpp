#include "models/calico/handle_table.h"

#include <limits>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

void raise(std::uint32_t& count, std::uint32_t by) { count = by > most - count ? most : count + by; }

}  // namespace

std::uint32_t HandleTable::make_record() {
  const auto slot = free_record_ != none ? free_record_ : records_.append();
  if (free_record_ != none) free_record_ = records_[slot].next;
  records_[slot] = {};
  return slot;
}

void HandleTable::free_record(std::uint32_t at) {
  records_[at].next = free_record_;
  free_record_ = at;
}

HandleId HandleTable::make() { return static_cast<HandleId>(make_record()); }

void HandleTable::forget(HandleId handle) {
  CIDRPLAN_EXPECTS(!exists(handle) && first_entry(handle) == none);
  free_record(number(handle));
}

std::uint32_t HandleTable::make_more() {
  const auto slot = free_more_ != none ? free_more_ : more_.append();
  if (free_more_ != none) free_more_ = more_[slot].next;
  more_[slot] = {};
  return slot;
}

// --- counts

std::uint32_t HandleTable::count(HandleId handle, BlockId block) const {
  const auto& own = records_[number(handle)];
  if (own.block == block) return own.counted;
  for (auto at = own.more; at != none; at = more_[at].next)
    if (more_[at].count.block == block) return more_[at].count.addresses;
  return 0;
}

bool HandleTable::add(HandleId handle, BlockId block, std::uint32_t addresses) {
  auto& own = records_[number(handle)];
  if (own.block == no_block && own.more == none) own.block = block;
  if (own.block == block) {
    const bool is_new = own.counted == 0;
    raise(own.counted, addresses);
    return is_new;
  }
  for (auto at = own.more; at != none; at = more_[at].next) {
    if (more_[at].count.block != block) continue;
    raise(more_[at].count.addresses, addresses);
    return false;
  }
  const auto slot = make_more();
  more_[slot].count = {block, addresses};
  more_[slot].next = own.more;
  own.more = slot;
  return true;
}

HandleTable::Removal HandleTable::remove(HandleId handle, BlockId block, std::uint32_t addresses) {
  auto& own = records_[number(handle)];
  if (own.block == block) {
    if (own.counted < addresses || own.counted == 0) return Removal::refused;
    own.counted -= addresses;
    if (own.counted > 0) return Removal::lowered;
    if (!own.is_entry()) own.block = no_block;
    return Removal::block_gone;
  }
  auto* link = &own.more;
  while (*link != none && more_[*link].count.block != block) link = &more_[*link].next;
  if (*link == none) return Removal::refused;
  const auto at = *link;
  auto& count = more_[at].count;
  if (count.addresses < addresses) return Removal::refused;
  count.addresses -= addresses;
  if (count.addresses > 0) return Removal::lowered;
  *link = more_[at].next;
  more_[at].next = free_more_;
  free_more_ = at;
  return Removal::block_gone;
}

// --- entries

std::uint32_t HandleTable::make_entry(BlockId block, Ordinal ordinal, HandleId handle, const Owner& owner) {
  std::uint32_t at = none;
  if (is_handle(handle)) {
    const auto& own = records_[number(handle)];
    // A block is counted in one place: never here and further on too.
    const bool fits = own.block == block || (own.block == no_block && own.more == none);
    if (fits && !own.is_entry()) at = number(handle);
  }
  if (at == none) {
    at = make_record();
    if (is_handle(handle)) {
      auto& own = records_[number(handle)];
      records_[at].next = own.next;
      own.next = at;
    }
  }
  auto& entry = records_[at];
  entry.block = block;
  entry.handle = handle;
  entry.node = owner.node;
  entry.subject = owner.subject;
  entry.ordinal = ordinal;
  entry.references = 0;
  entry.kind_bits = static_cast<std::uint8_t>(owner.kind) & 0xfu;
  return at;
}

void HandleTable::drop_entry(std::uint32_t at) {
  auto& entry = records_[at];
  if (is_own(at)) {
    entry.kind_bits = Allocation::no_entry;
    if (entry.counted == 0) entry.block = no_block;
    return;
  }
  if (is_handle(entry.handle)) {
    auto* link = &records_[number(entry.handle)].next;
    while (*link != at) link = &records_[*link].next;
    *link = entry.next;
  }
  free_record(at);
}

}  // namespace cidrplan::calico
