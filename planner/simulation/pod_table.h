#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "planner/cluster/ids.h"
#include "planner/ipam/fetch.h"
#include "planner/ipam/place.h"
#include "planner/ipam/refusal.h"
#include "planner/simulation/event.h"

namespace cidrplan {

enum class PodState : std::uint8_t {
  unbound,      ///< no node has a slot
  waiting,      ///< on a node, without an address
  running,      ///< has its address, or needs none
  terminating,  ///< deleted, in its grace period
};

inline constexpr std::uint32_t no_pod = std::numeric_limits<std::uint32_t>::max();

/// One pod. Kept small: a large cluster has hundreds of thousands of them. Aligned, so that none lies in two
/// lines of the cache.
struct alignas(32) Pod {
  static constexpr std::uint64_t most_serial = (std::uint64_t{1} << 40) - 1;

  SimTime created{};
  std::uint64_t numbers = 0;  ///< serial, and above it the generation: written and read as a whole
  NodeId node{};
  std::uint32_t place = 0;         ///< of the last refusal
  std::uint16_t owner = 0;         ///< workload, batch or daemonset, by its place in World::owners
  std::uint16_t replaces_for = 0;  ///< 1 + the group whose replacement waits for this pod
  PodState state = PodState::unbound;
  Cause cause{};  ///< of the last refusal
  PlaceKind place_kind{};
  bool asked : 1 = false;  ///< the model has seen it
  bool ask_scheduled : 1 = false;
  bool counted : 1 = false;  ///< as refused
  bool old : 1 = false;      ///< from before the rollout that runs
  bool ready : 1 = false;

  /// Number within its owner, from 0; a million million are never reached.
  std::uint64_t serial() const { return numbers & most_serial; }
  void set_serial(std::uint64_t serial) { numbers = (numbers & ~most_serial) | (serial & most_serial); }
  /// What Event::more carries.
  std::uint32_t generation() const { return static_cast<std::uint32_t>(numbers >> 40); }

  PlaceRef last_place() const { return {place_kind, place}; }
};

/// A pod's neighbours in the lists of its owner and of its node. Apart from the pods, so that those of many
/// lie close together: whoever leaves a list touches its neighbours, and these lie anywhere.
struct PodLinks {
  std::uint32_t previous_of_owner = no_pod, next_of_owner = no_pod;
  std::uint32_t previous_on_node = no_pod, next_on_node = no_pod;
};

/// A list of pods through their links; oldest first.
struct PodList {
  std::uint32_t first = no_pod;
  std::uint32_t last = no_pod;
  std::int64_t size = 0;
};

/// Slots for pods; a slot is used again with a new generation.
class PodTable {
 public:
  PodId create();
  void free(PodId pod);

  Pod& operator[](PodId pod) { return at(static_cast<std::uint32_t>(pod)); }
  const Pod& operator[](PodId pod) const {
    return const_cast<PodTable*>(this)->at(static_cast<std::uint32_t>(pod));
  }
  PodRef ref(PodId pod) const { return {pod, (*this)[pod].generation()}; }
  const PodLinks& links(PodId pod) const {
    return const_cast<PodTable*>(this)->links_at(static_cast<std::uint32_t>(pod));
  }
  /// Tells the memory that the pod will be looked at soon.
  void fetch(PodId pod) const {
    cidrplan::fetch(&(*this)[pod]);
    fetch_links(pod);
  }
  void fetch_links(PodId pod) const { cidrplan::fetch(&links(pod)); }
  /// Likewise its neighbours in both lists, which change when it goes.
  void fetch_neighbours(PodId pod) const {
    const auto& own = links(pod);
    for (const auto slot : {own.previous_of_owner, own.next_of_owner, own.previous_on_node, own.next_on_node})
      if (slot != no_pod) load_ahead(&links(PodId{slot}));
  }
  bool alive(PodRef ref) const { return (*this)[ref.pod].generation() == ref.generation; }

  void append_to_owner(PodList& list, PodId pod);
  void remove_from_owner(PodList& list, PodId pod);
  void append_to_node(PodList& list, PodId pod);
  void remove_from_node(PodList& list, PodId pod);

 private:
  static constexpr std::uint32_t chunk_bits = 12;  ///< pods never move, and memory grows by what is needed

  struct Chunk {
    std::unique_ptr<Pod[]> pods;
    std::unique_ptr<PodLinks[]> links;
  };

  static constexpr std::uint32_t in_chunk(std::uint32_t slot) { return slot & ((1u << chunk_bits) - 1); }
  Pod& at(std::uint32_t slot) { return chunks_[slot >> chunk_bits].pods[in_chunk(slot)]; }
  PodLinks& links_at(std::uint32_t slot) { return chunks_[slot >> chunk_bits].links[in_chunk(slot)]; }

  template <auto Previous, auto Next>
  void append(PodList& list, std::uint32_t pod);
  template <auto Previous, auto Next>
  void remove(PodList& list, std::uint32_t pod);

  std::vector<Chunk> chunks_;
  std::uint32_t size_ = 0;
  std::uint32_t free_ = no_pod;  ///< free slots through next_of_owner
};

}  // namespace cidrplan
