#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planner/events/event_queue.h"
#include "planner/events/fingerprint.h"
#include "planner/ipam/subnet_space.h"
#include "planner/scenario/scenario.h"
#include "planner/simulation/event.h"
#include "planner/simulation/placement_policy.h"
#include "planner/simulation/pod_table.h"

namespace cidrplan {

/// What pods belong to: a workload, a batch or a daemonset, in this order in World::owners.
struct Owner {
  enum class Kind : std::uint8_t { workload, batch, daemonset };

  Kind kind = Kind::workload;
  std::size_t index = 0;  ///< in the scenario's list of its kind
  std::string_view name;
  std::size_t group_set = 0;
  PodNeed need = PodNeed::slot;
  Placement placement = Placement::spread;
  Families families;
  NamespaceId in_namespace{};
  bool host_network = false;
  Duration grace{};
  std::optional<Lifetimes> lifetimes;  ///< of its pods; none: until the node goes
  RandomStream placement_draws;

  std::uint64_t next_serial = 0;
  PodList current;
  PodList old;  ///< from before the rollout that runs
  std::int64_t without_address = 0;

  std::int64_t wanted = 0;  ///< workload: by curve and events; batch: pods still to be created
  double burst = 1;
  std::int64_t extra_sets = 0;
  bool drop_oldest = false;  ///< the next scale-down takes the oldest (end of a blue-green switch)

  bool rolling = false;
  SimTime rolling_since{};
  std::int64_t most_pods = 0;  ///< of all owners with an address or waiting for one, since then
  std::int64_t old_running = 0;
  std::int64_t new_ready = 0;

  std::deque<std::pair<std::uint16_t, std::int64_t>> replacement_credit;  ///< 1 + group, pods it deleted

  bool dirty = false;  ///< its count has to be looked at
  std::int64_t live() const { return current.size + old.size; }
};

/// A set of groups that some pods may go to.
struct GroupSet {
  std::vector<GroupId> groups;
  bool own_interface = false;  ///< for pods that need one
  PlacementIndex nodes;
  std::deque<PodRef> unbound;  ///< in order of creation; may hold pods that are gone
  std::int64_t unbound_count = 0;
};

/// Begins with a line of the cache that holds what every pod touches that comes or goes, to Node::max_pods.
struct alignas(64) NodeState {
  enum class Phase : std::uint8_t { pending, joined, leaving, gone };

  Phase phase = Phase::pending;
  bool replacement = false;  ///< it joins so that an old node can go
  bool counted = false;      ///< as refused
  std::uint32_t bound = 0;
  std::uint32_t own_interfaces = 0;  ///< for single pods
  std::uint32_t own_bound = 0;       ///< pods that need one
  std::uint32_t waiting = 0;
  PodList pods;
  SimTime first_attempt{};
  Node node;
  Cause cause{};
  PlaceRef place;

  std::uint32_t slots() const { return static_cast<std::uint32_t>(node.max_pods); }
  /// For pods of the set.
  PlacementIndex::Load load(const GroupSet& set) const { return load(set, bound, own_bound); }
  /// With other numbers of pods.
  PlacementIndex::Load load(const GroupSet& set, std::uint32_t all, std::uint32_t own) const {
    return {all, set.own_interface && own >= own_interfaces ? 0 : slots()};
  }
};

struct GroupState {
  Density density;
  std::int64_t slots_per_node = 0;      ///< for pods of workloads and batches
  std::int64_t own_per_node = 0;        ///< for those of them that need an interface of their own
  std::vector<std::size_t> sets;        ///< group sets it belongs to
  std::vector<std::size_t> daemonsets;  ///< owners
  std::vector<NodeId> nodes;            ///< joined, in order
  std::deque<NodeId> pending;           ///< refused so far
  std::vector<std::int64_t> per_zone;   ///< [place in zones] joined and pending
  std::vector<Labels> labels;           ///< [place in zones] of its nodes; never moves
  std::int64_t wanted = 0;              ///< fixed counts only
  std::int64_t next_number = 1;
  std::int64_t surplus_yesterday = 0;
  int closed = 0;  ///< outages that let no node join
  bool present = true;

  // replacement
  std::deque<NodeId> to_replace;
  std::deque<NodeId> to_drain;  ///< old nodes of the batch in hand, each waiting for a new node
  std::int64_t surge = 1;
  std::int64_t unsettled = 0;
  std::int64_t joining = 0;  ///< new nodes of the batch that have not joined yet
  std::uint32_t batch = 0;
  bool replacing = false;

  std::int64_t count() const { return static_cast<std::int64_t>(nodes.size() + pending.size()); }
  /// Nodes that so many pods need, `own` of them with an interface of their own.
  std::int64_t nodes_for(std::int64_t shared, std::int64_t own) const;
};

/// Pods are whole.
inline std::int64_t rounded(double pods) { return static_cast<std::int64_t>(pods + 0.5); }

/// Everything one life holds. The lifecycles work on it; it decides nothing.
struct World {
  World(const Scenario& the_scenario, const Design& the_design, std::int64_t the_life);

  const Scenario& scenario;
  const Design& design;
  std::int64_t life;
  SimTime now;
  SubnetSpace space;
  std::unique_ptr<IpamModel> model;
  EventQueue<Event> queue;
  Fingerprint fingerprint;

  PodTable pods;
  std::vector<Owner> owners;
  std::vector<GroupSet> sets;
  std::vector<NodeState> nodes;
  std::vector<GroupState> groups;
  std::vector<int> zone_outages;
  std::optional<NodeId> no_node;  ///< stands for the place of pods that run by themselves; in no group

  bool nodes_due = false;           ///< counts of nodes have to be looked at
  bool starts_due = false;          ///< pods may have to be created or bound
  std::vector<NodeId> fresh_nodes;  ///< joined, without their daemonset pods yet
  std::vector<GroupId> settled;     ///< replacement batches that are through

  std::int64_t joined_nodes = 0;
  std::uint64_t pending_nodes = 0;  ///< of all groups
  std::int64_t with_address = 0;
  std::int64_t without_address = 0;
  std::uint64_t pods_started = 0;

  bool measuring() const { return now.ms >= 0; }
  NodeState& node(NodeId id) { return nodes[index_of(id)]; }
  GroupState& group(GroupId id) { return groups[index_of(id)]; }
  const NodeGroup& group_spec(GroupId id) const { return scenario.groups[index_of(id)]; }

  /// Nothing at or after the horizon ever happens.
  void schedule(SimTime at, Rank rank, Event event) {
    if (at < scenario.horizon) queue.push(at, static_cast<unsigned>(rank), event);
  }
  void touch(Owner& owner) {
    owner.dirty = true;
    starts_due = true;
  }
  /// Pods of a workload, by its curve and the events that are on.
  std::int64_t pods_wanted(const Owner& owner) const {
    const auto by_curve = scenario.workloads[owner.index].pods.at(scenario.calendar, now);
    return rounded(static_cast<double>(by_curve) * owner.burst) * (1 + owner.extra_sets);
  }
  /// Curves hold their first day's value during warm-up.
  SimTime curve_time() const { return now.ms < 0 ? SimTime{} : now; }

 private:
  NodeId add_no_node();
};

}  // namespace cidrplan
