#include "models/calico/error_text.h"

#include <fmt/format.h>

#include "models/calico/affinities.h"

namespace cidrplan::calico {
namespace {

/// As Go prints a list: `[a b]`.
template <typename List, typename Text>
std::string go_list(const List& list, Text text) {
  std::string joined = "[";
  for (const auto& each : list) {
    if (joined.size() > 1) joined += ' ';
    joined += text(each);
  }
  return joined + "]";
}

std::string use_not_allowed(const Error& error, const Datastore& data) {
  const auto& pool = data.pool(error.pool).spec();
  const auto uses = go_list(pool.allowed_uses.in_order(), [](Use use) { return to_string(use); });
  return fmt::format(
      R"(IP address {} is in IP pool "{}", which is not allowed for use "{}" (allowedUses: {}))",
      error.address.to_string(), pool.name, to_string(error.use), uses);
}

std::string pool_of_other_family(const Error& error) {
  const bool ipv6 = error.prefix.family() == Family::ipv6;
  return fmt::format("provided IPv{} IPPools list contains one or more IPv{} IPPools", ipv6 ? 4 : 6,
                     ipv6 ? 6 : 4);
}

}  // namespace

std::string error_text(const Error& error, const Datastore& data) {
  const auto cidr = [&] { return error.prefix.to_string(); };
  const auto host = [&] { return error.host == no_host ? std::string{} : data.hosts[error.host].name; };
  switch (error.code) {
    case ErrorCode::none:
      return {};
    case ErrorCode::pool_of_other_family:
      return pool_of_other_family(error);
    case ErrorCode::no_qualified_pool:
      return "cannot find a qualified ippool";
    case ErrorCode::pool_not_enabled:
      return fmt::format("the given pool ({}) does not exist, or is not enabled", cidr());
    case ErrorCode::no_pool_for_node:
      return fmt::format("no configured Calico pools for node {}", host());
    case ErrorCode::no_pool_for_use:
      return fmt::format("cannot find a qualified ippool, no pools match the required use ({})",
                         to_string(error.use));
    case ErrorCode::node_missing:
      return fmt::format("resource does not exist: Node({})", host());
    case ErrorCode::block_limit:
      return "cannot allocate new block due to per host block limit";
    case ErrorCode::auto_allocation_off:
      return "failed to find or claim a block";
    case ErrorCode::nothing_free_in_new_block:
      return fmt::format("Block '{}' has 0 free ips which is less than 1 ips required.", cidr());
    case ErrorCode::no_free_blocks:
      return "No Free Blocks";
    case ErrorCode::windows_needs_strict_affinity:
      return "global strict affinity should not be false for Windows node";
    case ErrorCode::block_too_small_for_windows:
      return fmt::format("block {} is too small for the addresses that Windows keeps", cidr());
    case ErrorCode::address_outside_pools:
      return "The provided IP address is not in a configured pool";
    case ErrorCode::use_not_allowed:
      return use_not_allowed(error, data);
    case ErrorCode::other_host:
      return "Block host affinity does not match";
    case ErrorCode::block_without_affinity:
      return fmt::format("Attempt to assign from block {} with no affinity", cidr());
    case ErrorCode::already_assigned:
      return "Address already assigned in block";
    case ErrorCode::handle_missing:
      return "resource does not exist: IPAMHandle";
    case ErrorCode::bad_handle:
      return fmt::format("bad handle for {}", error.address.to_string());
    case ErrorCode::bad_sequence_number:
      return fmt::format("bad sequence number for {}", error.address.to_string());
    case ErrorCode::block_not_empty:
      return fmt::format("block '{}' is not empty", cidr());
    case ErrorCode::cidr_outside_pools:
      return fmt::format("The requested CIDR ({}) is not within any configured pools.", cidr());
    case ErrorCode::cidr_too_small:
      return fmt::format("The requested CIDR ({}) is smaller than the minimum.", cidr());
    case ErrorCode::cidr_too_large:
      return fmt::format("{} is cut into more than {} blocks", cidr(), Affinities::most_slices);
    case ErrorCode::strict_affinity_and_auto_allocation_off:
      return "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time";
    case ErrorCode::cap_without_strict_affinity:
      return "MaxBlocksPerHost requires StrictAffinity to be enabled";
  }
  return {};
}

std::string_view error_kind(ErrorCode code) {
  switch (code) {
    case ErrorCode::node_missing:
    case ErrorCode::handle_missing:
      return "not-found";
    case ErrorCode::already_assigned:
      return "already-exists";
    case ErrorCode::bad_handle:
      return "bad-handle";
    case ErrorCode::bad_sequence_number:
      return "bad-sequence-number";
    default:
      return {};
  }
}

std::vector<std::string> messages(const AutoAssignAnswer& answer) {
  std::vector<std::string> texts;
  if (answer.no_more_affine_blocks)
    texts.emplace_back("No more free affine blocks and strict affinity enabled");
  if (answer.reached_cap > 0)
    texts.push_back(
        fmt::format("Need to allocate an IPAM block but could not - limit of {} blocks reached for this node",
                    answer.reached_cap));
  if (!answer.exhausted_pools.empty())
    texts.push_back("No IPs available in pools: " +
                    go_list(answer.exhausted_pools, [](const Prefix& cidr) { return cidr.to_string(); }));
  return texts;
}

}  // namespace cidrplan::calico
