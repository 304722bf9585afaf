#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

#include "models/calico/block_watch.h"
#include "models/calico/cold_blocks.h"
#include "models/calico/collected.h"
#include "models/calico/empty_blocks.h"
#include "models/calico/pass_clock.h"
#include "models/calico/pod_view.h"
#include "models/calico/requests.h"
#include "models/calico/suspects.h"
#include "planner/ipam/fetch.h"

namespace cidrplan::calico {

class Allocator;

/// The node IPAM controller of kube-controllers: it takes back leaked addresses, empty blocks and what
/// deleted nodes leave behind.
///
/// It hears of changes as the original does: events gather for a second, then a pass follows. A caller that
/// lives by the clock asks `next_wakeup` for the next pass that may release something; passes that cannot are
/// made up for at the next call. Times never go back.
/// A simulation lets it keep in mind only what can ever be collected: tunnel addresses, and pods whose
/// release was lost. A replay lets it keep every allocation and answers for the pods through a PodView.
/// @source projectcalico/calico kube-controllers/pkg/controllers/node/ipam.go, ipam_allocation.go
class Collector {
 public:
  enum class Drive : std::uint8_t {
    clock,  ///< the main loop: windows, ticks and retries
    steps,  ///< nothing by itself: `hear` and `pass`
  };
  struct Options {
    /// Of leaks and of empty blocks. Unset or 0: neither is collected on living nodes.
    std::optional<Duration> grace = Duration::minutes(15);
    SimTime start{0};  ///< of the controller; ticks count from it
    Drive drive = Drive::clock;
    /// With its sequence number, as a replay needs it. Otherwise only what can ever be collected.
    bool keeps_every_allocation = false;
  };

  /// What the allocator has changed since the last call, allocations included. Read at once; then the
  /// allocator's changes are cleared.
  using ChangeSource = std::function<const ChangeLog&()>;

  /// @pre no block exists yet
  /// @param pods     outlives the collector; none: a pod that is asked about is gone
  /// @param changes  none: the collector itself follows the allocator
  Collector(Allocator& allocator, const Options& options, const PodView* pods = nullptr,
            ChangeSource changes = {});
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // What happens in the cluster.

  /// A Calico node is created or replaced, and the Kubernetes node with it unless there is none.
  void set_node(HostId node, bool kubernetes, bool migrating, SimTime now);
  void remove_calico_node(HostId node, SimTime now);
  void remove_kubernetes_node(HostId node, SimTime now);
  /// A pod object left the cache. @param node  where it ran; no_host: nowhere yet
  void pod_gone(HostId node, SimTime now);
  /// A pod is gone and the release of its addresses was lost: the allocations of this handle.
  void pod_lost(HandleId handle, SimTime now);
  void pool_changed(SimTime now);
  void set_datastore_ready(bool ready, SimTime now);
  /// To be called after every operation that changed the allocator.
  void take_changes(SimTime now);
  /// In its place, where one block that stays in use and one allocation in it are all that changed: whether
  /// it has to know no more than that there is one more, or fewer. Counts it then.
  bool counts(const AllocationChange& change) {
    return !allocator_.data().is_p33() && !BlockWatch::is_ignored(change) && count_unwatched(change);
  }
  /// To be called after `counts` said so.
  void took_counted(SimTime now) {
    allocator_.clear_changes();
    run_until(now, false);
    if (clock_.window_end(EventQueueKind::datastore) == SimTime::never())
      event(EventQueueKind::datastore, false, now);
  }

  // The main loop.

  /// The next pass that may release something; a moment that has come means "at once",
  /// SimTime::never() that there is none.
  SimTime next_wakeup() const {
    if (!wakeup_known_) look_for_wakeup();
    return wakeup_;
  }
  /// Runs every pass up to this moment.
  void wake(SimTime now);
  /// Tells the memory that a pod of this node comes or goes soon.
  void fetch(HostId host) const {
    if (slot_of(host) < nodes_.size()) cidrplan::fetch(&nodes_[slot_of(host)]);
  }
  /// What passes did since it was cleared, in order of time.
  const std::vector<Collected>& collected() const { return collected_; }
  void clear_collected() { collected_.clear(); }

  // The same step by step.

  /// Hears what has happened so far. @param blocks  false: block changes stay unheard
  void hear(bool blocks = true);
  void scan_all_next();
  PassResult pass(SimTime now);

  // What it keeps in mind.

  const EmptyBlocks& blocks() const { return blocks_; }
  const Suspects& suspects() const { return suspects_; }
  const std::vector<HostId>& dirty_nodes() const { return dirty_; }
  bool scans_all_next() const { return scan_all_; }
  /// Grows with whatever can change the four answers above.
  std::uint64_t revision() const { return revision_; }

 private:
  enum class Known : std::uint8_t { missing, foreign, kubernetes };
  /// Aligned, so that none lies in two lines of the cache.
  struct alignas(32) Node {
    Known heard = Known::missing;  // as the watch told it
    Known real = Known::missing;   // as the API has it
    bool kubernetes = false;       // its Kubernetes node exists
    bool migrating = false;
    bool dirty = false;
    bool untried = true;             // its blocks changed since they were tried to release
    std::int32_t unwatched = 0;      // allocations that are valid for sure
    std::uint32_t watched_pods = 0;  // others, but for tunnels, until it is heard that they are gone
  };
  struct NodeNews {
    HostId node;
    Known known;
  };

  Node& node(HostId host) {
    if (slot_of(host) >= nodes_.size()) nodes_.resize(slot_of(host) + 1);
    return nodes_[slot_of(host)];
  }
  static Known known(const Node& node) { return node.heard == Known::kubernetes ? node.heard : node.real; }
  static bool is_living(const Node& node) { return known(node) == Known::kubernetes && node.kubernetes; }
  bool has_allocations(HostId host) const;
  void mark_dirty(HostId host);
  /// To be followed by drop_clean() before any node is marked dirty.
  void mark_clean(HostId host);
  void drop_clean();

  // collector_news.cpp: what is told, and how it is heard
  void event(EventQueueKind kind, bool matters, SimTime now);
  void take_own_changes(SimTime now);
  bool read_changes(std::vector<BlockNews>& news, SimTime now);
  void note_all(const std::vector<BlockNews>& news, SimTime now);
  bool note(const BlockNews& news);
  bool count_unwatched(const AllocationChange& change);
  bool is_kept(const Owner& owner) const;
  void hear_blocks();
  void hear_datastore();
  void hear_pods();
  void hear_added(const BlockNews& news);
  void hear_removed(const BlockNews& news);
  void hear_deleted(BlockId block);
  void watch(const AllocationKey& key, const Owner& owner, BlockId block, std::uint64_t sequence);
  void unwatch(const Suspect& suspect);
  void forget_of_node(SuspectId id);

  // collector.cpp: the main loop
  void run_until(SimTime until, bool inclusive) {
    // While a window is open, nothing happens before its end.
    const auto end = clock_.next_window_end();
    if (end == SimTime::never() || (inclusive ? end <= until : end < until)) run_passes(until, inclusive);
  }
  void run_passes(SimTime until, bool inclusive);
  void run_at(SimTime moment);
  void run_pass(SimTime moment, bool tick);
  bool is_idle() const;
  SimTime next_due() const;
  void look_for_wakeup() const;

  // collector_pass.cpp: one pass
  std::vector<HostId> nodes_to_scan();
  void scan(HostId host, SimTime now);
  bool judge(SuspectId id, bool node_exists, SimTime now);
  bool is_valid(const Suspect& suspect, PodSource source) const;
  std::vector<SuspectId> leaks_to_release();
  ErrorCode release_leaks(SimTime now);
  void release_empty_blocks(SimTime now);
  bool release_block(const Prefix& cidr, HostId owner, SimTime now);
  std::uint32_t release_nodes(SimTime now);
  Collected& collect(Collected::Kind kind, SimTime now);

  Allocator& allocator_;
  Options options_;
  const PodView* pods_;
  ChangeLog log_;
  ChangeSource changes_;
  BlockWatch watch_;
  EmptyBlocks blocks_;
  Suspects suspects_;
  ColdBlocks cold_;
  PassClock clock_;

  std::vector<Node> nodes_;
  std::vector<HostId> dirty_;
  std::set<HostId> of_interest_;  // a scan of all nodes may change something about these
  bool scan_all_ = false;
  bool ready_ = true;

  // unheard
  std::vector<BlockNews> block_news_;
  bool timers_may_start_ = false;  // once they are heard
  std::vector<NodeNews> node_news_;
  std::vector<HostId> gone_pods_;
  std::optional<bool> ready_news_;
  std::array<bool, event_queue_kinds> matters_{};  // the pass at the window's end may release something

  // The answer of next_wakeup, while nothing happens that could change it.
  mutable SimTime wakeup_ = SimTime::never();
  mutable bool wakeup_known_ = false;

  std::vector<HostId> to_release_;  // deleted nodes with nothing valid left, found by this pass
  std::vector<Collected> collected_;
  std::uint64_t revision_ = 0;

  std::vector<BlockNews> told_;  // kept for their memory
  std::vector<ReleaseItem> items_;
  ReleaseAnswer released_;
};

}  // namespace cidrplan::calico
