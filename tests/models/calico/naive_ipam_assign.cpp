#include <algorithm>

#include "tests/models/calico/naive_fields.h"
#include "tests/models/calico/naive_ipam.h"

namespace cidrplan::testing {

int NaiveIpam::take(const Prefix& cidr, int missing, const Wanted& wanted, Got& got) {
  auto block = load(cidr);
  std::vector<int> left;
  int taken = 0;
  for (const int ordinal : block.free) {
    const auto address = *cidr.first().plus(static_cast<uint128>(ordinal));
    if (taken == missing || is_reserved(address)) {
      left.push_back(ordinal);
      continue;
    }
    block.used[ordinal] = {wanted.handle, wanted.host, false, std::nullopt, block.sequence};
    block.numbers.erase(ordinal);
    got.addresses.push_back(address.to_string());
    ++taken;
  }
  if (taken == 0) return 0;
  block.free = left;
  if (!wanted.handle.empty()) handles_[wanted.handle][cidr] += missing;
  write(cidr, std::move(block));
  return taken;
}

void NaiveIpam::assign(const Wanted& wanted, Got& got) {
  if (profile_ >= 33) need_strict_for_windows(wanted.windows);
  for (const auto& pool : wanted.pools) {
    const bool ipv4 = wanted.family == Family::ipv4;
    if (pool.family() != wanted.family)
      throw Failure{std::string("provided IPv") + (ipv4 ? "4" : "6") +
                    " IPPools list contains one or more IPv" + (ipv4 ? "6" : "4") + " IPPools"};
  }
  if (wanted.use != "LoadBalancer" && !nodes_.contains(wanted.host)) throw Failure{"not-found"};
  std::vector<Pool> serving;
  const auto pools = pools_for(wanted, serving);
  auto queue = usable_blocks(wanted, pools, serving);
  need_strict_for_windows(wanted.windows);

  int cap = wanted.max_blocks;
  if (max_blocks_ > 0 && cap > max_blocks_) cap = max_blocks_;
  if (cap == 0) cap = max_blocks_;
  if (cap == 0) cap = 20;
  int owned = static_cast<int>(queue.size());
  const auto missing = [&] { return wanted.count - static_cast<int>(got.addresses.size()); };
  while (missing() > 0) {
    const bool may_claim = owned < cap;
    std::optional<Prefix> block;
    while (!block && !queue.empty()) {
      const auto candidate = queue.front();
      queue.erase(queue.begin());
      if (!is_reserved(candidate) && count_free(candidate, load(candidate)) > 0) block = candidate;
    }
    if (!block) {
      if (!may_claim) {
        got.messages.push_back("Need to allocate an IPAM block but could not - limit of " +
                               std::to_string(cap) + " blocks reached for this node");
        throw Failure{"cannot allocate new block due to per host block limit"};
      }
      if (!auto_allocate_) throw Failure{"failed to find or claim a block"};
      block = find_block(affinity_of(wanted.use, wanted.host), wanted.host, pools);
      if (!block) {
        if (strict_) got.messages.push_back("No more free affine blocks and strict affinity enabled");
        break;
      }
      if (!blocks_.contains(*block))
        claim(*block, affinity_of(wanted.use, wanted.host), wanted.windows && wanted.family == Family::ipv4);
      ++owned;
      if (count_free(*block, load(*block)) == 0)
        throw Failure{"Block '" + block->to_string() + "' has 0 free ips which is less than 1 ips required."};
    }
    take(*block, missing(), wanted, got);
  }
  if (!strict_ && missing() > 0) borrow(wanted, pools, got);
}

void NaiveIpam::borrow(const Wanted& wanted, const std::vector<Pool>& pools, Got& got) {
  std::string exhausted;
  const auto missing = [&] { return wanted.count - static_cast<int>(got.addresses.size()); };
  for (const auto& pool : pools) {
    if (missing() == 0) break;
    for (const auto& cidr : walk(pool, wanted.host)) {
      if (missing() == 0) break;
      if (!is_reserved(cidr) && blocks_.contains(cidr)) take(cidr, missing(), wanted, got);
    }
    if (missing() > 0) exhausted += (exhausted.empty() ? "" : " ") + pool.cidr.to_string();
  }
  if (!exhausted.empty()) got.messages.push_back("No IPs available in pools: [" + exhausted + "]");
}

NaiveIpam::Json NaiveIpam::auto_assign(const Json& operation) {
  Wanted wanted;
  wanted.host = text(operation, "host");
  wanted.use = text(operation, "use");
  wanted.handle = text(operation, "handle");
  wanted.namespace_labels = labels(operation, "namespace");
  wanted.max_blocks = operation.value("max_blocks", 0);
  wanted.windows = operation.value("windows", false);
  Json answer = Json::object();
  try {
    for (const auto family : {Family::ipv4, Family::ipv6}) {
      const bool ipv4 = family == Family::ipv4;
      wanted.family = family;
      wanted.count = operation.value(ipv4 ? "v4" : "v6", 0);
      wanted.pools = prefixes(operation, ipv4 ? "pools4" : "pools6");
      if (wanted.count == 0) continue;
      Got got;
      const auto tell = [&] {
        answer[ipv4 ? "v4" : "v6"] = got.addresses;
        answer[ipv4 ? "v4_messages" : "v6_messages"] = got.messages;
      };
      try {
        assign(wanted, got);
      } catch (const Failure&) {
        tell();
        throw;
      }
      tell();
    }
  } catch (const Failure& failure) {
    // AutoAssign returns nothing beside this error, not even what IPv4 took.
    if (failure.text.find("IPPools list contains") != std::string::npos) answer = Json::object();
    answer["error"] = failure.text;
  }
  return answer;
}

void NaiveIpam::assign_ip(const Json& operation) {
  const auto address = *Address::parse(text(operation, "ip"));
  const auto use = text(operation, "use");
  const bool windows = operation.value("windows", false);
  const auto* pool = first_pool_of(address, false);
  if (pool == nullptr) throw Failure{"The provided IP address is not in a configured pool"};
  if (profile_ >= 33 && !use.empty() &&
      std::find(pool->uses.begin(), pool->uses.end(), use) == pool->uses.end()) {
    std::string uses;
    for (const auto& each : pool->uses) uses += (uses.empty() ? "" : " ") + each;
    std::string name;
    for (const auto& [key, value] : pools_)
      if (&value == pool) name = key;
    throw Failure{"IP address " + address.to_string() + " is in IP pool \"" + name +
                  "\", which is not allowed for use \"" + use + "\" (allowedUses: [" + uses + "])"};
  }
  need_strict_for_windows(windows);
  const Prefix cidr(address, pool->block_size);
  const auto affinity = affinity_of(use, text(operation, "host"));
  if (!blocks_.contains(cidr)) claim(cidr, affinity, windows);
  auto block = load(cidr);
  if (strict_ && block.affinity.empty())
    throw Failure{"Attempt to assign from block " + cidr.to_string() + " with no affinity"};
  if (strict_ && block.affinity != affinity) throw Failure{"Block host affinity does not match"};
  const int ordinal = static_cast<int>(address.value() - cidr.first().value());
  if (block.used.contains(ordinal)) throw Failure{"already-exists"};
  block.free.erase(std::find(block.free.begin(), block.free.end(), ordinal));
  const auto handle = text(operation, "handle");
  block.used[ordinal] = {handle, text(operation, "host"), false, std::nullopt, block.sequence};
  block.numbers.erase(ordinal);
  if (!handle.empty()) ++handles_[handle][cidr];
  write(cidr, std::move(block));
}

}  // namespace cidrplan::testing
