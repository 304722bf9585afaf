#include "models/overlay/cidr_set.h"

#include "planner/net/contract.h"

namespace cidrplan::overlay {
namespace {

/// clusterSubnetMaxDiff; for IPv6 only.
constexpr int max_mask_difference = 16;

}  // namespace

std::optional<CidrSet> CidrSet::make(const Prefix& cluster, int node_mask) {
  CIDRPLAN_EXPECTS(node_mask >= 0 && node_mask <= cluster.width());
  const int difference = node_mask - cluster.length();
  if (cluster.family() == Family::ipv6 && difference > max_mask_difference) return std::nullopt;
  return CidrSet(cluster, node_mask, difference < 0 ? 0 : std::uint64_t{1} << difference);
}

std::optional<Prefix> CidrSet::allocate() {
  if (used() == blocks_) return std::nullopt;
  auto index = static_cast<std::uint64_t>(*used_.next_absent(cursor_));
  if (index >= blocks_) index = static_cast<std::uint64_t>(*used_.next_absent(0));
  used_.insert(index, index);
  cursor_ = (index + 1) % blocks_;
  return block(index);
}

std::optional<CidrSet::Slice> CidrSet::slice_of(const Prefix& prefix) const {
  if (!cluster_.overlaps(prefix)) return std::nullopt;
  if (prefix.length() <= cluster_.length()) {
    return blocks_ == 0 ? Slice{0, 0, true} : Slice{0, blocks_ - 1, false};
  }
  if (blocks_ == 0) return std::nullopt;
  return Slice{static_cast<std::uint64_t>(cluster_.index_of(node_mask_, prefix.first())),
               static_cast<std::uint64_t>(cluster_.index_of(node_mask_, prefix.last())), false};
}

bool CidrSet::occupy(const Prefix& prefix) {
  const auto slice = slice_of(prefix);
  if (slice && !slice->empty) used_.insert(slice->first, slice->last);
  return slice.has_value();
}

bool CidrSet::release(const Prefix& prefix) {
  const auto slice = slice_of(prefix);
  if (slice && !slice->empty) used_.erase(slice->first, slice->last);
  return slice.has_value();
}

}  // namespace cidrplan::overlay
