#include "models/calico/host_table.h"

#include "models/calico/block_walk.h"

namespace cidrplan::calico {

HostId HostTable::make(std::string_view name, Names& names) {
  const auto id = static_cast<HostId>(hosts_.size());
  hosts_.emplace_back();
  hosts_.back().name = name;
  hosts_.back().name_hash = fnv1_32(name);
  hosts_.back().node = id;
  names.emplace(name, id);
  return id;
}

HostId HostTable::host(std::string_view name) {
  const auto at = nodes_.find(name);
  return at != nodes_.end() ? at->second : make(name, nodes_);
}

HostId HostTable::virtual_host(std::string_view name) {
  const auto at = virtual_.find(name);
  if (at != virtual_.end()) return at->second;
  const auto node = host(name);
  const auto id = make(name, virtual_);
  hosts_[slot_of(id)].node = node;
  hosts_[slot_of(id)].is_virtual = true;
  return id;
}

HostId HostTable::find(std::string_view name) const {
  const auto at = nodes_.find(name);
  return at != nodes_.end() ? at->second : no_host;
}

HostId HostTable::find_virtual(std::string_view name) const {
  const auto at = virtual_.find(name);
  return at != virtual_.end() ? at->second : no_host;
}

}  // namespace cidrplan::calico
