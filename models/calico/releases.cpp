#include "models/calico/releases.h"

#include <algorithm>

namespace cidrplan::calico {

using KeepNumber = BlockStore::KeepNumber;

void Releases::release(BlockId block, Ordinal ordinal, SimTime now, KeepNumber keep) {
  if (data_.is_p33() && data_.config.cooldown.ms > 0) {
    data_.store.cool(block, ordinal, now);
  } else {
    data_.store.free(block, ordinal, data_.is_p33() ? KeepNumber::no : keep);
  }
}

void Releases::finish(BlockId block) {
  const auto& stored = data_.store[block];
  if (stored.empty() && !stored.has_owner()) {
    data_.store.remove(block);
  } else {
    data_.store.written(block);
  }
}

Error Releases::by_handle(HandleId handle, SimTime now) {
  const auto& handles = data_.store.handles();
  if (const auto only = handles.only_block(handle); only != no_block) {
    if (data_.store[only].exists()) from_block(handle, only, now);
    return {};
  }
  if (!handles.exists(handle)) return {.code = ErrorCode::handle_missing, .handle = handle};
  blocks_.clear();
  handles.for_each_count(handle, [&](const HandleTable::Count& count) { blocks_.push_back(count.block); });
  std::sort(blocks_.begin(), blocks_.end(),
            [&](BlockId a, BlockId b) { return data_.store[a].cidr() < data_.store[b].cidr(); });
  for (const auto block : blocks_)
    if (data_.store[block].exists()) from_block(handle, block, now);
  return {};
}

void Releases::from_block(HandleId handle, BlockId block, SimTime now) {
  data_.store.ordinals_of(handle, block, ordinals_);
  if (ordinals_.empty()) return;
  data_.store.settle(block, data_.cold_before(now));
  for (const auto ordinal : ordinals_) release(block, ordinal, now, KeepNumber::yes);
  finish(block);
  data_.store.lower_count(handle, block, static_cast<std::uint32_t>(ordinals_.size()));
  affinities_.ensure_consistent(block, now);
}

std::optional<Prefix> Releases::block_cidr_of(const Address& address) const {
  const auto pool = data_.pools.pool_of(address);
  if (pool != no_pool) return Prefix(address, data_.pool(pool).spec().block_size);
  const auto block = data_.store.block_around(address);
  if (block == no_block) return std::nullopt;
  return data_.store[block].cidr();
}

void Releases::by_address(std::span<const ReleaseItem> items, SimTime now, ReleaseAnswer& answer) {
  answer.clear();
  parts_.clear();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (const auto cidr = block_cidr_of(items[i].address)) {
      parts_.push_back({*cidr, i});
    } else {
      answer.unallocated.push_back(items[i].address);
    }
  }
  // Blocks are independent of each other.
  std::stable_sort(parts_.begin(), parts_.end(),
                   [](const Part& a, const Part& b) { return a.cidr < b.cidr; });
  for (auto begin = parts_.begin(); begin != parts_.end();) {
    const auto end =
        std::find_if(begin, parts_.end(), [&](const Part& part) { return part.cidr != begin->cidr; });
    group({begin, end}, items, now, answer);
    begin = end;
  }
}

void Releases::group(std::span<const Part> parts, std::span<const ReleaseItem> items, SimTime now,
                     ReleaseAnswer& answer) {
  const auto block = data_.store.find(parts.front().cidr);
  const auto append_all = [&](std::vector<Address>& list) {
    for (const auto& part : parts) list.push_back(items[part.item].address);
  };
  if (block == no_block) {
    append_all(answer.unallocated);
    append_all(answer.released);
    return;
  }
  // Of an address that is given twice the last request counts.
  last_requests_.clear();
  for (const auto& part : parts) last_requests_.push_back(part.item);
  std::sort(last_requests_.begin(), last_requests_.end(), [&](std::size_t a, std::size_t b) {
    return items[a].address == items[b].address ? a > b : items[a].address < items[b].address;
  });
  const auto end =
      std::unique(last_requests_.begin(), last_requests_.end(),
                  [&](std::size_t a, std::size_t b) { return items[a].address == items[b].address; });
  last_requests_.erase(end, last_requests_.end());
  if (const auto error = examine(block, items)) {
    if (!answer.error) answer.error = error;
    return;
  }
  answer.unallocated.insert(answer.unallocated.end(), unallocated_.begin(), unallocated_.end());
  append_all(answer.released);
  if (unallocated_.size() != parts.size()) write_group(block, now);
}

/// Sorts the group into ordinals to release and addresses that are not allocated; changes nothing.
Error Releases::examine(BlockId id, std::span<const ReleaseItem> items) {
  const auto& block = data_.store[id];
  ordinals_.clear();
  unallocated_.clear();
  for (const auto i : last_requests_) {
    const auto& item = items[i];
    const auto ordinal = block.ordinal_of(item.address);
    const Error refused{.handle = item.handle, .address = item.address};
    if (item.sequence && *item.sequence != block.sequence_of(ordinal)) {
      auto error = refused;
      error.code = ErrorCode::bad_sequence_number;
      return error;
    }
    const auto* allocation = data_.store.allocation_of(id, ordinal);
    if (allocation == nullptr || allocation->kind() == OwnerKind::cooling) {
      unallocated_.push_back(item.address);
      continue;
    }
    if (item.handle != no_handle && item.handle != allocation->handle) {
      auto error = refused;
      error.code = ErrorCode::bad_handle;
      return error;
    }
    ordinals_.push_back(ordinal);
  }
  return {};
}

void Releases::write_group(BlockId block, SimTime now) {
  data_.store.settle(block, data_.cold_before(now));
  by_handle_.clear();
  for (const auto ordinal : ordinals_) {
    const auto handle = data_.store.allocation_of(block, ordinal)->handle;
    release(block, ordinal, now, KeepNumber::no);
    if (handle != no_handle && handle != windows_handle) by_handle_.push_back({handle, ordinal, 1});
  }
  count_handles();
  finish(block);
  for (const auto& each : by_handle_) data_.store.lower_count(each.handle, block, each.addresses);
  affinities_.ensure_consistent(block, now);
}

/// Makes one of all that a handle gave back, in the order of the handles' first addresses.
void Releases::count_handles() {
  if (by_handle_.size() < 2) return;
  std::sort(by_handle_.begin(), by_handle_.end(), [](const GivenBack& a, const GivenBack& b) {
    return a.handle == b.handle ? a.first < b.first : a.handle < b.handle;
  });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < by_handle_.size(); ++i) {
    if (by_handle_[i].handle != by_handle_[kept].handle) {
      by_handle_[++kept] = by_handle_[i];
    } else if (data_.is_p33()) {
      ++by_handle_[kept].addresses;  // before v3.33 a slip keeps the sum at one
    }
  }
  by_handle_.resize(kept + 1);
  std::sort(by_handle_.begin(), by_handle_.end(),
            [](const GivenBack& a, const GivenBack& b) { return a.first < b.first; });
}

bool Releases::collect_cooled(BlockId block, SimTime now) {
  if (!data_.is_p33() || data_.store.due(block, data_.cold_before(now)) == 0) return false;
  data_.store.settle(block, data_.cold_before(now));
  data_.store.written(block);
  return true;
}

}  // namespace cidrplan::calico
