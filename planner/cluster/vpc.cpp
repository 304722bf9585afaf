#include "planner/cluster/vpc.h"

#include <algorithm>
#include <limits>

#include "planner/net/contract.h"

namespace cidrplan {

std::string_view to_string(SubnetRole role) {
  switch (role) {
    case SubnetRole::nodes:
      return "nodes";
    case SubnetRole::pods:
      return "pods";
    case SubnetRole::cluster:
      return "cluster";
    case SubnetRole::public_facing:
      return "public";
    case SubnetRole::load_balancer:
      return "load-balancer";
    case SubnetRole::spare:
      return "spare";
  }
  contract_failed("a subnet role without a word", __FILE__, __LINE__);
}

std::string_view to_string(AddressChoice choice) {
  switch (choice) {
    case AddressChoice::packed:
      return "packed";
    case AddressChoice::random:
      return "random";
    case AddressChoice::worst:
      return "worst";
  }
  contract_failed("a choice of addresses without a word", __FILE__, __LINE__);
}

std::int64_t Subnet::capacity() const {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const uint128 size = std::min(cidr.size(), static_cast<uint128>(most));
  return std::max<std::int64_t>(0, static_cast<std::int64_t>(size) - reserved);
}

bool Vpc::contains(const Prefix& prefix) const {
  return std::any_of(cidrs.begin(), cidrs.end(), [&](const Prefix& cidr) { return cidr.contains(prefix); });
}

}  // namespace cidrplan
