#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/calico/datastore.h"
#include "models/calico/error.h"
#include "models/calico/requests.h"

namespace cidrplan::calico {

/// Which pools may serve a request.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (determinePools, filterPoolsByUse)
class PoolSelection {
 public:
  /// False: none may; `error` says why, and else stays as it is.
  bool choose(const Datastore& data, const PoolRequest& request, Error& error) {
    const auto key = key_of(data, request);
    chosen_ = request.pools.empty() ? &place_of(key) : &choices_[0];
    if (request.pools.empty() && chosen_->key == key) return true;
    error = look(data, request);
    chosen_->key = error || !request.pools.empty() ? Key{} : key;
    return !error;
  }

  /// The pools asked for, or all that select node and namespace; in order of preference.
  std::span<const PoolId> serving() const { return chosen_->serving; }
  /// Of these, the ones that allow the use.
  std::span<const PoolId> selected() const { return chosen_->selected; }
  static bool holds(const Datastore& data, std::span<const PoolId> pools, const Address& address) {
    for (const auto id : pools)
      if (data.pool(id).spec().cidr.contains(address)) return true;
    return false;
  }

 private:
  /// A request that asks for no pool by name, as far as the choice depends on it.
  struct Key {
    std::uint64_t pools_revision = 0;  // 0: no request
    LabelsId node_labels = no_labels;
    LabelsId namespace_labels = no_labels;
    Family family = Family::ipv4;
    Use use = Use::workload;
    bool keeps_addresses = false;  // so that blocks of less than eight addresses are of no use

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Choice {
    Key key;
    std::vector<PoolId> serving;
    std::vector<PoolId> selected;
  };

  static int most_block_size(const PoolRequest& request);
  static Key key_of(const Datastore& data, const PoolRequest& request) {
    const auto& host = data.hosts[request.host];
    return {data.pools.revision(),
            host.is_virtual ? no_labels : host.labels,
            request.namespace_labels,
            request.family,
            request.use,
            request.keeps_addresses()};
  }
  Choice& place_of(const Key& key) {
    const auto mixed = static_cast<std::size_t>(key.node_labels) * 5 +
                       static_cast<std::size_t>(key.namespace_labels) * 3 +
                       static_cast<std::size_t>(key.use) + (key.family == Family::ipv6 ? 8 : 0);
    return choices_[1 + mixed % (choices_.size() - 1)];
  }
  Error look(const Datastore& data, const PoolRequest& request);
  Error take_requested(const Datastore& data, const PoolRequest& request);
  void take_matching(const Datastore& data, const PoolRequest& request);

  // Most requests repeat an earlier one. The first is for those that name pools.
  std::array<Choice, 1 + 16> choices_;
  Choice* chosen_ = &choices_[0];
};

}  // namespace cidrplan::calico
