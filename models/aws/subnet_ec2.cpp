#include "models/aws/subnet_ec2.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::aws {

void CoolingLedger::advance(SimTime now) {
  while (!cooling_.empty() && cooling_.front().first <= now) {
    const auto entry = cooling_.front();
    cooling_.pop_front();
    if (!forgotten_.empty()) {
      const auto at = forgotten_.find(entry);
      if (at != forgotten_.end()) {
        if (--at->second == 0) forgotten_.erase(at);
        continue;
      }
    }
    space_.move(entry.second, Hold::cooling, Hold::idle);
  }
}

void NodeInterfaces::add(const Interface& interface) {
  if (interfaces.empty()) first_subnet = interface.subnet;
  in_one_subnet = in_one_subnet && interface.subnet == first_subnet;
  interfaces.push_back(interface);
}

SubnetId NodeInterfaces::look_up(EniId eni) const {
  const auto held =
      std::find_if(interfaces.begin(), interfaces.end(), [&](const auto& each) { return each.eni == eni; });
  CIDRPLAN_EXPECTS(held != interfaces.end());
  return held->subnet;
}

void SubnetEc2::serve(NodeInterfaces& node, const Datastore& store, SimTime now) {
  node_ = &node;
  store_ = &store;
  now_ = now;
  calls_ = {};
  needs_.clear();
  quota_hit_ = false;
  creation_failed_ = false;
}

void SubnetEc2::fail(const Need& need) {
  for (auto& known : needs_) {
    if (known.subnet != need.subnet) continue;
    if (need.singles + need.prefixes < known.singles + known.prefixes) known = need;
    return;
  }
  needs_.push_back(need);
}

Ec2Error SubnetEc2::take(SubnetId subnet, UnitKind kind, std::uint32_t count, std::vector<UnitKey>& got) {
  if (kind == UnitKind::single) {
    taken_.clear();
    if (!space_.take(subnet, count, Hold::idle, taken_)) return Ec2Error::insufficient_free_addresses;
    for (const auto address : taken_) got.push_back({address, kind});
    return Ec2Error::none;
  }
  if (space_.free_prefixes(subnet) < count) return Ec2Error::insufficient_cidr_blocks;
  for (std::uint32_t i = 0; i < count; ++i) got.push_back({*space_.take_prefix(subnet, Hold::idle), kind});
  return Ec2Error::none;
}

Ec2Error SubnetEc2::assign(EniId eni, UnitKind kind, int count, std::vector<UnitKey>& got) {
  calls_.add(Ec2Action::assign_addresses);
  const auto subnet = node_->subnet_of(eni);
  const auto wanted = static_cast<std::uint32_t>(count);
  const auto error = take(subnet, kind, wanted, got);
  const bool single = kind == UnitKind::single;
  if (error != Ec2Error::none) fail({subnet, single ? wanted : 0, single ? 0 : wanted});
  return error;
}

Ec2Error SubnetEc2::create(SubnetRef ref, UnitKind kind, int count, Created& created,
                           std::vector<UnitKey>& got) {
  calls_.add(Ec2Action::create_interface);
  const auto subnet = static_cast<SubnetId>(ref);
  const auto wanted = static_cast<std::uint32_t>(count);
  if (!space_.attach_further_interface()) {
    quota_hit_ = true;
    return Ec2Error::interface_quota;
  }
  const auto primary = space_.take(subnet, Hold::overhead);
  const bool single = kind == UnitKind::single;
  const auto full = single ? Ec2Error::insufficient_free_addresses : Ec2Error::insufficient_cidr_blocks;
  const auto error = primary ? take(subnet, kind, wanted, got) : full;
  if (error != Ec2Error::none) {
    if (primary) space_.put_back(subnet, *primary, Hold::overhead);
    space_.detach_further_interface();
    fail({subnet, 1 + (single ? wanted : 0), single ? 0 : wanted});
    creation_failed_ = true;
    return error;
  }
  created.eni = EniId{node_->next_eni++};
  node_->add({created.eni, subnet, *primary, false});
  return Ec2Error::none;
}

Ec2Error SubnetEc2::attach(Created& created) {
  calls_.add(Ec2Action::describe_instances);
  calls_.add(Ec2Action::attach_interface);
  calls_.add(Ec2Action::modify_interface);
  created.device = static_cast<int>(node_->interfaces.size()) - 1;
  return Ec2Error::none;
}

void SubnetEc2::give_back(SubnetId subnet, const Unit& unit) {
  const auto first = static_cast<SubnetSpace::Ipv4>(unit.first());
  std::uint32_t cooling = 0;
  for (const auto& slot : unit.slots) {
    if (!store_->is_cooling(slot, now_)) continue;
    ++cooling;
    ledger_.forget(subnet, slot.released());
  }
  if (unit.kind() == UnitKind::single)
    space_.release(subnet, first, cooling > 0 ? Hold::cooling : Hold::idle);
  else
    space_.release_prefix(subnet, first, 0, cooling);
}

void SubnetEc2::unassign(EniId id, std::span<const UnitKey> units) {
  calls_.add(Ec2Action::unassign_addresses);
  const auto subnet = node_->subnet_of(id);
  const auto* eni = store_->find_eni(id);
  for (const auto& unit : eni->units)
    if (std::find(units.begin(), units.end(), unit.key()) != units.end()) give_back(subnet, unit);
}

void SubnetEc2::release_all(NodeInterfaces::Interface& held, const Eni& eni, bool is_primary) {
  for (const auto& unit : eni.units) give_back(held.subnet, unit);
  if (is_primary) return;  // the node's own address and interface are the engine's
  space_.release(held.subnet, held.primary, Hold::overhead);
  space_.detach_further_interface();
}

void SubnetEc2::detach(EniId) { calls_.add(Ec2Action::detach_interface); }

void SubnetEc2::remove(EniId id) {
  calls_.add(Ec2Action::delete_interface);
  const auto at = std::find_if(node_->interfaces.begin(), node_->interfaces.end(),
                               [id](const auto& held) { return held.eni == id; });
  CIDRPLAN_EXPECTS(at != node_->interfaces.end());
  release_all(*at, *store_->find_eni(id), false);
  node_->interfaces.erase(at);
}

void SubnetEc2::subnets_for_new_eni(std::vector<SubnetRef>& subnets) {
  if (placement_.describes_subnets()) calls_.add(Ec2Action::describe_subnets);
  for (const auto subnet : node_->for_new) subnets.push_back(static_cast<SubnetRef>(subnet));
  std::stable_sort(subnets.begin(), subnets.end(), [&](SubnetRef a, SubnetRef b) {
    return space_.free(static_cast<SubnetId>(a)) > space_.free(static_cast<SubnetId>(b));
  });
}

bool SubnetEc2::is_excluded(EniId eni) {
  calls_.add(Ec2Action::describe_subnets);
  return placement_.is_excluded(node_->subnet_of(eni));
}

void SubnetEc2::attached(std::vector<AttachedEni>& enis) {
  for (const auto& held : node_->interfaces) {
    AttachedEni eni;
    eni.eni = held.eni;
    eni.subnet = static_cast<SubnetRef>(held.subnet);
    eni.primary = held.primary;
    eni.flags.primary = &held == &node_->interfaces.front();
    enis.push_back(std::move(eni));
  }
}

}  // namespace cidrplan::aws
