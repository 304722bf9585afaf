#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/calico/block_list.h"
#include "models/calico/ids.h"
#include "planner/net/address.h"

namespace cidrplan::calico {

/// Whoever may own blocks. Aligned, so that the IPv4 blocks lie in the first line of the cache.
struct alignas(64) Host {
  bool is_virtual = false;      ///< affinity `virtual:` in place of `host:`
  bool has_node = false;        ///< there is a node object of that name
  LabelsId labels = no_labels;  ///< of the node object
  HostId node = no_host;        ///< the host of kind node that bears the same name; itself, mostly
  std::uint32_t name_hash = 0;  ///< where its walks begin
  BlockList affinities[2];      ///< by family, in the order of their objects' names
  std::string name;

  BlockList& of(Family family) { return affinities[family == Family::ipv6 ? 1 : 0]; }
  const BlockList& of(Family family) const { return affinities[family == Family::ipv6 ? 1 : 0]; }
};

/// Hosts by number and by name. A host is never forgotten: blocks and allocations may name it.
class HostTable {
 public:
  /// Finds the host, or makes it.
  HostId host(std::string_view name);
  HostId virtual_host(std::string_view name);
  /// no_host: never mentioned.
  HostId find(std::string_view name) const;
  HostId find_virtual(std::string_view name) const;

  std::size_t size() const { return hosts_.size(); }
  Host& operator[](HostId id) { return hosts_[slot_of(id)]; }
  const Host& operator[](HostId id) const { return hosts_[slot_of(id)]; }

 private:
  using Names = std::map<std::string, HostId, std::less<>>;

  HostId make(std::string_view name, Names& names);

  std::vector<Host> hosts_;
  Names nodes_;
  Names virtual_;
};

}  // namespace cidrplan::calico
