#include "models/overlay/host_local.h"

#include <algorithm>
#include <utility>

#include "planner/net/contract.h"

namespace cidrplan::overlay {
namespace {

struct CompletedRange {
  HostRange range;
  std::optional<HostLocalError> error;
};

CompletedRange complete(const HostRangeInput& input) {
  const int width = input.subnet_address.width();
  if (input.subnet_length > width - 2) return {{}, HostLocalError::too_small};
  const Prefix subnet(input.subnet_address, input.subnet_length);
  if (subnet.first() != input.subnet_address) return {{}, HostLocalError::host_bits};

  const Address behind_network = *subnet.first().plus(1);
  const uint128 left_out = subnet.family() == Family::ipv4 ? 1 : 0;  // broadcast
  const Address last(subnet.family(), subnet.last().value() - left_out);
  const HostRange range{subnet, input.start.value_or(behind_network), input.end.value_or(last),
                        input.gateway.value_or(behind_network)};
  const bool start_behind_end = input.end && range.start > *input.end;
  if (input.start && (!subnet.contains(range.start) || start_behind_end))
    return {{}, HostLocalError::range_start};
  if (input.end && (!subnet.contains(range.end) || range.end < range.start))
    return {{}, HostLocalError::range_end};
  return {range, std::nullopt};
}

bool overlap(const HostRange& a, const HostRange& b) { return a.start <= b.end && b.start <= a.end; }

std::vector<HostRange> whole_range(const Prefix& subnet) {
  const auto range = complete(HostRangeInput{subnet.first(), subnet.length(), {}, {}, {}});
  CIDRPLAN_EXPECTS(!range.error);
  return {range.range};
}

uint128 addresses_in(std::span<const HostRange> ranges) {
  uint128 count = 0;
  for (const auto& range : ranges) count = saturating_add(count, range.end.value() - range.start.value() + 1);
  return count;
}

}  // namespace

CompletedSet complete(std::span<const HostRangeInput> inputs) {
  if (inputs.empty()) return {{}, HostLocalError::empty_set};
  std::vector<HostRange> ranges;
  for (const auto& input : inputs) {
    const auto range = complete(input);
    if (range.error) return {{}, range.error};
    ranges.push_back(range.range);
    if (ranges.back().subnet.family() != ranges.front().subnet.family())
      return {{}, HostLocalError::mixed_families};
  }
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    for (std::size_t j = i + 1; j < ranges.size(); ++j) {
      if (overlap(ranges[i], ranges[j])) return {{}, HostLocalError::overlap};
    }
  }
  return {std::move(ranges), std::nullopt};
}

bool overlap(std::span<const HostRange> a, std::span<const HostRange> b) {
  return std::any_of(a.begin(), a.end(), [&](const HostRange& one) {
    return std::any_of(b.begin(), b.end(), [&](const HostRange& other) { return overlap(one, other); });
  });
}

HostLocal::HostLocal(std::vector<HostRange> ranges)
    : ranges_(std::move(ranges)), used_(addresses_in(ranges_)) {
  uint128 first = 0;
  for (const auto& range : ranges_) {
    first_offsets_.push_back(first);
    if (range.contains(range.gateway))
      gateways_.push_back(first + (range.gateway.value() - range.start.value()));
    first += range.end.value() - range.start.value() + 1;
  }
}

HostLocal::HostLocal(const Prefix& node_range) : HostLocal(whole_range(node_range)) {}

const HostRange* HostLocal::range_for(const Address& address) const {
  const auto found = std::find_if(ranges_.begin(), ranges_.end(),
                                  [&](const HostRange& range) { return range.contains(address); });
  return found == ranges_.end() ? nullptr : &*found;
}

uint128 HostLocal::usable() const { return used_.count() - gateways_.size(); }

std::optional<Address> HostLocal::allocate() {
  const uint128 begin = last_ && *last_ + 1 < used_.count() ? *last_ + 1 : 0;
  auto offset = next_free(begin, used_.count());
  if (!offset) offset = next_free(0, begin);
  if (!offset) return std::nullopt;
  used_.insert(*offset);
  last_ = offset;
  return address_at(*offset);
}

std::optional<HostLocalError> HostLocal::allocate(const Address& address) {
  const auto* range = range_for(address);
  if (range == nullptr) return HostLocalError::request_outside;
  if (address == range->gateway) return HostLocalError::gateway;
  const auto offset = offset_of(address);
  if (!used_.insert(*offset)) return HostLocalError::not_available;
  last_ = offset;
  return std::nullopt;
}

void HostLocal::release(const Address& address) {
  if (const auto offset = offset_of(address)) used_.erase(*offset);
}

void HostLocal::restore_used(const Address& address) {
  if (const auto offset = offset_of(address)) used_.insert(*offset);
}

void HostLocal::restore_marker(const Address& address) { last_ = offset_of(address); }

std::optional<uint128> HostLocal::offset_of(const Address& address) const {
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    if (ranges_[i].contains(address)) return first_offsets_[i] + (address.value() - ranges_[i].start.value());
  }
  return std::nullopt;
}

Address HostLocal::address_at(uint128 offset) const {
  std::size_t i = ranges_.size() - 1;
  while (first_offsets_[i] > offset) --i;
  return *ranges_[i].start.plus(offset - first_offsets_[i]);
}

std::optional<uint128> HostLocal::next_free(uint128 from, uint128 to) const {
  auto offset = used_.next_absent(from);
  while (offset && std::binary_search(gateways_.begin(), gateways_.end(), *offset)) {
    offset = used_.next_absent(*offset + 1);
  }
  return offset && *offset < to ? offset : std::nullopt;
}

}  // namespace cidrplan::overlay
