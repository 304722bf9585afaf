#include <algorithm>

#include "tests/models/calico/naive_fields.h"
#include "tests/models/calico/naive_ipam.h"

namespace cidrplan::testing {

NaiveIpam::Json NaiveIpam::ensure_block(const Json& operation) {
  if (!operation.value("windows", false)) return Json::object();
  if (profile_ >= 33) need_strict_for_windows(true);
  Wanted wanted;
  wanted.host = text(operation, "host");
  wanted.use = "Workload";
  wanted.windows = true;
  wanted.pools = prefixes(operation, "pools4");
  if (!nodes_.contains(wanted.host)) throw Failure{"not-found"};
  std::vector<Pool> serving;
  const auto pools = pools_for(wanted, serving);
  for (const auto& block : usable_blocks(wanted, pools, serving))
    if (!is_reserved(block)) return {{"v4", block.to_string()}};
  need_strict_for_windows(true);
  if (!auto_allocate_) throw Failure{"failed to find or claim a block"};
  const auto block = find_block("host:" + wanted.host, wanted.host, pools);
  if (!block) throw Failure{"No Free Blocks"};
  if (!blocks_.contains(*block)) claim(*block, "host:" + wanted.host, true);
  return {{"v4", block->to_string()}};
}

NaiveIpam::Json NaiveIpam::claim_affinity(const Json& operation) {
  const auto cidr = *Prefix::parse(text(operation, "cidr"));
  const auto* pool = first_pool_of(cidr.first(), false);
  if (pool == nullptr)
    throw Failure{"The requested CIDR (" + cidr.to_string() + ") is not within any configured pools."};
  if (cidr.length() > pool->block_size)
    throw Failure{"The requested CIDR (" + cidr.to_string() + ") is smaller than the minimum."};
  const auto affinity = "host:" + text(operation, "host");
  Json answer{{"claimed", Json::array()}, {"failed", Json::array()}};
  for (uint128 i = 0; i < cidr.count_of(pool->block_size); ++i) {
    const auto block = cidr.child(pool->block_size, i);
    if (!blocks_.contains(block)) claim(block, affinity, false);
    answer[blocks_.at(block).affinity == affinity ? "claimed" : "failed"].push_back(block.to_string());
  }
  return answer;
}

void NaiveIpam::release_affinity(const Json& operation) {
  const auto cidr = *Prefix::parse(text(operation, "cidr"));
  const auto* pool = first_pool_of(cidr.first(), false);
  if (pool == nullptr)
    throw Failure{"The requested CIDR (" + cidr.to_string() + ") is not within any configured pools."};
  if (cidr.length() > pool->block_size)
    throw Failure{"The requested CIDR (" + cidr.to_string() + ") is smaller than the minimum."};
  for (uint128 i = 0; i < cidr.count_of(pool->block_size); ++i) {
    const auto error = release_block(cidr.child(pool->block_size, i), "host:" + text(operation, "host"),
                                     operation.value("must_be_empty", false));
    if (!error.empty()) throw Failure{error};
  }
}

void NaiveIpam::release_host(const std::string& host, bool must_be_empty) {
  std::string last;
  for (const auto family : {Family::ipv4, Family::ipv6}) {
    for (const auto& block : affinities("host:" + host, family)) {
      const auto error = release_block(block, "host:" + host, must_be_empty);
      if (!error.empty()) last = error;
    }
  }
  if (!last.empty()) throw Failure{last};
}

// --- everything

NaiveIpam::Json NaiveIpam::perform(const Json& operation) {
  now_ = 1'000'000 + operation.value("t", std::int64_t{0});
  const auto op = text(operation, "op");
  Json answer = Json::object();
  try {
    if (op == "set_config") {
      const auto& config = operation["config"];
      const bool strict = config.value("strict_affinity", false);
      const bool automatic = config.value("auto_allocate_blocks", false);
      const int cap = config.value("max_blocks_per_host", 0);
      const std::int64_t cooldown = profile_ >= 33 ? config.value("ip_cooldown_seconds", 0) : 0;
      if (strict == strict_ && automatic == auto_allocate_ && cap == max_blocks_ && cooldown == cooldown_)
        return answer;
      if (!strict && !automatic)
        throw Failure{"Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time"};
      if (cap > 0 && !strict) throw Failure{"MaxBlocksPerHost requires StrictAffinity to be enabled"};
      strict_ = strict, auto_allocate_ = automatic, max_blocks_ = cap, cooldown_ = cooldown;
    } else if (op == "set_pool") {
      const auto& given = operation["pool"];
      Pool pool;
      pool.cidr = *Prefix::parse(text(given, "cidr"));
      pool.block_size = given["block_size"];
      pool.disabled = given.value("disabled", false);
      pool.automatic = text(given, "assignment_mode") != "Manual";
      pool.nodes = calico::Selector::parse(text(given, "node_selector")).selector;
      pool.namespaces = calico::Selector::parse(text(given, "namespace_selector")).selector;
      pool.uses = given.value("allowed_uses", std::vector<std::string>{"Workload", "Tunnel"});
      pools_[text(given, "name")] = pool;
    } else if (op == "delete_pool") {
      pools_.erase(text(operation, "name"));
    } else if (op == "set_node") {
      nodes_[text(operation, "name")] = labels(operation, "labels");
    } else if (op == "delete_node") {
      nodes_.erase(text(operation, "name"));
    } else if (op == "set_reservations") {
      reservations_ = prefixes(operation, "cidrs");
    } else if (op == "auto_assign") {
      return auto_assign(operation);
    } else if (op == "assign_ip") {
      assign_ip(operation);
    } else if (op == "release_by_handle") {
      release_by_handle(text(operation, "handle"));
    } else if (op == "release_ips") {
      return release_ips(operation);
    } else if (op == "ensure_block") {
      return ensure_block(operation);
    } else if (op == "claim_affinity") {
      return claim_affinity(operation);
    } else if (op == "release_affinity") {
      release_affinity(operation);
    } else if (op == "release_host_affinities") {
      release_host(text(operation, "host"), operation.value("must_be_empty", false));
    } else if (op == "remove_host") {
      release_host(text(operation, "host"), false);
    } else if (op == "release_pool_affinities") {
      const auto cidr = *Prefix::parse(text(operation, "cidr"));
      const auto before = blocks_;
      for (const auto& [block, stored] : before)
        if (!stored.affinity.empty() && cidr.contains(block.first()))
          release_block(block, stored.affinity, false);
    } else if (op == "release_block_affinity") {
      const auto cidr = *Prefix::parse(text(operation, "cidr"));
      if (!blocks_.contains(cidr)) throw Failure{"no-block"};
      if (blocks_.at(cidr).affinity.empty()) return answer;
      const auto error =
          release_block(cidr, blocks_.at(cidr).affinity, operation.value("must_be_empty", false));
      if (!error.empty()) throw Failure{error};
    } else if (op == "collect_cooled") {
      const auto cidr = *Prefix::parse(text(operation, "cidr"));
      if (profile_ < 33 || !blocks_.contains(cidr)) return answer;
      auto block = load(cidr);
      if (block.free.size() != blocks_.at(cidr).free.size()) write(cidr, std::move(block));
    }
  } catch (const Failure& failure) {
    answer["error"] = failure.text;
  }
  return answer;
}

std::set<std::string> NaiveIpam::lines() const {
  std::set<std::string> all;
  for (const auto& [cidr, block] : blocks_) {
    const auto name = cidr.to_string();
    auto line = "B " + name + ' ' + (block.affinity.empty() ? "-" : block.affinity) + ' ' +
                (block.claimed ? std::to_string(*block.claimed) : "-") + " u:";
    const char* before = "";
    for (const int ordinal : block.free) {
      line += before + std::to_string(ordinal);
      before = ",";
    }
    line += " a:";
    before = "";
    for (const auto& [ordinal, allocation] : block.used) {
      line += before + std::to_string(ordinal) + '=';
      if (allocation.released) {
        line += '!' + std::to_string(*allocation.released);
      } else {
        line += (allocation.handle.empty() ? "-" : allocation.handle) + '@' +
                (allocation.node.empty() ? "-" : allocation.node);
      }
      before = ",";
    }
    all.insert(line);
    if (!block.affinity.empty()) all.insert("A " + block.affinity + ' ' + name + " confirmed");
  }
  for (const auto& [handle, counts] : handles_) {
    std::set<std::string> texts;
    for (const auto& [cidr, count] : counts) texts.insert(cidr.to_string() + '=' + std::to_string(count));
    std::string line = "H " + handle;
    char before = ' ';
    for (const auto& each : texts) {
      line += before + each;
      before = ',';
    }
    all.insert(line);
  }
  return all;
}

}  // namespace cidrplan::testing
