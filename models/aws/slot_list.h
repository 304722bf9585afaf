#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "planner/cluster/ids.h"
#include "planner/events/sim_time.h"

namespace cidrplan::aws {

/// An address a unit remembers: in use by a pod, or released at a time.
struct Slot {
  std::uint64_t offset = 0;  ///< within the unit
  SimTime released{};
  PodId pod{};
  bool in_use = false;
};

/// The remembered addresses of one unit, ascending by offset. The first lies in the list itself: a unit of
/// one address needs no memory of its own.
class SlotList {
 public:
  SlotList() = default;
  SlotList(SlotList&& other) noexcept { take(other); }
  SlotList& operator=(SlotList&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }

  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  Slot* begin() { return more_ ? more_.get() : &first_; }
  Slot* end() { return begin() + size_; }
  const Slot* begin() const { return more_ ? more_.get() : &first_; }
  const Slot* end() const { return begin() + size_; }

  void insert(Slot* before, const Slot& slot) {
    const auto index = before - begin();
    if (size_ == (more_ ? room_ : 1)) grow();
    auto* const at = begin() + index;
    for (auto* each = end(); each != at; --each) *each = *(each - 1);
    *at = slot;
    ++size_;
  }

  template <typename Predicate>
  void erase_if(Predicate gone) {
    auto* kept = begin();
    for (auto* each = begin(); each != end(); ++each) {
      if (gone(*each)) continue;
      if (kept != each) *kept = *each;
      ++kept;
    }
    size_ = static_cast<std::uint32_t>(kept - begin());
  }

 private:
  void take(SlotList& other) {
    first_ = other.first_;
    more_ = std::move(other.more_);
    size_ = std::exchange(other.size_, 0);
    room_ = std::exchange(other.room_, 0);
  }
  void grow() {
    const std::uint32_t room = more_ ? room_ * 2 : 4;
    auto wider = std::make_unique<Slot[]>(room);
    std::uint32_t i = 0;
    for (const auto& slot : *this) wider[i++] = slot;
    more_ = std::move(wider);
    room_ = room;
  }

  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;
  Slot first_;
  std::unique_ptr<Slot[]> more_;
};

}  // namespace cidrplan::aws
