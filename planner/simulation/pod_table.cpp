#include "planner/simulation/pod_table.h"

namespace cidrplan {

PodId PodTable::create() {
  if (free_ == no_pod) {
    if ((size_ >> chunk_bits) == chunks_.size())
      chunks_.push_back(
          {std::make_unique<Pod[]>(1u << chunk_bits), std::make_unique<PodLinks[]>(1u << chunk_bits)});
    return PodId{size_++};
  }
  const auto slot = free_;
  auto& pod = at(slot);
  free_ = links_at(slot).next_of_owner;
  const auto generation = pod.numbers & ~Pod::most_serial;
  pod = Pod{};
  pod.numbers = generation;
  return PodId{slot};
}

void PodTable::free(PodId pod) {
  auto& slot = (*this)[pod];
  slot.numbers += Pod::most_serial + 1;  // the next generation; the last is followed by the first
  links_at(static_cast<std::uint32_t>(pod)).next_of_owner = free_;
  free_ = static_cast<std::uint32_t>(pod);
}

template <auto Previous, auto Next>
void PodTable::append(PodList& list, std::uint32_t pod) {
  links_at(pod).*Previous = list.last;
  links_at(pod).*Next = no_pod;
  if (list.last != no_pod)
    links_at(list.last).*Next = pod;
  else
    list.first = pod;
  list.last = pod;
  ++list.size;
}

template <auto Previous, auto Next>
void PodTable::remove(PodList& list, std::uint32_t pod) {
  const auto before = links_at(pod).*Previous;
  const auto after = links_at(pod).*Next;
  if (before != no_pod)
    links_at(before).*Next = after;
  else
    list.first = after;
  if (after != no_pod)
    links_at(after).*Previous = before;
  else
    list.last = before;
  --list.size;
}

void PodTable::append_to_owner(PodList& list, PodId pod) {
  append<&PodLinks::previous_of_owner, &PodLinks::next_of_owner>(list, static_cast<std::uint32_t>(pod));
}

void PodTable::remove_from_owner(PodList& list, PodId pod) {
  remove<&PodLinks::previous_of_owner, &PodLinks::next_of_owner>(list, static_cast<std::uint32_t>(pod));
}

void PodTable::append_to_node(PodList& list, PodId pod) {
  append<&PodLinks::previous_on_node, &PodLinks::next_on_node>(list, static_cast<std::uint32_t>(pod));
}

void PodTable::remove_from_node(PodList& list, PodId pod) {
  remove<&PodLinks::previous_on_node, &PodLinks::next_on_node>(list, static_cast<std::uint32_t>(pod));
}

}  // namespace cidrplan
