#include "models/calico/reservations.h"

#include <algorithm>

namespace cidrplan::calico {
namespace {

/// The first run that does not end before the address.
auto run_at_or_after(std::span<const AddressRange> runs, const Address& address) {
  return std::partition_point(runs.begin(), runs.end(),
                              [&](const AddressRange& run) { return run.last < address; });
}

}  // namespace

uint128 Reservations::count_in(const Prefix& prefix) const {
  const auto runs = set_.ranges();
  const auto last = prefix.last();
  uint128 count = 0;
  for (auto run = run_at_or_after(runs, prefix.first()); run != runs.end() && run->first <= last; ++run) {
    const auto length = std::min(run->last, last).value() - std::max(run->first, prefix.first()).value();
    count = saturating_add(saturating_add(count, length), 1);
  }
  return count;
}

std::optional<uint128> Reservations::last_reserved_block(Family family, int bits, uint128 block) const {
  const auto runs = set_.ranges();
  const uint128 low_bits = bits == 0 ? 0 : (uint128{1} << bits) - 1;
  const Address first(family, block << bits);
  const auto run = run_at_or_after(runs, first);
  if (run == runs.end() || run->first > first || run->last.family() != family) return std::nullopt;
  const uint128 end = run->last.value();
  if (end < ((block << bits) | low_bits)) return std::nullopt;
  // The run's last block counts where it ends with the run.
  return (end & low_bits) == low_bits ? end >> bits : (end >> bits) - 1;
}

}  // namespace cidrplan::calico
