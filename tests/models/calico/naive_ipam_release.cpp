#include <algorithm>

#include "tests/models/calico/naive_fields.h"
#include "tests/models/calico/naive_ipam.h"

namespace cidrplan::testing {

void NaiveIpam::give_back(Block& block, int ordinal, bool keep_number) {
  if (profile_ >= 33 && cooldown_ > 0) {
    block.used[ordinal] = {"", "", false, now_, 0};
    return;
  }
  if (keep_number && profile_ < 33) block.numbers[ordinal] = block.used[ordinal].number;
  block.used.erase(ordinal);
  block.free.push_back(ordinal);
}

void NaiveIpam::finish_release(const Prefix& cidr, Block block) {
  if (is_empty(block) && block.affinity.empty()) {
    blocks_.erase(cidr);
  } else {
    write(cidr, std::move(block));
  }
}

void NaiveIpam::lower_handle(const std::string& handle, const Prefix& cidr, int by) {
  if (!handles_.contains(handle) || !handles_[handle].contains(cidr) || handles_[handle][cidr] < by) return;
  handles_[handle][cidr] -= by;
  if (handles_[handle][cidr] == 0) handles_[handle].erase(cidr);
  if (handles_[handle].empty()) handles_.erase(handle);
}

void NaiveIpam::ensure_consistent(const Prefix& cidr) {
  if (!blocks_.contains(cidr) || blocks_.at(cidr).affinity.empty()) return;
  const auto affinity = blocks_.at(cidr).affinity;
  const auto node = nodes_.find(affinity.substr(affinity.find(':') + 1));
  const auto* pool = first_pool_of(cidr.first(), false);
  if (node == nodes_.end() || pool == nullptr || pool->nodes.matches(calico::Labels(node->second))) return;
  release_block(cidr, affinity, true);
}

void NaiveIpam::release_by_handle(const std::string& handle) {
  if (!handles_.contains(handle)) throw Failure{"not-found"};
  const auto counts = handles_.at(handle);
  for (const auto& [cidr, count] : counts) {
    if (!blocks_.contains(cidr)) continue;
    auto block = load(cidr);
    std::vector<int> ordinals;
    for (const auto& [ordinal, allocation] : block.used)
      if (allocation.handle == handle && !allocation.released) ordinals.push_back(ordinal);
    if (ordinals.empty()) continue;
    for (const int ordinal : ordinals) give_back(block, ordinal, true);
    finish_release(cidr, std::move(block));
    lower_handle(handle, cidr, static_cast<int>(ordinals.size()));
    ensure_consistent(cidr);
  }
}

void NaiveIpam::release_group(const Prefix& cidr, const std::vector<Json>& items,
                              std::vector<std::string>& unallocated, std::vector<std::string>& released) {
  const auto all = [&](std::vector<std::string>& list) {
    for (const auto& item : items) list.push_back(text(item, "ip"));
  };
  if (!blocks_.contains(cidr)) {
    all(unallocated);
    all(released);
    return;
  }
  auto block = load(cidr);
  std::map<int, Json> last;
  for (const auto& item : items)
    last[static_cast<int>(Address::parse(text(item, "ip"))->value() - cidr.first().value())] = item;
  std::vector<int> ordinals;
  std::vector<std::string> free;
  for (const auto& [ordinal, item] : last) {
    const auto used = block.used.find(ordinal);
    // "match" is the number recorded, whatever it is; "stale" is another.
    if (text(item, "seq") == "stale") throw Failure{"bad-sequence-number"};
    if (used == block.used.end() || used->second.released) {
      free.push_back(text(item, "ip"));
      continue;
    }
    const auto handle = text(item, "handle");
    if (!handle.empty() && handle != used->second.handle) throw Failure{"bad-handle"};
    ordinals.push_back(ordinal);
  }
  unallocated.insert(unallocated.end(), free.begin(), free.end());
  all(released);
  if (free.size() == items.size()) return;
  std::map<std::string, int> counts;
  for (const int ordinal : ordinals) {
    const auto handle = block.used[ordinal].handle;
    counts[handle] = profile_ >= 33 ? counts[handle] + 1 : 1;
    give_back(block, ordinal, false);
  }
  finish_release(cidr, std::move(block));
  for (const auto& [handle, count] : counts) lower_handle(handle, cidr, count);
  ensure_consistent(cidr);
}

NaiveIpam::Json NaiveIpam::release_ips(const Json& operation) {
  std::vector<std::string> unallocated;
  std::vector<std::string> released;
  std::map<Prefix, std::vector<Json>> groups;
  for (const auto& item : operation["items"]) {
    const auto address = *Address::parse(text(item, "ip"));
    if (const auto* pool = first_pool_of(address, true)) {
      groups[Prefix(address, pool->block_size)].push_back(item);
      continue;
    }
    std::optional<Prefix> around;
    for (const auto& [cidr, block] : blocks_)
      if (cidr.contains(address) && (!around || dashed(cidr) < dashed(*around))) around = cidr;
    if (around) {
      groups[*around].push_back(item);
    } else {
      unallocated.push_back(text(item, "ip"));
    }
  }
  Json answer = Json::object();
  for (const auto& [cidr, items] : groups) {
    try {
      release_group(cidr, items, unallocated, released);
    } catch (const Failure& failure) {
      if (!answer.contains("error")) answer["error"] = failure.text;
    }
  }
  std::sort(unallocated.begin(), unallocated.end());
  std::sort(released.begin(), released.end());
  answer["unallocated"] = unallocated;
  answer["released"] = released;
  return answer;
}

}  // namespace cidrplan::testing
