#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/cluster/node_group.h"
#include "planner/cluster/workload.h"
#include "planner/events/sim_time.h"
#include "planner/ipam/api_use.h"
#include "planner/ipam/occupancy.h"
#include "planner/ipam/place.h"
#include "planner/ipam/pool_demand.h"
#include "planner/ipam/refusal.h"
#include "planner/ipam/usage.h"
#include "planner/net/address.h"

namespace cidrplan {

/// A node's answer: it joins, or why not and where the thing that ran out lives.
struct Admission {
  bool granted = true;
  Cause cause{};
  PlaceRef place;

  static Admission grant() { return {}; }
  static Admission refuse(Cause cause, PlaceRef place) { return {false, cause, place}; }
};

struct PodRequest {
  PodId pod{};
  NodeId node{};
  Families families;
  NamespaceId in_namespace{};
};

/// A pod's answer. `waiting`: the model remembers the pod's node and names it in `wake` once the pod may be
/// served. `refused`: impossible under the rules as they are; the pod goes on asking by the same rule.
struct Assignment {
  enum class Outcome : std::uint8_t { granted, waiting, refused };

  Outcome outcome = Outcome::granted;
  Cause cause{};
  PlaceRef place;
  Address ipv4;  ///< meaningful where granted and asked for; a pod gets all families it needs, or waits
  Address ipv6;

  static Assignment grant(Address ipv4, Address ipv6 = {}) { return {Outcome::granted, {}, {}, ipv4, ipv6}; }
  static Assignment wait(Cause cause, PlaceRef place) { return {Outcome::waiting, cause, place, {}, {}}; }
  static Assignment refuse(Cause cause, PlaceRef place) { return {Outcome::refused, cause, place, {}, {}}; }
};

/// What one node would give back of a subnet if it left.
struct DrainGain {
  NodeId node{};
  std::uint32_t prefixes = 0;  ///< /28s that would be wholly free and are not now
  std::uint32_t pods = 0;      ///< with addresses of the subnet, which would have to go elsewhere
};

/// How one design hands out addresses. The simulation calls it with non-decreasing times and from one thread.
/// Provider subnets are lent to it (SubnetSpace); pools, blocks and node ranges are its own.
///
/// The conversation: `assign` only for a node whose `add_node` was granted. A pod that was told to wait or
/// was refused is asked for again with the same PodId, after its node was named by `wake`. `release` comes
/// once for every pod that `assign` ever saw, waiting ones included, and for all of a node's pods before its
/// `remove_node`. After every call the engine asks `next_wakeup`; a moment that is not after the last call's
/// time means "at once".
class IpamModel {
 public:
  virtual ~IpamModel() = default;

  /// A refusal is a result to report, never an error: the run goes on without the node, which may be offered
  /// again (same NodeId and name) after `freed` has moved.
  virtual Admission add_node(const Node& node, SimTime now) = 0;
  virtual void remove_node(NodeId node, SimTime now) = 0;

  virtual Assignment assign(const PodRequest& request, SimTime now) = 0;
  virtual void release(PodId pod, SimTime now) = 0;

  /// A hint that this pod is about to be released, given some events ahead, again a few ahead, and as one of
  /// the next, so that a model can fetch from memory what it will touch: first what it knows the pod by, then
  /// what that leads to. It may come for pods the model does not know, and changes nothing.
  enum class Ahead : std::uint8_t { some, few, next };
  virtual void expect_release(PodId pod, Ahead ahead) const { (void)pod, (void)ahead; }

  /// When the model next has work of its own (a round that changes something, a cooldown, a collection);
  /// SimTime::never() without. Asked after every call, so a plain number: it comes back in a register.
  virtual SimTime next_wakeup() const = 0;
  /// Does what is due and appends the nodes whose waiting pods may now be served.
  virtual void wake(SimTime now, std::vector<NodeId>& gained) = 0;

  /// Grows whenever something comes back that a refused node could use; SubnetSpace counts its own releases.
  virtual std::uint64_t freed() const = 0;
  /// Addresses of its own pools and ranges that are held now (Usage::held over its rows); not those of
  /// subnets.
  virtual uint128 held() const = 0;

  /// One row per pool or range of its own, in a fixed order, and its measures. Cheap: counters, no search.
  /// Also tells SubnetSpace what is unusable there.
  virtual void report(UsageReport& report) = 0;

  /// Calls of the provider's API until now, by action; nothing where it calls none.
  virtual std::vector<ApiUse> api_use(SimTime) const { return {}; }

  /// What pods drew from nodes' pools until now; nothing where it was not made to look.
  virtual PoolDemand pool_demand() const { return {}; }

  /// Which nodes hold /28s of the subnet, in order of NodeId; for designs that take prefixes.
  virtual std::vector<DrainGain> drains(SubnetId) const { return {}; }

  /// How full each piece is that it holds of its own ranges; nothing where it cuts none. May walk everything.
  virtual void occupancy(OccupancyReport&) const {}

  /// The name of a `pool` or `node_range` place of this model.
  virtual std::string place_name(PlaceRef place) const = 0;
};

}  // namespace cidrplan
