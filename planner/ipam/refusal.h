#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cidrplan {

/// Why an address, or a node, was not to be had.
enum class Cause : std::uint8_t {
  subnet_exhausted,
  no_aligned_prefix,
  eni_slots,
  max_pods,
  max_nodes,
  target_ceiling,
  warming,
  cooling,
  pool_exhausted,
  no_free_block,
  block_cap,
  auto_allocate_off,
  no_matching_pool,
  node_range_exhausted,
  node_range_full,
  ring_donation_blocked,
  quota_enis,
  quota_address_usage,
  api_throttled,
};

/// The published word: subnet-exhausted, …, quota-enis-per-region, ….
std::string_view to_string(Cause cause);
std::span<const Cause> all_causes();

struct CauseText {
  std::string_view meaning;  ///< one sentence: what ran out and by which rule
  std::string_view remedy;   ///< what a person can do
};
CauseText explain(Cause cause);

}  // namespace cidrplan
