#include "models/calico/recorded_state.h"

#include <algorithm>
#include <charconv>

namespace cidrplan::calico {
namespace {

void append_number(std::string& out, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

}  // namespace

HandleId HandleNames::find(std::string_view name) const {
  const auto at = ids_.find(name);
  return at != ids_.end() ? at->second : no_handle;
}

HandleId HandleNames::id(std::string_view name, Allocator& allocator) {
  const auto at = ids_.find(name);
  if (at != ids_.end()) return at->second;
  const auto handle = allocator.make_handle();
  const auto added = ids_.emplace(name, handle).first;
  names_.resize(std::max(names_.size(), slot_of(handle) + 1));
  names_[slot_of(handle)] = &added->first;
  return handle;
}

std::string_view HandleNames::name(HandleId handle) const {
  if (handle == windows_handle) return windows;
  return handle == no_handle ? std::string_view{"-"} : std::string_view{*names_[slot_of(handle)]};
}

RecordedState::RecordedState(Allocator& allocator, const HandleNames& names, Detail detail)
    : allocator_(allocator), names_(names) {
  log_.wants_allocations = detail == Detail::allocations;
  allocator_.follow(&log_);
}

void RecordedState::append_owner(std::string& out, HostId host) const {
  const auto& owner = allocator_.data().hosts[host];
  out += owner.is_virtual ? "virtual:" : "host:";
  out += owner.name;
}

void RecordedState::append_block(std::string& out, BlockId id) const {
  const auto& store = allocator_.store();
  const auto& block = store[id];
  out += "B ";
  out += block.cidr().to_string();
  out += ' ';
  if (block.has_owner()) {
    append_owner(out, block.owner());
  } else {
    out += '-';
  }
  out += ' ';
  if (const auto claimed = block.claimed()) {
    append_number(out, claimed->ms / 1000);
  } else {
    out += '-';
  }
  out += " u:";
  for (auto each = block.first_free(); each != no_ordinal; each = block.next_free(each)) {
    append_number(out, each);
    out += ',';
  }
  if (out.back() == ',') out.pop_back();
  out += " a:";
  for (std::uint32_t i = 0; i < block.size(); ++i) {
    const auto* entry = store.allocation_of(id, static_cast<Ordinal>(i));
    if (entry == nullptr) continue;
    append_number(out, i);
    if (entry->kind() == OwnerKind::cooling) {
      out += "=!";
      append_number(out, entry->released().ms / 1000);
    } else {
      out += '=';
      out += names_.name(entry->handle);
      out += '@';
      out += entry->node == no_host ? std::string_view{"-"} : allocator_.data().hosts[entry->node].name;
    }
    out += ',';
  }
  if (out.back() == ',') out.pop_back();
}

void RecordedState::append_affinity(std::string& out, BlockId id) const {
  const auto& block = allocator_.store()[id];
  out += "A ";
  append_owner(out, block.owner());
  out += ' ';
  out += block.cidr().to_string();
  out += " confirmed";
}

void RecordedState::append_handle(std::string& out, HandleId handle) const {
  const auto& store = allocator_.store();
  out += "H ";
  out += names_.name(handle);
  std::vector<std::string> counts;
  store.handles().for_each_count(handle, [&](const HandleTable::Count& count) {
    counts.push_back(store[count.block].cidr().to_string());
    counts.back() += '=';
    append_number(counts.back(), count.addresses);
  });
  std::sort(counts.begin(), counts.end());
  char before = ' ';
  for (const auto& count : counts) {
    out += before;
    out += count;
    before = ',';
  }
}

void RecordedState::replace(std::vector<std::uint64_t>& digests, std::size_t slot, const std::string& line) {
  if (digests.size() <= slot) digests.resize(slot + 1, 0);
  sum_ ^= digests[slot];
  digests[slot] = line.empty() ? 0 : line_digest(line);
  sum_ ^= digests[slot];
}

void RecordedState::update() {
  const auto& store = allocator_.store();
  for (const auto& [id, before] : log_.blocks) {
    const bool exists = store[id].exists();
    line_.clear();
    if (exists) append_block(line_, id);
    replace(block_digests_, slot_of(id), line_);
    line_.clear();
    if (exists && store[id].has_owner()) append_affinity(line_, id);
    replace(affinity_digests_, slot_of(id), line_);
  }
  for (const auto handle : log_.handles) {
    line_.clear();
    if (store.handles().exists(handle)) append_handle(line_, handle);
    replace(handle_digests_, slot_of(handle), line_);
  }
  last_.blocks.assign(log_.blocks.begin(), log_.blocks.end());
  last_.handles.assign(log_.handles.begin(), log_.handles.end());
  last_.allocations.assign(log_.allocations.begin(), log_.allocations.end());
  allocator_.clear_changes();
}

std::vector<std::string> RecordedState::lines() const {
  std::vector<std::string> lines;
  const auto& store = allocator_.store();
  store.for_each_block([&](BlockId id) {
    append_block(lines.emplace_back(), id);
    if (store[id].has_owner()) append_affinity(lines.emplace_back(), id);
  });
  for (std::size_t slot = 0; slot < store.handles().size(); ++slot) {
    const auto handle = static_cast<HandleId>(slot);
    if (store.handles().exists(handle)) append_handle(lines.emplace_back(), handle);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> RecordedState::changed_lines() const {
  std::vector<std::string> lines;
  const auto& store = allocator_.store();
  for (const auto& [id, before] : last_.blocks) {
    if (!store[id].exists()) continue;
    append_block(lines.emplace_back(), id);
    if (store[id].has_owner()) append_affinity(lines.emplace_back(), id);
  }
  for (const auto handle : last_.handles)
    if (store.handles().exists(handle)) append_handle(lines.emplace_back(), handle);
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

}  // namespace cidrplan::calico
