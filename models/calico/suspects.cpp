#include "models/calico/suspects.h"

#include <algorithm>

namespace cidrplan::calico {
namespace {

void erase_value(std::vector<SuspectId>& list, SuspectId id) {
  const auto at = std::find(list.begin(), list.end(), id);
  if (at == list.end()) return;
  *at = list.back();
  list.pop_back();
}

}  // namespace

std::size_t Suspects::KeyHash::operator()(const AllocationKey& key) const {
  const auto value = key.address.value();
  auto x = static_cast<std::uint64_t>(value) ^ static_cast<std::uint64_t>(value >> 64) * 0x9e3779b97f4a7c15u;
  x = (x ^ static_cast<std::uint64_t>(key.handle) << 32) * 0xbf58476d1ce4e5b9u;
  return static_cast<std::size_t>(x ^ x >> 29);
}

SuspectId Suspects::make(const AllocationKey& key) {
  if (unused_.empty()) {
    unused_.push_back(SuspectId{static_cast<std::uint32_t>(entries_.size())});
    entries_.emplace_back();
  }
  const auto id = unused_.back();
  unused_.pop_back();
  entries_[index(id)] = {};
  entries_[index(id)].key = key;
  return id;
}

void Suspects::add(const AllocationKey& key, const Owner& owner, BlockId block, std::uint64_t sequence) {
  if (by_key_.find(key) != by_key_.end()) return;
  forget_handle(key.handle, key);  // of a block that is gone
  const auto id = make(key);
  auto& entry = entries_[index(id)];
  entry.owner = owner;
  entry.block = block;
  entry.sequence = sequence;
  entry.by_block = entry.by_handle = true;
  by_key_.emplace(key, id);
  by_block_[static_cast<std::uint32_t>(block)].push_back(id);
  by_handle_[static_cast<std::uint32_t>(key.handle)].push_back(id);
  if (owner.node == no_host) return;
  if (slot_of(owner.node) >= by_node_.size()) by_node_.resize(slot_of(owner.node) + 1);
  auto& list = by_node_[slot_of(owner.node)];
  entry.by_node = true;
  entry.place_in_node = static_cast<std::uint32_t>(list.size());
  list.push_back(id);
}

const SuspectId* Suspects::find(const AllocationKey& key) const {
  const auto at = by_key_.find(key);
  return at != by_key_.end() ? &at->second : nullptr;
}

void Suspects::remove(SuspectId id) {
  const auto key = entries_[index(id)].key;
  forget_block(id);
  forget_node(id);
  forget_leak(key);
  forget_handle(key.handle, key);
  end_if_unlisted(id);
}

void Suspects::remove_with_block(SuspectId id) {
  forget_block(id);
  forget_node(id);
  end_if_unlisted(id);
}

std::vector<SuspectId> Suspects::of_block(BlockId block) const {
  const auto at = by_block_.find(static_cast<std::uint32_t>(block));
  return at != by_block_.end() ? at->second : std::vector<SuspectId>{};
}

const std::vector<SuspectId>& Suspects::of_node(HostId node) const {
  static const std::vector<SuspectId> none;
  return slot_of(node) < by_node_.size() ? by_node_[slot_of(node)] : none;
}

bool Suspects::forget_node(SuspectId id) {
  auto& entry = entries_[index(id)];
  if (!entry.by_node) return false;
  entry.by_node = false;
  auto& list = by_node_[slot_of(entry.owner.node)];
  list[entry.place_in_node] = list.back();
  entries_[index(list.back())].place_in_node = entry.place_in_node;
  list.pop_back();
  return true;
}

void Suspects::forget_block(SuspectId id) {
  auto& entry = entries_[index(id)];
  if (!entry.by_block) return;
  entry.by_block = false;
  by_key_.erase(entry.key);
  const auto at = by_block_.find(static_cast<std::uint32_t>(entry.block));
  erase_value(at->second, id);
  if (at->second.empty()) by_block_.erase(at);
}

void Suspects::forget_handle(HandleId handle, const AllocationKey& key) {
  const auto at = by_handle_.find(static_cast<std::uint32_t>(handle));
  if (at == by_handle_.end()) return;
  auto& list = at->second;
  const auto same =
      std::find_if(list.begin(), list.end(), [&](SuspectId id) { return entries_[index(id)].key == key; });
  if (same == list.end()) return;
  const auto id = *same;
  *same = list.back();
  list.pop_back();
  if (list.empty()) by_handle_.erase(at);
  entries_[index(id)].by_handle = false;
  end_if_unlisted(id);
}

void Suspects::list_as_leak(SuspectId id) {
  const auto key = entries_[index(id)].key;
  const auto [at, added] = leaks_.try_emplace(key, id);
  if (!added && at->second != id) {  // an older entry under the same key: of a block that is gone
    const auto older = at->second;
    at->second = id;
    entries_[index(older)].as_leak = false;
    end_if_unlisted(older);
  }
  entries_[index(id)].as_leak = true;
}

void Suspects::forget_leak(const AllocationKey& key) {
  const auto at = leaks_.find(key);
  if (at == leaks_.end()) return;
  const auto id = at->second;
  leaks_.erase(at);
  entries_[index(id)].as_leak = false;
  end_if_unlisted(id);
}

bool Suspects::whole_handle_leaked(HandleId handle) const {
  const auto at = by_handle_.find(static_cast<std::uint32_t>(handle));
  if (at == by_handle_.end()) return true;
  return std::all_of(at->second.begin(), at->second.end(),
                     [&](SuspectId id) { return entries_[index(id)].confirmed; });
}

void Suspects::end_if_unlisted(SuspectId id) {
  auto& entry = entries_[index(id)];
  if (entry.by_block || entry.by_node || entry.by_handle || entry.as_leak) return;
  if (entry.block == no_block) return;  // ended before
  entry.block = no_block;
  unused_.push_back(id);
}

}  // namespace cidrplan::calico
