#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/ids.h"
#include "models/calico/selector.h"
#include "planner/net/prefix.h"

namespace cidrplan::calico {

/// What an address is wanted for.
enum class Use : std::uint8_t { workload, tunnel, load_balancer };
/// Workload, Tunnel or LoadBalancer.
std::string_view to_string(Use use);

/// `allowedUses` in the order given.
class AllowedUses {
 public:
  AllowedUses() : AllowedUses({Use::workload, Use::tunnel}) {}
  explicit AllowedUses(std::vector<Use> uses);

  bool contains(Use use) const { return (bits_ >> static_cast<unsigned>(use) & 1u) != 0; }
  const std::vector<Use>& in_order() const { return uses_; }

 private:
  std::vector<Use> uses_;
  unsigned bits_ = 0;
};

inline constexpr int default_block_size_v4 = 26;
inline constexpr int default_block_size_v6 = 122;
/// Blocks hold at most 4096 addresses: /20 to /32, /116 to /128.
inline constexpr int most_block_bits = 12;

/// An IPPool. @invariant width - most_block_bits <= block_size <= width; cidr may be smaller than a block
/// @source projectcalico/calico api/pkg/apis/projectcalico/v3/ippool.go
struct IpPool {
  std::string name;
  Prefix cidr;
  int block_size = default_block_size_v4;
  bool disabled = false;
  bool automatic = true;        ///< assignmentMode; Manual pools serve explicit requests only
  Selector node_selector;       ///< of the nodes it serves
  Selector namespace_selector;  ///< of the namespaces it serves
  AllowedUses allowed_uses;

  Family family() const { return cidr.family(); }
  /// Bits of an address that number it within its block.
  int block_bits() const { return cidr.width() - block_size; }
  /// Blocks the pool is cut into: 2^walk_bits(), none where it is negative.
  int walk_bits() const { return block_size - cidr.length(); }
};

}  // namespace cidrplan::calico
