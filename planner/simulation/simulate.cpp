#include "planner/simulation/simulate.h"

#include <algorithm>

#include "planner/ipam/fetch.h"
#include "planner/simulation/dated_events.h"
#include "planner/simulation/job_arrivals.h"
#include "planner/simulation/node_lifecycle.h"
#include "planner/simulation/pod_lifecycle.h"
#include "planner/simulation/recorder.h"
#include "planner/simulation/rollouts.h"
#include "planner/simulation/world.h"

namespace cidrplan {
namespace {

constexpr Duration day = Duration::days(1);

/// One life: takes what is due, in order, until the horizon.
class Life {
 public:
  Life(const Scenario& scenario, const Design& design, std::int64_t life, Detail detail)
      : world_(scenario, design, life),
        recorder_(world_, run_, detail),
        pods_(world_, recorder_),
        nodes_(world_, pods_, recorder_),
        rollouts_(world_, pods_),
        events_(world_, nodes_) {
    run_.life = life;
  }

  Run live(const Progress& progress);

 private:
  enum class Work : std::uint8_t { none, queue, model, nodes, starts };

  void prepare();
  void spread_first_ages();
  void hold_other_consumers(SubnetId subnet);
  Work next(SimTime& at);
  void perform(Work work);
  void fetch_ahead();
  void wake_model();
  void start_pods();
  void happen(Event event);
  void pod_ends(PodRef ref);
  void pod_asks(PodRef ref);
  void node_aged(NodeId node);
  void nodes_retry();
  void new_day();
  void event_begins(std::uint32_t index);
  void rollout_begins(std::uint32_t workload);
  void job_arrives(std::uint32_t batch);
  void take_sample(std::uint32_t number);
  void watch_refused_nodes();
  void schedule_next_job(std::uint32_t batch);

  World world_;
  Run run_;
  Recorder recorder_;
  PodLifecycle pods_;
  NodeLifecycle nodes_;
  Rollouts rollouts_;
  DatedEvents events_;
  std::vector<JobArrivals> arrivals_;  // by batch
  std::vector<NodeId> gained_;
  std::uint64_t freed_seen_ = 0;
  bool retry_scheduled_ = false;
};

// --- the loop
// --------------------------------------------------------------------------------------------------

Run Life::live(const Progress& progress) {
  prepare();
  const auto span = static_cast<double>((world_.scenario.horizon - world_.now).ms);
  const SimTime begin = world_.now;
  SimTime at;
  for (auto work = next(at); work != Work::none; work = next(at)) {
    if (at > world_.now) {
      recorder_.end_of_instant();
      world_.now = at;
    }
    perform(work);
    watch_refused_nodes();
    if ((++run_.events & 0xfff) == 0 && progress)
      if (!progress(static_cast<double>((at - begin).ms) / span)) throw Interrupted{};
  }
  recorder_.end_of_instant();
  world_.now = {world_.scenario.horizon.ms - 1};
  recorder_.finish();
  return std::move(run_);
}

/// What is due next: the queue's first entry, unless the model's work, counts of nodes or pods to start come
/// before it in order of time and rank.
Life::Work Life::next(SimTime& at) {
  auto best = SimTime::never();
  unsigned rank = 0;
  Work work = Work::none;
  if (!world_.queue.empty()) {
    const auto& top = world_.queue.top();
    best = top.at;
    rank = top.rank();
    work = Work::queue;
  }
  const auto consider = [&](SimTime time, Rank its_rank, Work its_work) {
    if (time > best || (time == best && static_cast<unsigned>(its_rank) >= rank)) return;
    best = time;
    rank = static_cast<unsigned>(its_rank);
    work = its_work;
  };
  consider(std::max(world_.model->next_wakeup(), world_.now), Rank::model_work, Work::model);
  if (world_.nodes_due || !world_.settled.empty()) consider(world_.now, Rank::node_addition, Work::nodes);
  if (world_.starts_due) consider(world_.now, Rank::pod_start, Work::starts);
  at = best;
  return best >= world_.scenario.horizon ? Work::none : work;
}

void Life::perform(Work work) {
  switch (work) {
    case Work::queue: {
      const Event event = world_.queue.pop().payload;
      fetch_ahead();
      return happen(event);
    }
    case Work::model:
      return wake_model();
    case Work::nodes: {
      world_.nodes_due = false;
      nodes_.look_at_counts();
      std::vector<GroupId> settled;
      settled.swap(world_.settled);
      for (const auto group : settled) nodes_.batch_done(group);
      return;
    }
    case Work::starts:
      return start_pods();
    case Work::none:
      return;
  }
}

/// In a large cluster every pod that ends lies elsewhere in memory: what the next events touch is fetched
/// while this one is worked on.
void Life::fetch_ahead() {
  using Ahead = IpamModel::Ahead;
  const auto ending = [&](std::size_t events) -> const Event* {
    const Event* const event = world_.queue.ahead(events);
    if (event == nullptr) return nullptr;
    const auto kind = event->kind();
    return kind == EventKind::pod_ends || kind == EventKind::pod_gone ? event : nullptr;
  };
  if (const auto* const event = ending(14)) {
    const auto pod = event->pod().pod;
    world_.pods.fetch(pod);
    world_.model->expect_release(pod, Ahead::some);
  }
  if (const auto* const event = ending(8)) {
    const auto pod = event->pod().pod;
    world_.pods.fetch_neighbours(pod);
    cidrplan::fetch(&world_.node(world_.pods[pod].node));
    world_.model->expect_release(pod, Ahead::few);
  }
  if (const auto* const event = ending(4)) {
    const auto pod = event->pod().pod;
    // Whoever comes in its place is likely to come to the same node, behind its youngest pod.
    if (const auto last = world_.node(world_.pods[pod].node).pods.last; last != no_pod)
      world_.pods.fetch_links(PodId{last});
    world_.model->expect_release(pod, Ahead::next);
  }
}

void Life::wake_model() {
  gained_.clear();
  world_.model->wake(world_.now, gained_);
  for (const auto node : gained_) pods_.node_gained(node);
}

void Life::start_pods() {
  world_.starts_due = false;
  std::vector<NodeId> fresh;
  fresh.swap(world_.fresh_nodes);
  for (const auto id : fresh) {
    if (world_.node(id).phase != NodeState::Phase::joined) continue;
    for (const auto owner : world_.group(world_.node(id).node.group).daemonsets)
      pods_.create_on(world_.owners[owner], id);
  }
  for (auto& set : world_.sets) pods_.bind_waiting(set);
  for (auto& owner : world_.owners) {
    if (!owner.dirty) continue;
    owner.dirty = false;
    rollouts_.reconcile(owner);
  }
}

/// "Tried again on whole minutes after its subnet or pool has freed something."
void Life::watch_refused_nodes() {
  if (retry_scheduled_ || !nodes_.any_refused()) return;
  const auto freed = world_.space.releases() + world_.model->freed();
  if (freed == freed_seen_) return;
  freed_seen_ = freed;
  retry_scheduled_ = true;
  constexpr std::int64_t minute = 60'000;
  const auto ms = world_.now.ms;
  const auto whole = (ms >= 0 ? (ms + minute - 1) / minute : -(-ms / minute)) * minute;
  world_.schedule({whole}, Rank::node_addition, EventKind::nodes_retry);
}

// --- the first moment
// ------------------------------------------------------------------------------------------

void Life::prepare() {
  const auto& scenario = world_.scenario;
  for (std::size_t s = 0; s < scenario.subnets.size(); ++s) {
    const auto id = SubnetId{static_cast<std::uint16_t>(s)};
    if (world_.space.is_open(id))
      hold_other_consumers(id);
    else
      world_.schedule(scenario.subnets[s].from, Rank::curve,
                      {EventKind::subnet_opens, static_cast<std::uint32_t>(id)});
  }
  nodes_.add_first_nodes();
  spread_first_ages();
  for (auto& owner : world_.owners)
    if (owner.kind != Owner::Kind::daemonset) world_.touch(owner);

  world_.schedule({}, Rank::node_addition, EventKind::measuring_begins);
  world_.schedule({}, Rank::sample, EventKind::take_sample);
  world_.schedule(SimTime{} + scenario.policy.max_wait, Rank::sample, EventKind::take_start);
  world_.schedule(SimTime{} + day, Rank::curve, EventKind::new_day);
  for (std::uint32_t i = 0; i < scenario.events.size(); ++i)
    world_.schedule(scenario.events[i].at, Rank::curve, {EventKind::event_begins, i});
  for (std::uint32_t i = 0; i < scenario.workloads.size(); ++i)
    if (const auto& rollout = scenario.workloads[i].rollout)
      world_.schedule(SimTime{} + rollout->every, Rank::rollout, {EventKind::rollout_begins, i});
  for (std::uint32_t i = 0; i < scenario.batches.size(); ++i) {
    arrivals_.emplace_back(scenario, scenario.batches[i], static_cast<std::uint64_t>(world_.life),
                           world_.now);
    schedule_next_job(i);
  }
}

/// What stands in a subnet beside the cluster's nodes. The control plane's interfaces: 2 in each subnet of
/// role cluster, at most 4 (awsdocs/amazon-eks-user-guide latest/ug/networking/network-reqs.adoc).
void Life::hold_other_consumers(SubnetId id) {
  const auto& subnet = world_.scenario.subnets[index_of(id)];
  for (std::int64_t i = 0; i < subnet.in_use; ++i) world_.space.take(id, Hold::in_use);
  if (subnet.role != SubnetRole::cluster) return;
  std::int64_t before = 0;
  for (std::size_t s = 0; s < index_of(id); ++s)
    before += world_.scenario.subnets[s].role == SubnetRole::cluster ? 2 : 0;
  for (std::int64_t i = before; i < std::min<std::int64_t>(before + 2, 4); ++i)
    if (world_.space.take(id, Hold::in_use)) world_.space.attach_interface();
}

/// The first nodes' ages are spread evenly over replace_every, so that they do not all fall due at once.
void Life::spread_first_ages() {
  for (std::size_t g = 0; g < world_.groups.size(); ++g) {
    const auto& every = world_.scenario.groups[g].replace_every;
    if (!every) continue;
    const auto& nodes = world_.groups[g].nodes;
    const auto count = static_cast<std::int64_t>(nodes.size());
    for (std::int64_t i = 0; i < count; ++i)
      world_.schedule(SimTime{} + Duration{every->ms / count * (i + 1)}, Rank::node_addition,
                      {EventKind::node_aged, nodes[static_cast<std::size_t>(i)]});
  }
}

// --- events
// ----------------------------------------------------------------------------------------------------

void Life::happen(Event event) {
  switch (event.kind()) {
    case EventKind::pod_ends:
      return pod_ends(event.pod());
    case EventKind::pod_gone:
      if (world_.pods.alive(event.pod())) pods_.finish(event.pod().pod);
      return;
    case EventKind::pod_asks:
      return pod_asks(event.pod());
    case EventKind::pod_judged:
      if (world_.pods.alive(event.pod())) pods_.judge(event.pod().pod);
      return;
    case EventKind::pod_ready:
      if (world_.pods.alive(event.pod())) rollouts_.ready(event.pod().pod);
      return;
    case EventKind::node_judged:
      return nodes_.judge(event.node());
    case EventKind::node_gone:
      return nodes_.finish(event.node());
    case EventKind::node_aged:
      return node_aged(event.node());
    case EventKind::nodes_retry:
      return nodes_retry();
    case EventKind::replacement_timeout: {
      const GroupId group{static_cast<std::uint16_t>(event.subject())};
      if (world_.group(group).batch == event.more()) nodes_.batch_done(group);
      return;
    }
    case EventKind::new_day:
      return new_day();
    case EventKind::event_begins:
      return event_begins(event.subject());
    case EventKind::event_ends:
      return events_.end(world_.scenario.events[event.subject()]);
    case EventKind::subnet_opens: {
      const SubnetId subnet{static_cast<std::uint16_t>(event.subject())};
      world_.space.open(subnet);
      hold_other_consumers(subnet);
      world_.nodes_due = true;
      return;
    }
    case EventKind::rollout_begins:
      return rollout_begins(event.subject());
    case EventKind::job_arrives:
      return job_arrives(event.subject());
    case EventKind::take_sample:
      return take_sample(event.subject());
    case EventKind::take_start:
      return recorder_.take_start();
    case EventKind::measuring_begins:
      return recorder_.begin_measuring();
  }
}

void Life::pod_ends(PodRef ref) {
  if (!world_.pods.alive(ref)) return;
  const auto& pod = world_.pods[ref.pod];
  if (pod.state != PodState::running) return;  // deleted meanwhile
  auto& owner = world_.owners[pod.owner];
  pods_.remove(ref.pod);
  if (owner.kind == Owner::Kind::workload) world_.touch(owner);
}

void Life::pod_asks(PodRef ref) {
  if (!world_.pods.alive(ref)) return;
  auto& pod = world_.pods[ref.pod];
  pod.ask_scheduled = false;
  if (pod.state == PodState::waiting) pods_.ask(ref.pod);
}

void Life::node_aged(NodeId id) {
  if (!world_.measuring()) return;  // warm-up has churn only
  const auto& node = world_.node(id);
  if (node.phase != NodeState::Phase::joined) return;
  nodes_.replace(node.node.group, {id}, world_.group_spec(node.node.group).surge);
}

void Life::nodes_retry() {
  retry_scheduled_ = false;
  nodes_.retry_refused();
  freed_seen_ =
      world_.space.releases() + world_.model->freed();  // an attempt that failed gave back what it took
}

void Life::new_day() {
  world_.schedule(world_.now + day, Rank::curve, EventKind::new_day);
  for (auto& owner : world_.owners) {
    if (owner.kind != Owner::Kind::workload) continue;
    const auto wanted = world_.pods_wanted(owner);
    if (wanted == owner.wanted) continue;
    owner.wanted = wanted;
    world_.touch(owner);
  }
  nodes_.new_day();
}

void Life::event_begins(std::uint32_t index) {
  const auto& event = world_.scenario.events[index];
  events_.begin(event);
  if (const auto length = event.duration(); length.ms > 0)
    world_.schedule(world_.now + length, Rank::curve, {EventKind::event_ends, index});
}

void Life::rollout_begins(std::uint32_t workload) {
  world_.schedule(world_.now + world_.scenario.workloads[workload].rollout->every, Rank::rollout,
                  {EventKind::rollout_begins, workload});
  rollouts_.begin(world_.owners[workload]);
}

void Life::job_arrives(std::uint32_t batch) {
  auto& owner = world_.owners[world_.scenario.workloads.size() + batch];
  owner.wanted += world_.scenario.batches[batch].pods_per_job;
  world_.touch(owner);
  schedule_next_job(batch);
}

void Life::schedule_next_job(std::uint32_t batch) {
  world_.schedule(arrivals_[batch].next(), Rank::pod_start, {EventKind::job_arrives, batch});
}

void Life::take_sample(std::uint32_t number) {
  recorder_.take_sample();
  const auto& scenario = world_.scenario;
  world_.schedule(scenario.calendar.plus({}, scenario.sample, number + 1), Rank::sample,
                  {EventKind::take_sample, number + 1});
}

}  // namespace

Run simulate(const Scenario& scenario, const Design& design, std::int64_t life, const Progress& progress,
             Detail detail) {
  return Life(scenario, design, life, detail).live(progress);
}

}  // namespace cidrplan
