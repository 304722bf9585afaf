#include "tests/models/calico/naive_ipam.h"

#include <algorithm>

#include "models/calico/block_walk.h"
#include "tests/models/calico/naive_fields.h"

namespace cidrplan::testing {
namespace {

bool holds(const std::vector<Prefix>& cidrs, const Address& address) {
  return std::any_of(cidrs.begin(), cidrs.end(), [&](const Prefix& cidr) { return cidr.contains(address); });
}

}  // namespace

// --- reading

NaiveIpam::Block NaiveIpam::load(const Prefix& cidr) const {
  auto block = blocks_.at(cidr);
  if (profile_ < 33) return block;
  for (auto each = block.used.begin(); each != block.used.end();) {
    const auto released = each->second.released;
    if (released && (cooldown_ == 0 || *released < now_ - cooldown_)) {
      block.free.push_back(each->first);
      each = block.used.erase(each);
    } else {
      ++each;
    }
  }
  return block;
}

void NaiveIpam::write(const Prefix& cidr, Block block) {
  ++block.sequence;
  blocks_[cidr] = std::move(block);
}

bool NaiveIpam::is_empty(const Block& block) {
  return std::all_of(block.used.begin(), block.used.end(),
                     [](const auto& each) { return each.second.windows; });
}

bool NaiveIpam::is_reserved(const Address& address) const { return holds(reservations_, address); }

bool NaiveIpam::is_reserved(const Prefix& prefix) const {
  for (uint128 i = 0; i < prefix.size(); ++i)
    if (!is_reserved(*prefix.first().plus(i))) return false;
  return true;
}

int NaiveIpam::count_free(const Prefix& cidr, const Block& block) const {
  return static_cast<int>(std::count_if(block.free.begin(), block.free.end(), [&](int ordinal) {
    return !is_reserved(*cidr.first().plus(static_cast<uint128>(ordinal)));
  }));
}

std::vector<NaiveIpam::Pool> NaiveIpam::enabled(Family family) const {
  std::vector<Pool> all;
  for (const auto& [name, pool] : pools_)
    if (!pool.disabled && pool.cidr.family() == family) all.push_back(pool);
  return all;
}

const NaiveIpam::Pool* NaiveIpam::first_pool_of(const Address& address, bool also_disabled) const {
  for (const auto& [name, pool] : pools_)
    if ((also_disabled || !pool.disabled) && pool.cidr.contains(address)) return &pool;
  return nullptr;
}

std::vector<Prefix> NaiveIpam::affinities(const std::string& affinity, Family family) const {
  std::vector<Prefix> all;
  for (const auto& [cidr, block] : blocks_)
    if (block.affinity == affinity && cidr.family() == family) all.push_back(cidr);
  std::sort(all.begin(), all.end(), [](const Prefix& a, const Prefix& b) { return dashed(a) < dashed(b); });
  return all;
}

void NaiveIpam::need_strict_for_windows(bool windows) const {
  if (windows && !strict_) throw Failure{"global strict affinity should not be false for Windows node"};
}

std::vector<Prefix> NaiveIpam::walk(const Pool& pool, const std::string& host) const {
  std::vector<Prefix> all;
  if (pool.block_size < pool.cidr.length()) return all;
  const calico::BlockWalk order(calico::fnv1_32(host), pool.block_size - pool.cidr.length());
  for (uint128 i = 0; i <= order.last(); ++i) all.push_back(pool.cidr.child(pool.block_size, order.at(i)));
  return all;
}

// --- which pools, which blocks

std::vector<NaiveIpam::Pool> NaiveIpam::pools_for(const Wanted& wanted, std::vector<Pool>& serving) const {
  const bool keeps = wanted.windows && wanted.family == Family::ipv4;
  const int most = width_of(wanted.family) - (keeps ? 3 : 0);
  const auto all = enabled(wanted.family);
  std::map<std::string, Pool> lookup;
  for (const auto& pool : all)
    if (pool.block_size <= most) lookup[pool.cidr.to_string()] = pool;
  if (lookup.empty()) throw Failure{"cannot find a qualified ippool"};
  for (const auto& cidr : wanted.pools) {
    if (!lookup.contains(cidr.to_string()))
      throw Failure{"the given pool (" + cidr.to_string() + ") does not exist, or is not enabled"};
    serving.push_back(lookup[cidr.to_string()]);
  }
  if (wanted.pools.empty()) {
    const auto node = wanted.use == "LoadBalancer" ? nodes_.end() : nodes_.find(wanted.host);
    const calico::Labels node_labels(node != nodes_.end() ? node->second : decltype(node->second){});
    const calico::Labels namespace_labels(wanted.namespace_labels);
    for (const auto& pool : all)
      if (pool.automatic && pool.nodes.matches(node_labels) && pool.namespaces.matches(namespace_labels))
        serving.push_back(pool);
  }
  if (serving.empty()) throw Failure{"no configured Calico pools for node " + wanted.host};
  std::vector<Pool> selected;
  for (const auto& pool : serving)
    if (std::find(pool.uses.begin(), pool.uses.end(), wanted.use) != pool.uses.end())
      selected.push_back(pool);
  if (selected.empty())
    throw Failure{"cannot find a qualified ippool, no pools match the required use (" + wanted.use + ")"};
  return selected;
}

std::vector<Prefix> NaiveIpam::usable_blocks(const Wanted& wanted, const std::vector<Pool>& pools,
                                             const std::vector<Pool>& serving) {
  const auto in = [](const std::vector<Pool>& some, const Prefix& block) {
    return std::any_of(some.begin(), some.end(),
                       [&](const Pool& pool) { return pool.cidr.contains(block.first()); });
  };
  const auto affinity = affinity_of(wanted.use, wanted.host);
  const auto node = wanted.use == "LoadBalancer" ? nodes_.end() : nodes_.find(wanted.host);
  const calico::Labels node_labels(node != nodes_.end() ? node->second : decltype(node->second){});
  std::vector<Prefix> usable;
  for (const auto& block : affinities(affinity, wanted.family)) {
    if (in(pools, block)) {
      usable.push_back(block);
    } else if (!in(serving, block)) {
      const auto* pool = first_pool_of(block.first(), false);
      if (pool != nullptr && !pool->nodes.matches(node_labels)) release_block(block, affinity, true);
    }
  }
  return usable;
}

std::optional<Prefix> NaiveIpam::find_block(const std::string& affinity, const std::string& host,
                                            const std::vector<Pool>& pools) {
  std::vector<Prefix> remembered;
  for (const auto& pool : pools) {
    for (const auto& cidr : walk(pool, host)) {
      if (is_reserved(cidr)) continue;
      if (!blocks_.contains(cidr)) return cidr;
      const auto block = load(cidr);
      if (count_free(cidr, block) == 0) continue;
      if (block.affinity == affinity) return cidr;
      if (profile_ >= 32 && is_empty(block)) remembered.push_back(cidr);
    }
  }
  for (const auto& cidr : remembered) {
    const auto& block = blocks_.at(cidr);
    if (block.claimed && now_ - *block.claimed < 60) continue;
    if (block.affinity.empty() || !release_block(cidr, block.affinity, true).empty()) continue;
    return cidr;
  }
  return std::nullopt;
}

void NaiveIpam::claim(const Prefix& cidr, const std::string& affinity, bool windows) {
  Block block;
  block.affinity = affinity;
  if (profile_ >= 32) block.claimed = now_;
  block.sequence = ++created_ * 1'000'000;
  const int size = static_cast<int>(cidr.size());
  for (int i = 0; i < size; ++i) {
    if (windows && (i < 3 || i == size - 1)) {
      block.used[i] = {"windows-reserved-ipam-handle", "", true, std::nullopt, 0};
    } else {
      block.free.push_back(i);
    }
  }
  blocks_[cidr] = std::move(block);
}

std::string NaiveIpam::release_block(const Prefix& cidr, const std::string& affinity, bool must_be_empty) {
  if (!blocks_.contains(cidr) || blocks_.at(cidr).affinity != affinity) return {};
  auto block = load(cidr);
  if (must_be_empty && !is_empty(block)) return "block '" + cidr.to_string() + "' is not empty";
  if (is_empty(block)) {
    blocks_.erase(cidr);
  } else {
    block.affinity.clear();
    block.claimed.reset();
    write(cidr, std::move(block));
  }
  return {};
}

}  // namespace cidrplan::testing
