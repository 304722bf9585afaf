#pragma once

#include <cstdint>
#include <utility>

#include "planner/cluster/ids.h"
#include "planner/events/sim_time.h"

namespace cidrplan::aws {

/// An address a unit remembers: in use by a pod, or released at a time.
class Slot {
 public:
  Slot() = default;
  /// @param offset  within the unit, below 2^48
  static Slot taken(std::uint64_t offset, PodId pod) {
    return {offset | used, static_cast<std::int64_t>(pod)};
  }

  std::uint64_t offset() const { return place_ & ~used; }
  bool in_use() const { return (place_ & used) != 0; }
  PodId pod() const { return static_cast<PodId>(value_); }  ///< @pre in use
  SimTime released() const { return {value_}; }             ///< @pre not in use

  void release(SimTime now) {
    place_ &= ~used;
    value_ = now.ms;
  }

 private:
  static constexpr std::uint64_t used = std::uint64_t{1} << 63;

  Slot(std::uint64_t place, std::int64_t value) : place_(place), value_(value) {}

  std::uint64_t place_ = 0;
  std::int64_t value_ = 0;
};

/// The remembered addresses of one unit, ascending by offset. The first lies in the list itself: a unit of
/// one address needs no memory of its own.
class SlotList {
 public:
  SlotList() = default;
  SlotList(SlotList&& other) noexcept { take(other); }
  SlotList& operator=(SlotList&& other) noexcept {
    if (this == &other) return *this;
    drop();
    take(other);
    return *this;
  }
  SlotList(const SlotList&) = delete;
  SlotList& operator=(const SlotList&) = delete;
  ~SlotList() { drop(); }

  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }
  Slot* begin() { return room_ == 0 ? &place_.one : place_.many; }
  Slot* end() { return begin() + size_; }
  const Slot* begin() const { return room_ == 0 ? &place_.one : place_.many; }
  const Slot* end() const { return begin() + size_; }

  void insert(Slot* before, const Slot& slot) {
    const auto index = before - begin();
    if (size_ == (room_ == 0 ? 1 : room_)) grow();
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
  union Place {
    Slot one{};
    Slot* many;
  };

  void take(SlotList& other) {
    place_ = other.place_;
    size_ = std::exchange(other.size_, 0);
    room_ = std::exchange(other.room_, 0);
  }
  void drop() {
    if (room_ != 0) delete[] place_.many;
  }
  void grow() {
    const std::uint32_t room = room_ == 0 ? 4 : room_ * 2;
    auto* const wider = new Slot[room];
    std::uint32_t i = 0;
    for (const auto& slot : *this) wider[i++] = slot;
    drop();
    place_.many = wider;
    room_ = room;
  }

  Place place_;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;  ///< of `many`; 0: `one` holds
};

}  // namespace cidrplan::aws
