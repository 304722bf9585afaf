#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/aws/datastore.h"
#include "models/aws/vpc_cni_options.h"

namespace cidrplan::aws {

/// The addresses of one Windows node, as the VPC resource controller keeps them: on the primary interface
/// only, single ones or /28 prefixes. Time is the caller's.
/// @source aws/amazon-vpc-resource-controller-k8s pkg/pool/pool.go, docs/windows
class WindowsPool {
 public:
  static constexpr Duration cooldown = Duration::seconds(30);

  /// @param slots  of the interface, beside its own address
  WindowsPool(const WindowsSettings& settings, int slots, bool prefixes);

  UnitKind kind() const { return prefixes_ ? UnitKind::prefix : UnitKind::single; }
  std::int64_t capacity() const { return capacity_; }

  // --- pods ---
  enum class Denial : std::uint8_t { none, full, cooling, empty };
  /// Why no pod could have an address now.
  Denial denial() const;
  /// From the prefix with the fewest free addresses. @pre denial() is none
  std::uint32_t assign();
  void release(std::uint32_t address, SimTime now);
  /// Addresses that have cooled are free again. @return how many
  std::uint32_t cool(SimTime now);
  std::optional<SimTime> next_cooled() const;

  // --- what the controller does next ---
  /// Units to ask EC2 for; 0: none.
  std::int64_t wanted() const;
  /// Units to give back: wholly free ones.
  std::vector<std::uint32_t> surplus() const;
  void add(std::uint32_t first);
  void remove(std::uint32_t first);

  struct Unit {
    std::uint32_t first = 0;
    std::vector<std::uint32_t> warm;  ///< free addresses, in the order in which they came
    std::uint32_t cooling = 0;
  };
  const std::vector<Unit>& units() const { return units_; }
  std::int64_t used() const { return used_; }

 private:
  struct Cooling {
    std::uint32_t address = 0;
    SimTime released{};
  };

  std::int64_t size() const { return static_cast<std::int64_t>(size_of(kind())); }
  std::int64_t warm() const;
  std::int64_t cooling() const { return static_cast<std::int64_t>(cooling_.size()); }
  /// Addresses too few (positive) or too many.
  std::int64_t deviation() const;
  Unit& unit_of(std::uint32_t address);

  WindowsSettings settings_;
  bool prefixes_ = false;
  std::int64_t capacity_ = 0;
  std::int64_t used_ = 0;
  std::vector<Unit> units_;  // ascending
  std::deque<Cooling> cooling_;
};

/// Addresses, in whole units, that a node settles at for that many pods.
std::int64_t steady_windows_pool(const WindowsSettings& settings, int slots, bool prefixes,
                                 std::int64_t pods);

}  // namespace cidrplan::aws
