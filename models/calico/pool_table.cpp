#include "models/calico/pool_table.h"

namespace cidrplan::calico {

std::string_view to_string(Use use) {
  switch (use) {
    case Use::workload:
      return "Workload";
    case Use::tunnel:
      return "Tunnel";
    case Use::load_balancer:
      break;
  }
  return "LoadBalancer";
}

AllowedUses::AllowedUses(std::vector<Use> uses) : uses_(std::move(uses)) {
  for (const auto use : uses_) bits_ |= 1u << static_cast<unsigned>(use);
}

bool Pool::answer(std::vector<Answer>& known, const Selector& selector, LabelsId labels,
                  const LabelSets& sets) {
  if (known.size() <= slot_of(labels)) known.resize(slot_of(labels) + 1, Answer::unknown);
  auto& answer = known[slot_of(labels)];
  if (answer == Answer::unknown) answer = selector.matches(sets[labels]) ? Answer::yes : Answer::no;
  return answer == Answer::yes;
}

PoolId PoolTable::set(const IpPool& pool) {
  const auto [at, added] = names_.try_emplace(pool.name, static_cast<PoolId>(pools_.size()));
  if (added) pools_.emplace_back();
  pools_[slot_of(at->second)].emplace(pool);
  list();
  return at->second;
}

PoolId PoolTable::erase(std::string_view name) {
  const auto at = names_.find(name);
  if (at == names_.end()) return no_pool;
  const auto id = at->second;
  pools_[slot_of(id)].reset();
  names_.erase(at);
  list();
  return id;
}

PoolId PoolTable::find(std::string_view name) const {
  const auto at = names_.find(name);
  return at != names_.end() ? at->second : no_pool;
}

void PoolTable::list() {
  ++revision_;
  all_.clear();
  for (auto& enabled : enabled_) enabled.clear();
  serve_every_node_ = true;
  for (const auto& [name, id] : names_) {
    all_.push_back(id);
    const auto& pool = (*this)[id];
    if (pool.spec().disabled) continue;
    enabled_[pool.spec().family() == Family::ipv6 ? 1 : 0].push_back(id);
    serve_every_node_ = serve_every_node_ && pool.selects_all_nodes();
  }
}

PoolId PoolTable::enabled_pool_of(const Address& address) const {
  for (const auto id : enabled(address.family()))
    if ((*this)[id].spec().cidr.contains(address)) return id;
  return no_pool;
}

PoolId PoolTable::pool_of(const Address& address) const {
  for (const auto id : all_)
    if ((*this)[id].spec().cidr.contains(address)) return id;
  return no_pool;
}

PoolId PoolTable::cut_into(const Prefix& block) const {
  for (const auto id : all_) {
    const auto& spec = (*this)[id].spec();
    if (spec.block_size == block.length() && spec.cidr.contains(block)) return id;
  }
  return no_pool;
}

}  // namespace cidrplan::calico
