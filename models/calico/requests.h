#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/calico/allocation.h"
#include "models/calico/error.h"

namespace cidrplan::calico {

/// What decides which pools may serve a request.
struct PoolRequest {
  Family family = Family::ipv4;
  HostId host = no_host;  ///< of load-balancer requests: a virtual one
  Use use = Use::workload;
  std::span<const Prefix> pools = {};  ///< asked for by CIDR, in order; empty: any that matches
  LabelsId namespace_labels = no_labels;
  bool windows = false;  ///< from a Windows node; new IPv4 blocks keep addresses back

  bool keeps_addresses() const { return windows && family == Family::ipv4; }
};

/// AutoAssign for one family. A caller who wants both asks for IPv4 first, and for IPv6 unless the first
/// answer is an error.
struct AutoAssignRequest : PoolRequest {
  std::uint32_t count = 1;
  HandleId handle = no_handle;
  Owner owner;
  std::int32_t max_blocks = 0;  ///< 0: as configured
};

/// The caller keeps one of these and hands it in again, so that its memory is used again.
struct AutoAssignAnswer {
  std::vector<Address> addresses;  ///< in order of assignment; also with an error
  Error error;
  // Messages (error_text.h has their texts):
  bool no_more_affine_blocks = false;   ///< M1
  std::int32_t reached_cap = 0;         ///< with block_limit: the cap
  std::vector<Prefix> exhausted_pools;  ///< M2, in order of the search

  void clear() {
    addresses.clear();
    if (error) error = {};
    no_more_affine_blocks = false;
    reached_cap = 0;
    exhausted_pools.clear();
  }
};

struct AssignIpRequest {
  Address address;
  HostId host = no_host;
  HandleId handle = no_handle;
  Owner owner;
  std::optional<Use> use;  ///< as the caller declares it
  bool windows = false;    ///< a new block, of either family, keeps addresses back
};

struct ReleaseItem {
  Address address;
  HandleId handle = no_handle;            ///< must be the allocation's; no_handle: not compared
  std::optional<std::uint64_t> sequence;  ///< must be the recorded number
};

struct ReleaseAnswer {
  std::vector<Address> unallocated;  ///< free, cooling, or without a block
  std::vector<Address> released;     ///< every item of the blocks where nothing failed
  Error error;                       ///< of the first block, in ascending order, that failed

  void clear();
};

}  // namespace cidrplan::calico
