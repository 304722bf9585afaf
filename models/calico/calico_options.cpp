#include "models/calico/calico_options.h"

#include "planner/net/contract.h"

namespace cidrplan::calico {

std::string_view to_string(Encapsulation encapsulation) {
  switch (encapsulation) {
    case Encapsulation::none:
      return "none";
    case Encapsulation::ipip:
      return "ipip";
    case Encapsulation::vxlan:
      return "vxlan";
  }
  contract_failed("an encapsulation without a word", __FILE__, __LINE__);
}

Family family_of(Tunnel tunnel) {
  return tunnel == Tunnel::vxlan_v6 || tunnel == Tunnel::wireguard_v6 ? Family::ipv6 : Family::ipv4;
}

bool serves(const PoolPlan& pool, Tunnel tunnel, bool wireguard) {
  if (!pool.serves(Use::tunnel) || pool.pool.family() != family_of(tunnel)) return false;
  switch (tunnel) {
    case Tunnel::ipip:
      return pool.encapsulation == Encapsulation::ipip;
    case Tunnel::vxlan:
    case Tunnel::vxlan_v6:
      return pool.encapsulation == Encapsulation::vxlan;
    case Tunnel::wireguard:
    case Tunnel::wireguard_v6:
      return wireguard;
  }
  return false;
}

}  // namespace cidrplan::calico
