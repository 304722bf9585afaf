#include "planner/simulation/pod_table.h"

namespace cidrplan {
namespace {

template <auto Previous, auto Next>
void append(std::vector<Pod>& pods, PodList& list, std::uint32_t pod) {
  pods[pod].*Previous = list.last;
  pods[pod].*Next = no_pod;
  if (list.last != no_pod)
    pods[list.last].*Next = pod;
  else
    list.first = pod;
  list.last = pod;
  ++list.size;
}

template <auto Previous, auto Next>
void remove(std::vector<Pod>& pods, PodList& list, std::uint32_t pod) {
  const auto before = pods[pod].*Previous;
  const auto after = pods[pod].*Next;
  if (before != no_pod)
    pods[before].*Next = after;
  else
    list.first = after;
  if (after != no_pod)
    pods[after].*Previous = before;
  else
    list.last = before;
  --list.size;
}

}  // namespace

PodId PodTable::create() {
  if (free_ == no_pod) {
    pods_.emplace_back();
    return PodId{static_cast<std::uint32_t>(pods_.size() - 1)};
  }
  const auto slot = free_;
  free_ = pods_[slot].next_of_owner;
  const auto generation = pods_[slot].generation;
  pods_[slot] = Pod{};
  pods_[slot].generation = generation;
  return PodId{slot};
}

void PodTable::free(PodId pod) {
  auto& slot = pods_[index_of(pod)];
  ++slot.generation;
  slot.next_of_owner = free_;
  free_ = static_cast<std::uint32_t>(pod);
}

void PodTable::append_to_owner(PodList& list, PodId pod) {
  append<&Pod::previous_of_owner, &Pod::next_of_owner>(pods_, list, static_cast<std::uint32_t>(pod));
}

void PodTable::remove_from_owner(PodList& list, PodId pod) {
  remove<&Pod::previous_of_owner, &Pod::next_of_owner>(pods_, list, static_cast<std::uint32_t>(pod));
}

void PodTable::append_to_node(PodList& list, PodId pod) {
  append<&Pod::previous_on_node, &Pod::next_on_node>(pods_, list, static_cast<std::uint32_t>(pod));
}

void PodTable::remove_from_node(PodList& list, PodId pod) {
  remove<&Pod::previous_on_node, &Pod::next_on_node>(pods_, list, static_cast<std::uint32_t>(pod));
}

}  // namespace cidrplan
