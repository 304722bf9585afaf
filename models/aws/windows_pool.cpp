#include "models/aws/windows_pool.h"

#include <algorithm>

#include "planner/net/contract.h"

namespace cidrplan::aws {
namespace {

std::int64_t divide_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Without address targets of their own the prefixes' warm target counts.
bool by_prefix_target(const WindowsSettings& settings) {
  return !settings.has_address_targets && settings.warm_prefix_target > 0;
}

/// A warm target of nothing counts as one: addresses are not attached on demand.
std::int64_t warm_target(const WindowsSettings& settings) {
  return std::max<std::int64_t>(settings.warm_ip_target, 1);
}

}  // namespace

WindowsPool::WindowsPool(const WindowsSettings& settings, int slots, bool prefixes)
    : settings_(settings), prefixes_(prefixes), capacity_(std::int64_t{slots} * (prefixes ? 16 : 1)) {}

std::int64_t WindowsPool::warm() const {
  std::int64_t count = 0;
  for (const auto& unit : units_) count += std::ssize(unit.warm);
  return count;
}

WindowsPool::Unit& WindowsPool::unit_of(std::uint32_t address) {
  const auto first = prefixes_ ? address & ~std::uint32_t{15} : address;
  const auto at =
      std::find_if(units_.begin(), units_.end(), [&](const Unit& unit) { return unit.first == first; });
  CIDRPLAN_EXPECTS(at != units_.end());
  return *at;
}

// --- pods ---

WindowsPool::Denial WindowsPool::denial() const {
  if (used_ >= capacity_) return Denial::full;
  if (used_ + cooling() >= capacity_) return Denial::cooling;
  return warm() > 0 ? Denial::none : Denial::empty;
}

std::uint32_t WindowsPool::assign() {
  Unit* best = nullptr;
  for (auto& unit : units_)
    if (!unit.warm.empty() && (best == nullptr || unit.warm.size() < best->warm.size())) best = &unit;
  CIDRPLAN_EXPECTS(best != nullptr);
  const auto address = best->warm.front();
  best->warm.erase(best->warm.begin());
  ++used_;
  return address;
}

void WindowsPool::release(std::uint32_t address, SimTime now) {
  --used_;
  ++unit_of(address).cooling;
  cooling_.push_back({address, now});
}

std::uint32_t WindowsPool::cool(SimTime now) {
  std::uint32_t count = 0;
  for (; !cooling_.empty() && now - cooling_.front().released >= cooldown; ++count) {
    auto& unit = unit_of(cooling_.front().address);
    --unit.cooling;
    unit.warm.push_back(cooling_.front().address);
    cooling_.pop_front();
  }
  return count;
}

std::optional<SimTime> WindowsPool::next_cooled() const {
  if (cooling_.empty()) return std::nullopt;
  return cooling_.front().released + cooldown;
}

// --- what the controller does next ---

std::int64_t WindowsPool::deviation() const {
  const auto there = used_ + warm();  // what cools counts for nothing
  if (!prefixes_) return std::max(used_ + warm_target(settings_), settings_.minimum_ip_target) - there;
  if (by_prefix_target(settings_)) {
    const auto free = std::count_if(units_.begin(), units_.end(),
                                    [&](const Unit& unit) { return std::ssize(unit.warm) == size(); });
    return (settings_.warm_prefix_target - free) * size();
  }
  const auto now = divide_up(there, size());
  const auto for_warm = divide_up(used_ + warm_target(settings_), size());
  const auto for_minimum = divide_up(settings_.minimum_ip_target, size());
  if (for_warm >= for_minimum) return (for_warm - now) * size();
  return std::max<std::int64_t>(for_minimum - now, 0) * size();
}

std::int64_t WindowsPool::wanted() const {
  if (used_ + cooling() >= capacity_) return 0;
  const auto room = capacity_ - (used_ + warm() + cooling());
  return std::clamp<std::int64_t>(deviation(), 0, room) / size();
}

std::vector<std::uint32_t> WindowsPool::surplus() const {
  std::vector<std::uint32_t> firsts;
  if (used_ + cooling() >= capacity_) return firsts;
  auto left = -deviation();
  for (const auto& unit : units_) {
    if (left <= 0) break;
    if (std::ssize(unit.warm) != size()) continue;
    firsts.push_back(unit.first);
    left -= size();
  }
  return firsts;
}

void WindowsPool::add(std::uint32_t first) {
  Unit unit{first, {}, 0};
  for (std::uint32_t i = 0; i < size(); ++i) unit.warm.push_back(first + i);
  const auto at =
      std::find_if(units_.begin(), units_.end(), [&](const Unit& other) { return other.first > first; });
  units_.insert(at, std::move(unit));
}

void WindowsPool::remove(std::uint32_t first) {
  std::erase_if(units_, [&](const Unit& unit) { return unit.first == first; });
}

std::int64_t steady_windows_pool(const WindowsSettings& settings, int slots, bool prefixes,
                                 std::int64_t pods) {
  const std::int64_t size = prefixes ? 16 : 1;
  std::int64_t units = 0;
  if (prefixes && by_prefix_target(settings))
    units = divide_up(pods, size) + settings.warm_prefix_target;
  else
    units = divide_up(std::max(pods + warm_target(settings), settings.minimum_ip_target), size);
  return std::min<std::int64_t>(units, slots) * size;
}

}  // namespace cidrplan::aws
