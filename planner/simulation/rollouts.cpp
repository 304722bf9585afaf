#include "planner/simulation/rollouts.h"

#include <algorithm>

namespace cidrplan {

void Rollouts::begin(Owner& owner) {
  while (owner.current.size > 0) {
    const PodId id{owner.current.first};
    auto& pod = world_.pods[id];
    world_.pods.remove_from_owner(owner.current, id);
    world_.pods.append_to_owner(owner.old, id);
    if (!pod.old && pod.state == PodState::running) ++owner.old_running;
    pod.old = true;
    pod.ready = false;
  }
  owner.new_ready = 0;
  owner.rolling = owner.old.size > 0;
  owner.rolling_since = world_.now;
  owner.most_pods = 0;
  world_.touch(owner);
}

void Rollouts::ready(PodId id) {
  auto& pod = world_.pods[id];
  auto& owner = world_.owners[pod.owner];
  if (!owner.rolling || pod.old || pod.ready || pod.state != PodState::running) return;
  pod.ready = true;
  ++owner.new_ready;
  world_.touch(owner);
}

void Rollouts::reconcile(Owner& owner) {
  if (owner.kind == Owner::Kind::batch) {
    for (; owner.wanted > 0; --owner.wanted) pods_.create(owner);
    return;
  }
  if (owner.rolling) return step(owner);
  while (owner.live() < owner.wanted) pods_.create(owner);
  while (owner.live() > owner.wanted) pods_.remove(pods_.victim(owner, owner.current, owner.drop_oldest));
  owner.drop_oldest = false;
}

void Rollouts::step(Owner& owner) {
  const auto posts = world_.scenario.workloads[owner.index].rollout->resolve(owner.wanted);
  const auto missing = std::min(owner.wanted - owner.current.size, owner.wanted + posts.surge - owner.live());
  for (std::int64_t i = 0; i < missing; ++i) pods_.create(owner);
  owner.most_pods = std::max(owner.most_pods, world_.with_address + world_.without_address);
  delete_old(owner, posts.unavailable);
  while (owner.current.size > owner.wanted) pods_.remove(pods_.victim(owner, owner.current, false));
  if (owner.old.size > 0 || owner.current.size < owner.wanted) {
    // Deleting old pods may have made room for new ones within the surge.
    if (std::min(owner.wanted - owner.current.size, owner.wanted + posts.surge - owner.live()) > 0)
      world_.touch(owner);
    return;
  }
  owner.rolling = false;
  for (auto slot = owner.current.first; slot != no_pod; slot = world_.pods.links(PodId{slot}).next_of_owner)
    world_.pods[PodId{slot}].ready = false;
  owner.new_ready = 0;
}

void Rollouts::delete_old(Owner& owner, std::int64_t unavailable) {
  const auto least_available = owner.wanted - unavailable;
  auto unhealthy = owner.old.size - owner.old_running;
  const auto new_unavailable = owner.current.size - owner.new_ready;
  auto room = owner.live() - least_available - new_unavailable;  // old pods that may go at all
  auto available_room = owner.old_running + owner.new_ready - least_available;
  while (room > 0 && owner.old.size > 0 && (unhealthy > 0 || available_room > 0)) {
    const PodId id = pods_.victim(owner, owner.old, false);
    if (world_.pods[id].state == PodState::running) {
      if (available_room <= 0) return;
      --available_room;
    } else {
      --unhealthy;
    }
    --room;
    pods_.remove(id);
  }
}

}  // namespace cidrplan
