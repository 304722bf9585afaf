#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "models/aws/datastore.h"
#include "models/aws/ec2.h"
#include "models/aws/pool_rules.h"

namespace cidrplan::aws {

/// The VPC CNI's daemon of one node: keeps the pool of addresses within its targets by asking EC2. Time is
/// the caller's; the daemon acts only when called.
/// @source aws/amazon-vpc-cni-k8s pkg/ipamd/ipamd.go
class Ipamd {
 public:
  /// From one pool check to the next; half of it lies before the check, half before the comparison with
  /// instance metadata.
  static constexpr Duration round = Duration::seconds(5);
  /// Between detaching an interface and deleting it; a round that does so lasts longer by that.
  static constexpr Duration detach_pause = Duration::seconds(2);
  static constexpr Duration decrease_interval = Duration::seconds(30);
  static constexpr Duration reconcile_interval = Duration::seconds(60);
  static constexpr Duration reconcile_cooldown = Duration::seconds(60);
  static constexpr Duration full_subnet_back_off = Duration::seconds(120);

  /// @param rules  outlive the daemon
  /// @param compares_with_metadata  whether `reconcile` will be called
  explicit Ipamd(const PoolRules& rules, bool compares_with_metadata = true)
      : rules_(&rules),
        compares_with_metadata_(compares_with_metadata),
        store_(rules.unit() == UnitKind::prefix, rules.settings().cooldown) {}

  // --- the daemon's life ---
  enum class StartError : std::uint8_t { none, cannot_add_units, no_eni_for_custom_networking };
  struct Start {
    StartError error = StartError::none;
    bool grew = false;
    bool growth_failed = false;
  };
  /// @param checkpoint  what pods held when the daemon stopped
  Start start(Ec2& ec2, const std::vector<Datastore::Holding>& checkpoint, SimTime now, Walk* walk = nullptr);

  struct Check {
    bool grew = false;           ///< units or an interface came
    bool eni_removed = false;    ///< the round lasts longer by detach_pause
    bool growth_failed = false;  ///< tried to grow, and EC2 said no
    bool changed() const { return grew || eni_removed || released; }
    bool released = false;  ///< gave units back
  };
  /// One pool check: at most one step of growth, and one of shrinking or the removal of an interface.
  Check check(Ec2& ec2, SimTime now, Walk* walk = nullptr);
  /// Compares with instance metadata, where that is due.
  void reconcile(Ec2& ec2, SimTime now, Walk* walk = nullptr);
  void set_cordoned(bool cordoned) { cordoned_ = cordoned; }

  // --- pods ---
  /// CNI ADD of a pod known to have no address.
  Datastore::Assigned add_new(PodId pod, SimTime now, const std::optional<uint128>& chosen = {}) {
    return store_.assign_new(pod, now, chosen);
  }
  /// CNI ADD
  Datastore::Assigned add(PodId pod, SimTime now, std::optional<uint128> chosen = {}) {
    return store_.assign(pod, now, chosen);
  }
  /// CNI DEL, also of a pod without address. Prefixes that a node in secondary mode has left over go with
  /// their last pod.
  void remove(Ec2& ec2, PodId pod, SimTime now);
  void remove_at(const PodAddress& at, SimTime now) { store_.unassign_at(at, now); }

  // --- what is there, and what comes ---
  Datastore& store() { return store_; }
  const Datastore& store() const { return store_; }
  const PoolRules& rules() const { return *rules_; }
  bool is_low() const { return rules_->is_low(store_.counts()); }
  /// Whether some request could still add to the pool, as far as the node's own limits go.
  bool has_room() const;
  SimTime back_off_end() const { return last_full_subnet_ + full_subnet_back_off; }
  bool backs_off(SimTime now) const { return now <= back_off_end(); }
  /// As if the last failed attempt had been at `when`: for attempts that were counted and not made.
  void failed_again_at(SimTime when) { last_full_subnet_ = when; }
  /// The earliest moment at which a check would do something if nothing else happens before; growth is left
  /// out where `growth_hopeless`.
  SimTime next_decision(SimTime now, bool growth_hopeless) const;

 private:
  /// An address or prefix that was given back, and when.
  struct Returned {
    UnitKey unit;
    SimTime at{};
  };
  enum class Growth : std::uint8_t { none, grew, failed, refused };

  SpareTargets spare_targets() const;
  std::int64_t want(std::int64_t room) const;
  bool may_attach() const { return !cordoned_ || rules_->settings().manage_when_cordoned; }
  bool awaits_trunk() const;
  bool has_room_for_eni() const;
  int units_per_eni() const { return rules_->limits().units_per_eni; }

  Growth grow(Ec2& ec2, SimTime now, Walk& walk);
  Growth fill_enis(Ec2& ec2, SimTime now, Walk& walk);
  Growth add_eni(Ec2& ec2, SimTime now);
  void shrink(Ec2& ec2, SimTime now, Walk& walk);
  bool spare_eni(Ec2& ec2, SimTime now, Walk& walk);
  std::vector<AttachedEni> metadata(Ec2& ec2) const;
  void set_up(Ec2& ec2, const AttachedEni& eni, SimTime now);
  void set_groups(Ec2& ec2, Walk& walk);
  void return_units(Ec2& ec2, EniId eni, UnitKind kind);
  void return_units_of_all(Ec2& ec2, UnitKind kind, Walk& walk, bool excluded_only);
  void reconcile_units(Ec2& ec2, const AttachedEni& eni, UnitKind kind, SimTime now);
  void read_all_units(Ec2& ec2, EniId eni);

  const PoolRules* rules_;
  bool compares_with_metadata_ = true;
  Datastore store_;
  bool cordoned_ = false;
  int unmanaged_ = 0;
  SimTime last_full_subnet_{INT64_MIN / 2};
  SimTime last_decrease_{INT64_MIN / 2};
  SimTime last_action_{INT64_MIN / 2};
  std::vector<Returned> returned_;
};

/// The sentence with which the daemon gives up.
std::string_view to_string(Ipamd::StartError error);

}  // namespace cidrplan::aws
