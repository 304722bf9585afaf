#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "models/calico/affinities.h"
#include "models/calico/auto_assign.h"
#include "models/calico/datastore.h"
#include "models/calico/releases.h"
#include "models/calico/requests.h"

namespace cidrplan::calico {

/// Calico IPAM: which block a host gets and which address a pod. One call at a time, each as if alone; times
/// never go back. Names and texts end here: hosts, pools, blocks and handles are numbers, errors are codes
/// (error_text.h).
/// @source projectcalico/calico libcalico-go/lib/ipam/ipam.go
class Allocator {
 public:
  explicit Allocator(const Options& options = {});
  Allocator(const Allocator&) = delete;
  Allocator& operator=(const Allocator&) = delete;

  // --- hosts: a name is a host from its first mention on, whether it has a node object or not
  HostId host(std::string_view name) { return data_.hosts.host(name); }
  /// Of load-balancer requests; its affinities are `virtual:`.
  HostId virtual_host(std::string_view name) { return data_.hosts.virtual_host(name); }
  void set_node(HostId host, const Labels& labels);
  void delete_node(HostId host);
  LabelsId intern(const Labels& labels) { return data_.labels.intern(labels); }

  // --- handles: numbers for handle ids; the handle object comes and goes with its counts
  HandleId make_handle() { return data_.store.make_handle(); }
  /// The number may be given out again. @pre no object of that handle, no allocation with it
  void forget(HandleId handle) { data_.store.forget(handle); }

  // --- the cluster's objects
  /// Creates the pool of that name, or replaces it; blocks stay as they are.
  PoolId set_pool(const IpPool& pool);
  /// False: there is no pool of that name. Affinities stay (release_pool_affinities).
  bool delete_pool(std::string_view name);
  /// Through SetIPAMConfig (calicoctl ipam configure), which refuses two combinations.
  Error set_config(const Config& config);
  /// By an edit of the resource, which refuses nothing.
  void store_config(const Config& config);
  void set_reservations(std::span<const Prefix> cidrs) { data_.reservations = Reservations(cidrs); }

  // --- addresses
  void auto_assign(const AutoAssignRequest& request, SimTime now, AutoAssignAnswer& answer) {
    auto_assign_.assign(request, now, answer);
  }
  Error assign_ip(const AssignIpRequest& request, SimTime now);
  Error release_by_handle(HandleId handle, SimTime now) { return releases_.by_handle(handle, now); }
  void release_ips(std::span<const ReleaseItem> items, SimTime now, ReleaseAnswer& answer) {
    releases_.by_address(items, now, answer);
  }
  /// Ascending; the original fixes no order.
  Error ips_by_handle(HandleId handle, std::vector<Address>& addresses) const;
  /// The number recorded for an address, 0 if none: what a release may have to name.
  std::uint64_t sequence_of(const Address& address) const;

  // --- blocks and their owners
  /// EnsureBlock: the first usable IPv4 block of a Windows node, full or not, else a new one, whatever the
  /// cap. For other nodes, and for IPv6, the original does nothing.
  Error ensure_windows_block(HostId host, std::span<const Prefix> pools, SimTime now,
                             std::optional<Prefix>& block) {
    return auto_assign_.ensure_windows_block(host, pools, now, block);
  }
  Error claim_affinity(const Prefix& cidr, HostId host, SimTime now, std::vector<Prefix>& claimed,
                       std::vector<Prefix>& failed) {
    return affinities_.claim_slices(cidr, host, now, claimed, failed);
  }
  Error release_affinity(const Prefix& cidr, HostId host, bool must_be_empty, SimTime now) {
    return affinities_.release_slices(cidr, host, must_be_empty, now);
  }
  /// Does nothing to a block without owner.
  Error release_block_affinity(BlockId block, bool must_be_empty, SimTime now);
  Error release_host_affinities(HostId host, bool must_be_empty, SimTime now) {
    return affinities_.release_all_of(host, must_be_empty, now);
  }
  void release_pool_affinities(const Prefix& cidr, SimTime now) { affinities_.release_all_in(cidr, now); }
  /// RemoveIPAMHost.
  void remove_host(HostId host, SimTime now) { affinities_.release_all_of(host, false, now); }
  /// GarbageCollectColdIPs: writes a block in which ordinals are due (P33); false: none is.
  bool collect_cooled(BlockId block, SimTime now) { return releases_.collect_cooled(block, now); }

  // --- what is there
  const Datastore& data() const { return data_; }
  const BlockStore& store() const { return data_.store; }
  /// Sums over the blocks cut from a pool; of no_pool: over those that no pool is cut into.
  const PoolCounts& counts(PoolId pool);

  /// From now on changes are noted there; none: nowhere. Until clear_changes a block's number is not used
  /// for another.
  void follow(ChangeLog* log) { data_.store.follow(log); }
  void clear_changes() { data_.store.clear_changes(); }

 private:
  Datastore data_;
  Affinities affinities_;
  AutoAssign auto_assign_;
  Releases releases_;
  bool counts_are_stale_ = false;  // since the pools changed
};

}  // namespace cidrplan::calico
