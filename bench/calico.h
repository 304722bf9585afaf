#pragma once

#include <cstdint>

namespace cidrplan::bench {

/// The average claim of a new node in a pool of 2^18 blocks of 64 addresses, 99 % of them claimed, each by a
/// node of its own: finding the block, making it, and taking its first address.
double claim_in_full_pool_ns();

/// Bytes that a block takes, one address of it in use; its node is there without it.
double bytes_per_block();

struct ReplayRate {
  std::uint64_t operations = 0;
  double seconds = 0;
  bool same = true;  ///< every answer and digest as recorded

  double per_second() const { return static_cast<double>(operations) / seconds; }
};

/// Replays every recording of Calico's IPAM among the tests, digests compared.
ReplayRate replay_recordings();

}  // namespace cidrplan::bench
