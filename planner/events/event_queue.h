#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "planner/events/sim_time.h"

namespace cidrplan {

/// Future events in order of time, then rank, then scheduling. Push and pop cost O(1) amortised, plus the
/// logarithm of the events that share one bucket.
///
///     now          epoch end                          later epochs
///      |[ heap ][bucket][bucket] … [bucket]|[ events of epoch +1 ][ events of epoch +2 ] …
///
/// Time is cut into buckets of `bucket_ms`, buckets into epochs. Events of the buckets in hand form a heap:
/// of one, or of a few where they hold little, so that there is something to look ahead to. Those of later
/// buckets of this epoch lie unordered in their bucket, those of later epochs unordered in their epoch.
template <typename Payload>
class EventQueue {
 public:
  struct Entry {
    SimTime at{};
    std::uint64_t order = 0;  ///< rank in the top 8 bits, below it the scheduling number
    Payload payload{};

    unsigned rank() const { return static_cast<unsigned>(order >> 56); }
  };

  explicit EventQueue(SimTime start) : origin_(start.ms), buckets_(bucket_count) {}

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// @pre `at` is not before the last entry popped, and not so far that its epochs (70 minutes each) fill
  /// memory
  void push(SimTime at, unsigned rank, const Payload& payload) {
    Entry entry{at, static_cast<std::uint64_t>(rank) << 56 | next_number_++, payload};
    ++size_;
    const auto bucket = bucket_of(at);
    if (bucket <= bucket_) {
      heap_.push_back(entry);
      std::push_heap(heap_.begin(), heap_.end(), later);
      return;
    }
    place(entry, bucket);
  }

  /// The next entry. @pre not empty
  const Entry& top() {
    if (heap_.empty()) advance();
    return heap_.front();
  }

  /// Shows payloads that come soon, for fetching ahead what they will touch: `soon` each once or more while
  /// it is a few events away, later `next` where it is one or two away. Neither is promised.
  template <typename Soon, typename Next>
  void look_ahead(Soon soon, Next next) {
    const auto show = [&](std::size_t from, std::size_t to, auto& look) {
      for (auto i = from; i < std::min(to, heap_.size()); ++i) look(heap_[i].payload);
    };
    // The heap's second level comes after its first entry, its third level later.
    if (fresh_) show(0, shown_at_once, soon);
    if (heap_.size() > shown_at_once) show(3, 7, soon);
    show(1, 3, next);
    fresh_ = false;
  }

  Entry pop() {
    if (heap_.empty()) advance();
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Entry entry = heap_.back();
    heap_.pop_back();
    --size_;
    return entry;
  }

 private:
  static constexpr std::int64_t bucket_ms = 256;
  static constexpr std::int64_t bucket_count = 1 << 14;  ///< an epoch is about 70 minutes
  static constexpr std::size_t shown_at_once = 32;
  static constexpr std::size_t fetched_buckets = 12;  ///< ahead
  static constexpr std::size_t gathered = 16;         ///< events wanted in hand
  static constexpr int gathered_buckets = 64;         ///< but no more than of the next 16 s

  static bool later(const Entry& a, const Entry& b) {
    return a.at.ms != b.at.ms ? a.at.ms > b.at.ms : a.order > b.order;
  }

  std::int64_t bucket_of(SimTime at) const { return (at.ms - origin_) / bucket_ms; }

  void place(const Entry& entry, std::int64_t bucket) {
    const auto epoch = bucket / bucket_count;
    if (epoch == epoch_) {
      buckets_[static_cast<std::size_t>(bucket % bucket_count)].push_back(entry);
      return;
    }
    const auto ahead = static_cast<std::size_t>(epoch - epoch_ - 1);
    if (far_.size() <= far_first_ + ahead) far_.resize(far_first_ + ahead + 1);
    far_[far_first_ + ahead].push_back(entry);
  }

  /// Goes on to the next bucket with events, and a little further where it has few.
  void advance() {
    while (heap_.empty()) next_bucket();
    for (auto more = gathered_buckets; more > 0 && heap_.size() < gathered && heap_.size() < size_; --more)
      next_bucket();
    std::make_heap(heap_.begin(), heap_.end(), later);
    fresh_ = true;
  }

  void next_bucket() {
    ++bucket_;
    if (bucket_ % bucket_count == 0) next_epoch();
    const auto at = static_cast<std::size_t>(bucket_ % bucket_count);
    __builtin_prefetch(buckets_[std::min(at + fetched_buckets, buckets_.size() - 1)].data());
    auto& bucket = buckets_[at];
    if (bucket.empty()) return;
    if (heap_.empty() && bucket.size() >= gathered) return heap_.swap(bucket);
    heap_.insert(heap_.end(), bucket.begin(), bucket.end());
    bucket.clear();
  }

  void next_epoch() {
    ++epoch_;
    if (far_first_ >= far_.size()) return;
    std::vector<Entry> due;
    due.swap(far_[far_first_++]);
    for (const auto& entry : due)
      buckets_[static_cast<std::size_t>(bucket_of(entry.at) % bucket_count)].push_back(entry);
    if (far_first_ == far_.size()) far_.clear(), far_first_ = 0;
  }

  std::int64_t origin_;
  std::int64_t bucket_ = 0;
  std::int64_t epoch_ = 0;
  std::size_t size_ = 0;
  std::uint64_t next_number_ = 0;
  bool fresh_ = false;  ///< taken in hand since the last look ahead
  std::vector<Entry> heap_;
  std::vector<std::vector<Entry>> buckets_;
  std::vector<std::vector<Entry>> far_;  ///< from far_first_ on: the epochs after this one
  std::size_t far_first_ = 0;
};

}  // namespace cidrplan
