#include "models/overlay/host_local_network.h"

#include <algorithm>
#include <utility>

#include "planner/net/contract.h"

namespace cidrplan::overlay {

HostLocalNetwork::Configured HostLocalNetwork::configure(std::span<const std::vector<HostRangeInput>> sets,
                                                         bool fresh) {
  Configured configured;
  if (sets.empty()) return {{}, HostLocalError::no_ranges};
  for (const auto& inputs : sets) {
    auto set = complete(inputs);
    if (set.error) return {{}, set.error};
    configured.sets.push_back(std::move(set.ranges));
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    for (std::size_t j = i + 1; j < sets.size(); ++j) {
      if (overlap(configured.sets[i], configured.sets[j])) return {{}, HostLocalError::overlap};
    }
  }
  if (fresh) {
    records_.clear();
    of_interface_.clear();
    markers_.clear();
  }
  sets_.clear();
  for (const auto& ranges : configured.sets) sets_.emplace_back(ranges);
  markers_.resize(std::max(markers_.size(), sets_.size()));
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    for (const auto& [address, interface] : records_) sets_[i].restore_used(address);
    if (markers_[i]) sets_[i].restore_marker(*markers_[i]);
  }
  return configured;
}

HostLocalNetwork::Added HostLocalNetwork::add(Interface interface, std::span<const Address> requested) {
  Added added;
  std::size_t met = 0;  // requests that lay in a set
  for (std::size_t set = 0; set < sets_.size(); ++set) {
    const auto wanted = std::find_if(requested.begin(), requested.end(), [&](const Address& address) {
      return sets_[set].range_for(address) != nullptr;
    });
    if (wanted != requested.end()) ++met;
    const auto error = add_from(
        set, interface, wanted != requested.end() ? std::optional(*wanted) : std::nullopt, added.given);
    if (!error) continue;
    if (set > 0) del(interface);
    return {{}, error, set};
  }
  if (met == requested.size()) return added;
  del(interface);
  return {{}, HostLocalError::request_outside, std::nullopt};
}

std::optional<HostLocalError> HostLocalNetwork::add_from(std::size_t set, Interface interface,
                                                         const std::optional<Address>& requested,
                                                         std::vector<Given>& given) {
  auto& addresses = sets_[set];
  if (requested) {
    if (const auto error = addresses.allocate(*requested)) return error;
    record(set, interface, *requested);
    given.push_back({*requested, addresses.range_for(*requested)});
    return std::nullopt;
  }
  const auto has = addresses_of(interface);
  const bool duplicate = std::any_of(has.begin(), has.end(), [&](const Address& address) {
    return addresses.range_for(address) != nullptr;
  });
  if (duplicate) return HostLocalError::duplicate;
  const auto address = addresses.allocate();
  if (!address) return HostLocalError::exhausted;
  record(set, interface, *address);
  given.push_back({*address, addresses.range_for(*address)});
  return std::nullopt;
}

void HostLocalNetwork::record(std::size_t set, Interface interface, const Address& address) {
  const bool added = records_.emplace(address, interface).second;
  CIDRPLAN_EXPECTS(added);
  of_interface_[interface].push_back(address);
  markers_[set] = address;
}

void HostLocalNetwork::del(Interface interface) {
  const auto found = of_interface_.find(interface);
  if (found == of_interface_.end()) return;
  for (const auto& address : found->second) {
    records_.erase(address);
    for (auto& set : sets_) set.release(address);
  }
  of_interface_.erase(found);
}

std::span<const Address> HostLocalNetwork::addresses_of(Interface interface) const {
  const auto found = of_interface_.find(interface);
  if (found == of_interface_.end()) return {};
  return found->second;
}

}  // namespace cidrplan::overlay
