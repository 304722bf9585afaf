#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "models/aws/slot_list.h"
#include "planner/cluster/ids.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/fetch.h"
#include "planner/net/uint128.h"

namespace cidrplan::aws {

/// An interface of one node, in the order of creation.
enum class EniId : std::uint32_t {};

/// What is attached to an interface: one address, an IPv4 /28 or an IPv6 /80.
enum class UnitKind : std::uint8_t { single, prefix, prefix6 };
/// How many addresses a unit has.
constexpr std::uint64_t size_of(UnitKind kind) {
  return kind == UnitKind::single ? 1 : kind == UnitKind::prefix ? 16 : std::uint64_t{1} << 48;
}

struct UnitKey {
  uint128 first = 0;
  UnitKind kind = UnitKind::single;

  friend constexpr auto operator<=>(const UnitKey&, const UnitKey&) = default;
};

/// A node has dozens, and a large cluster thousands of nodes: none lies in two lines of the cache.
struct alignas(64) Unit {
  explicit Unit(UnitKey key)
      : high_(static_cast<std::uint64_t>(key.first >> 64)),
        low_(static_cast<std::uint64_t>(key.first)),
        kind_(key.kind) {}

  uint128 first() const { return static_cast<uint128>(high_) << 64 | low_; }
  UnitKind kind() const { return kind_; }
  UnitKey key() const { return {first(), kind_}; }
  std::uint64_t size() const { return size_of(kind_); }

 private:
  std::uint64_t high_ = 0, low_ = 0;

 public:
  SlotList slots;  ///< remembered addresses
  std::uint32_t pods = 0;

 private:
  UnitKind kind_;
};

/// Where the unit stands in ascending order, or belongs.
template <typename Units>
auto place_of(Units& units, UnitKey key) {
  return std::lower_bound(units.begin(), units.end(), key,
                          [](const Unit& unit, UnitKey wanted) { return unit.key() < wanted; });
}

struct EniFlags {
  bool primary = false;
  bool trunk = false;
  bool efa = false;
};

/// Begins with a line of the cache that holds what a pod touches that comes or goes.
struct alignas(64) Eni {
  EniId id{};
  int device = 0;
  EniFlags flags;
  bool excluded = false;  ///< gives no addresses to pods (its subnet is not meant for them)

  // Sums over `units`.
  std::uint32_t pods = 0;
  std::uint32_t prefixes = 0;
  std::uint32_t prefix_pods = 0;
  std::uint32_t prefixes_without_pods = 0;
  std::uint32_t singles_without_pods = 0;
  /// The first units of the mode that have fewer pods than addresses, one bit each.
  std::uint64_t open = 0;
  static constexpr std::size_t open_bits = 64;

  SimTime last_release{INT64_MIN / 2};
  std::vector<Unit> units;  ///< IPv4, ascending by key
  SimTime added{};
  std::vector<Unit> units6;  ///< IPv6, ascending by key

  std::uint32_t singles() const { return static_cast<std::uint32_t>(units.size()) - prefixes; }
  bool could_be_spared() const { return !flags.primary && !flags.trunk && !flags.efa; }
};

/// Why the datastore could not do what it was asked.
enum class StoreError : std::uint8_t {
  duplicate_eni,
  unknown_eni,
  already_in_store,
  unknown_cidr,
  cidr_in_use,
  eni_in_use,
  no_address,
  unknown_pod,
  store,
  not_prefix_mode,
};

/// Where records lay when an address was given: for fetching them ahead only, they may have moved.
struct InMemory {
  const void* unit = nullptr;
  const Eni* enis = nullptr;

  void fetch() const {
    constexpr std::ptrdiff_t most = 4;
    cidrplan::fetch(unit);
    for (std::ptrdiff_t i = 0; i < most; ++i) cidrplan::fetch(enis + i);
  }
};

/// An address with the interface it belongs to.
struct PodAddress {
  EniId eni{};
  int device = 0;
  UnitKey unit;
  uint128 address = 0;
  std::uint32_t unit_hint =
      0;  ///< where the unit stood in its interface; looked up where it stands no longer
  InMemory in_memory = {};
};

/// What the pool holds, in units of the current mode on interfaces that serve pods.
struct PoolStats {
  std::int64_t total = 0;
  std::int64_t assigned = 0;
  std::int64_t cooling = 0;   ///< counted by `stats` only
  std::int64_t prefixes = 0;  ///< the datastore's counter, whatever the mode

  std::int64_t available() const { return total - assigned; }
};

/// What changed: one unit, or an interface with all its units.
struct Touched {
  EniId eni{};
  std::optional<UnitKey> unit;
};

/// Settings under which an interface counts as needed; 0: not looked at.
struct SpareTargets {
  std::int64_t warm_ip = 0;
  std::int64_t minimum_ip = 0;
  std::int64_t warm_prefix = 0;
};

/// The interfaces of one node, what is attached to them and which pod has which address. Walks go in
/// ascending order (the original's order is open and changes from walk to walk); a caller that knows which
/// way a recorded walk went names the choice, which is then checked against the candidates.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/datastore/data_store.go
class Datastore {
 public:
  /// An interface younger than this is not given up.
  static constexpr Duration least_eni_age = Duration::seconds(60);
  /// From the last pod's end to the drop of a unit on an excluded interface.
  static constexpr Duration excluded_drop_delay = Duration::seconds(5);

  Datastore(bool prefix_mode, Duration cooldown) : prefix_mode_(prefix_mode), cooldown_(cooldown) {}

  bool prefix_mode() const { return prefix_mode_; }
  UnitKind mode() const { return prefix_mode_ ? UnitKind::prefix : UnitKind::single; }
  Duration cooldown() const { return cooldown_; }

  // --- interfaces and units ---
  std::optional<StoreError> add_eni(EniId eni, int device, EniFlags flags, SimTime now);
  std::optional<StoreError> set_excluded(EniId eni, bool excluded);
  std::optional<StoreError> add_unit(EniId eni, UnitKey unit);
  /// Without `force` a unit with pods stays.
  std::optional<StoreError> remove_unit(EniId eni, UnitKey unit, bool force);
  /// Without `force` an interface with IPv4 pods stays.
  std::optional<StoreError> remove_eni(EniId eni, bool force);
  /// An interface that nobody needs; `chosen` instead of the first one, if it is a candidate.
  std::optional<EniId> unused_eni(const SpareTargets& targets, SimTime now,
                                  std::optional<EniId> chosen = {}) const;
  /// Drops units of excluded interfaces that are due.
  void settle(SimTime now);

  // --- pods ---
  struct Assigned {
    std::optional<StoreError> error;
    PodAddress at;
  };
  /// The address a pod has.
  std::optional<PodAddress> find(PodId pod) const;
  /// @param chosen  an IPv4 address to take if it is a candidate; no-address where it is none
  /// @param stored  false: the checkpoint cannot be written
  Assigned assign(PodId pod, SimTime now, std::optional<uint128> chosen = {}, bool stored = true);
  Assigned assign6(PodId pod, SimTime now, std::optional<uint128> chosen = {}, bool stored = true);
  /// For a pod known to have no address.
  Assigned assign_new(PodId pod, SimTime now, const std::optional<uint128>& chosen = std::nullopt,
                      bool stored = true);
  Assigned unassign(PodId pod, SimTime now, bool stored = true);
  /// Loads what a release of an address of that unit will touch, and an assignment in its place.
  void expect_release(EniId eni, std::size_t unit_hint) const;
  /// For a pod whose address is known. @pre the address is in use
  void unassign_at(const PodAddress& at, SimTime now);
  /// After a restart: the address is the pod's where a unit holds it. @return whether one does
  bool restore(PodId pod, uint128 address, bool ipv6);

  // --- what is there ---
  std::span<const Eni> enis() const { return enis_; }
  const Eni* find_eni(EniId eni) const;
  std::int64_t total() const { return total_; }
  std::int64_t assigned() const { return assigned_; }
  std::int64_t prefixes() const { return pool_.prefixes; }
  PoolStats stats(SimTime now) const;                ///< with the cooling ones
  const PoolStats& counts() const { return pool_; }  ///< without
  PoolStats stats6() const;
  bool is_cooling(const Slot& slot, SimTime now) const {
    return !slot.in_use() && now - slot.released() <= cooldown_;
  }
  bool has_cooling(const Eni& eni, SimTime now) const;
  /// The lowest address of a unit that the next pod could have, by its place in it.
  std::optional<std::uint64_t> candidate(const Unit& unit, SimTime now) const;
  /// Units without pods, ascending; of one kind only where given.
  void units_without_pods(const Eni& eni, std::optional<UnitKind> kind, std::vector<UnitKey>& units) const;
  /// Units of the mode that have fewer pods than addresses, ascending, until `visit` returns true. Whatever
  /// cools lies in one of them.
  template <typename Visit>
  static void visit_open(const Eni& eni, UnitKind mode, Visit visit);
  /// Interfaces with fewer than `max` IPv4 units that pods may be served from.
  bool is_allocatable(const Eni& eni, std::size_t max, bool skip_primary) const;
  std::int64_t prefixes_without_pods() const;           ///< IPv4, excluded interfaces included
  bool has_idle_eni() const { return idle_enis_ > 0; }  ///< without pods, neither primary nor trunk nor EFA
  const Eni* trunk() const;
  bool is_needed(const Eni& eni, const SpareTargets& targets) const;
  bool may_be_removed(const Eni& eni, const SpareTargets& targets, SimTime now) const;

  struct Holding {
    PodId pod{};
    uint128 address = 0;
    bool ipv6 = false;
  };
  /// Every pod's address, what a checkpoint holds.
  std::vector<Holding> holdings() const;
  /// How often the checkpoint was written.
  std::uint64_t checkpoints() const { return checkpoints_; }
  /// From now on every change is noted there; none: nowhere.
  void note_changes(std::vector<Touched>* journal) { journal_ = journal; }

 private:
  struct Drop {
    SimTime at{};
    EniId eni{};
    UnitKey unit;
  };
  struct Found {
    Eni* eni = nullptr;
    Unit* unit = nullptr;
    Slot* slot = nullptr;
  };

  Eni* eni_of(EniId eni);
  Found locate(PodId pod);
  Assigned assign_in(Eni& eni, Unit& unit, std::uint64_t offset, PodId pod, SimTime now, bool stored);
  /// Of the mode, and not full.
  bool may_serve(const Unit& unit) const { return unit.kind() == mode() && unit.pods < unit.size(); }
  /// An address of the lowest open unit that has a candidate.
  std::optional<std::pair<Unit*, std::uint64_t>> first_candidate(Eni& eni, SimTime now) const;
  void note_open(Eni& eni, std::size_t index);
  void recount();
  bool is_candidate(const Unit& unit, std::uint64_t offset, SimTime now) const;
  void release(Eni& eni, Unit& unit, Slot& slot, SimTime now);
  void count_pod(Eni& eni, Unit& unit, bool joins);
  void drop_unit(Eni& eni, std::size_t index);
  void touch(EniId eni, std::optional<UnitKey> unit = {}) {
    if (journal_ != nullptr) journal_->push_back({eni, unit});
  }

  bool prefix_mode_ = false;
  Duration cooldown_{};
  std::vector<Eni> enis_;  // ascending by id
  std::vector<Drop> drops_;
  std::int64_t total_ = 0;
  std::int64_t assigned_ = 0;
  PoolStats pool_;  ///< all but cooling
  std::int64_t idle_enis_ = 0;
  std::uint64_t checkpoints_ = 0;
  std::vector<Touched>* journal_ = nullptr;
};

template <typename Visit>
void Datastore::visit_open(const Eni& eni, UnitKind mode, Visit visit) {
  for (auto open = eni.open; open != 0; open &= open - 1)
    if (visit(eni.units[static_cast<std::size_t>(std::countr_zero(open))])) return;
  for (auto i = Eni::open_bits; i < eni.units.size(); ++i) {
    const auto& unit = eni.units[i];
    if (unit.kind() == mode && unit.pods < unit.size() && visit(unit)) return;
  }
}

/// The word of a recording: duplicate-eni, unknown-eni, …
std::string_view to_string(StoreError error);

}  // namespace cidrplan::aws
