#pragma once

#include <span>
#include <vector>

#include "models/calico/datastore.h"
#include "models/calico/error.h"

namespace cidrplan::calico {

/// Which pools may serve a request.
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go (determinePools, filterPoolsByUse)
class PoolSelection {
 public:
  struct Request {
    Family family = Family::ipv4;
    HostId host = no_host;
    Use use = Use::workload;
    std::span<const Prefix> pools;  ///< asked for, in order; empty: any
    LabelsId namespace_labels = no_labels;
    bool keeps_addresses = false;  ///< blocks of less than eight addresses are of no use
  };

  Error choose(const Datastore& data, const Request& request);

  /// The pools asked for, or all that select node and namespace; in order of preference.
  std::span<const PoolId> serving() const { return serving_; }
  /// Of these, the ones that allow the use.
  std::span<const PoolId> selected() const { return selected_; }
  static bool holds(const Datastore& data, std::span<const PoolId> pools, const Address& address);

 private:
  static int most_block_size(const Request& request);
  Error take_requested(const Datastore& data, const Request& request);
  void take_matching(const Datastore& data, const Request& request);

  std::vector<PoolId> serving_;
  std::vector<PoolId> selected_;
};

}  // namespace cidrplan::calico
