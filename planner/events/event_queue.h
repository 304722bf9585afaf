#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "planner/events/sim_time.h"

namespace cidrplan {

/// Future events in order of time, then rank, then scheduling. Push and pop cost O(1) amortised, plus the
/// logarithm of the events that share one bucket.
///
///     now          epoch end                          later epochs
///      |[ hand ][bucket][bucket] … [bucket]|[ events of epoch +1 ][ events of epoch +2 ] …
///
/// Time is cut into epochs of about 70 minutes, and the epoch that runs into buckets: the wider, the less was
/// scheduled into it when it began. Events of the buckets in hand are sorted: of one, or of a few where they
/// hold little, so that there is something to look ahead to. What is scheduled into them later waits in a
/// heap beside. Events of later buckets of this epoch lie unordered in their bucket, those of later epochs
/// unordered in their epoch. A bit for each bucket says whether it holds any, so that quiet years pass
/// quickly.
template <typename Payload>
class EventQueue {
 public:
  struct Entry {
    SimTime at{};
    std::uint64_t order = 0;  ///< rank in the top 8 bits, below it the scheduling number
    Payload payload{};

    unsigned rank() const { return static_cast<unsigned>(order >> 56); }
  };

  explicit EventQueue(SimTime start) : origin_(start.ms), buckets_(most_buckets) {}

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

  /// @pre `at` is not before the last entry popped, and not so far that its epochs fill memory
  void push(SimTime at, unsigned rank, Payload payload) {
    const Entry entry{at, static_cast<std::uint64_t>(rank) << 56 | next_number_++, payload};
    ++size_;
    if (since_origin(at) >= hand_end_) return place(entry);
    late_.push_back(entry);
    std::push_heap(late_.begin(), late_.end(), later);
  }

  /// The next entry. @pre not empty
  const Entry& top() {
    gather();
    return late_is_next() ? late_.front() : hand_[next_];
  }

  Entry pop() {
    gather();
    --size_;
    if (!late_is_next()) return hand_[next_++];
    std::pop_heap(late_.begin(), late_.end(), later);
    const Entry entry = late_.back();
    late_.pop_back();
    return entry;
  }

  /// The payload so many events ahead, for fetching from memory what it will touch; null where none is known.
  /// A hint: what is scheduled meanwhile may come before it.
  const Payload* ahead(std::size_t events) const {
    return events < in_hand() ? &hand_[next_ + events].payload : nullptr;
  }

 private:
  static constexpr int epoch_bits = 22;     ///< 2^22 ms
  static constexpr int narrowest_bits = 8;  ///< 256 ms
  static constexpr int widest_bits = 13;    ///< 8 s
  static constexpr std::int64_t epoch_ms = std::int64_t{1} << epoch_bits;
  static constexpr std::size_t most_buckets = std::size_t{1} << (epoch_bits - narrowest_bits);
  static constexpr std::size_t fetched_buckets = 12;  ///< ahead
  static constexpr std::size_t wanted = 16;           ///< events in hand, to look ahead to
  static constexpr std::int64_t most_ahead = 16'384;  ///< but no later than this, in ms

  static bool later(const Entry& a, const Entry& b) {
    return a.at.ms != b.at.ms ? a.at.ms > b.at.ms : a.order > b.order;
  }

  static bool sooner(const Entry& a, const Entry& b) { return later(b, a); }

  std::size_t in_hand() const { return hand_.size() - next_; }
  bool late_is_next() const {
    return !late_.empty() && (in_hand() == 0 || later(hand_[next_], late_.front()));
  }

  std::int64_t since_origin(SimTime at) const { return at.ms - origin_; }
  std::size_t bucket_of(std::int64_t since) const {
    return static_cast<std::size_t>((since - epoch_ * epoch_ms) >> width_bits_);
  }
  std::size_t bucket_count() const { return std::size_t{1} << (epoch_bits - width_bits_); }

  void place(const Entry& entry) {
    const auto since = since_origin(entry.at);
    const auto epoch = since >> epoch_bits;
    if (epoch == epoch_) return put(entry, bucket_of(since));
    const auto ahead = static_cast<std::size_t>(epoch - epoch_ - 1);
    if (far_.size() <= far_first_ + ahead) far_.resize(far_first_ + ahead + 1);
    far_[far_first_ + ahead].push_back(entry);
  }

  void put(const Entry& entry, std::size_t bucket) {
    buckets_[bucket].push_back(entry);
    filled_[bucket / 64] |= std::uint64_t{1} << bucket % 64;
  }

  /// Takes further buckets in hand where it holds little.
  void gather() {
    if (in_hand() >= wanted) return;
    if (in_hand() == 0 && late_.empty()) take_bucket(std::numeric_limits<std::int64_t>::max());
    const auto next = since_origin(late_is_next() ? late_.front().at : hand_[next_].at);
    while (in_hand() < wanted && in_hand() + late_.size() < size_)
      if (!take_bucket(next + most_ahead)) return;
  }

  /// Takes the next bucket in hand that holds anything. @return whether it begins before `limit`
  bool take_bucket(std::int64_t limit) {
    while (true) {
      const auto bucket = next_filled(bucket_of(hand_end_));
      const auto begin = epoch_ * epoch_ms + (static_cast<std::int64_t>(bucket) << width_bits_);
      if (begin >= limit) return false;
      if (bucket < bucket_count()) {
        hand_end_ = begin + (std::int64_t{1} << width_bits_);
        take(bucket);
        return true;
      }
      next_epoch();
    }
  }

  /// The first bucket of this epoch from `bucket` on that holds anything; their count where none does.
  std::size_t next_filled(std::size_t bucket) const {
    const auto count = bucket_count();
    if (bucket >= count) return count;
    auto word = bucket / 64;
    auto bits = filled_[word] & ~std::uint64_t{0} << bucket % 64;
    while (bits == 0) {
      if (++word * 64 >= count) return count;
      bits = filled_[word];
    }
    return word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
  }

  void take(std::size_t at) {
    __builtin_prefetch(buckets_[std::min(at + fetched_buckets, bucket_count() - 1)].data());
    filled_[at / 64] &= ~(std::uint64_t{1} << at % 64);
    auto& bucket = buckets_[at];
    if (next_ > in_hand()) {
      hand_.erase(hand_.begin(), hand_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    std::sort(bucket.begin(), bucket.end(), sooner);
    hand_.insert(hand_.end(), bucket.begin(), bucket.end());
    bucket.clear();
  }

  void next_epoch() {
    ++epoch_;
    hand_end_ = epoch_ * epoch_ms;
    if (far_first_ >= far_.size()) return;
    std::vector<Entry> due;
    due.swap(far_[far_first_++]);
    width_bits_ = widest_bits;
    while (width_bits_ > narrowest_bits && due.size() > wanted * bucket_count()) --width_bits_;
    for (const auto& entry : due) put(entry, bucket_of(since_origin(entry.at)));
    if (far_first_ == far_.size()) far_.clear(), far_first_ = 0;
  }

  std::int64_t origin_;
  std::int64_t hand_end_ = 0;  ///< ms since the origin: what comes before is in hand, or late
  std::int64_t epoch_ = 0;
  int width_bits_ = narrowest_bits;  ///< of this epoch's buckets: 2^width_bits_ ms
  std::size_t size_ = 0;
  std::uint64_t next_number_ = 0;
  std::vector<Entry> hand_;  ///< from next_ on: ascending
  std::size_t next_ = 0;
  std::vector<Entry> late_;  ///< a heap: what was scheduled into the hand's buckets
  std::vector<std::vector<Entry>> buckets_;
  std::array<std::uint64_t, most_buckets / 64> filled_{};  ///< a bit for each bucket
  std::vector<std::vector<Entry>> far_;                    ///< from far_first_ on: the epochs after this one
  std::size_t far_first_ = 0;
};

}  // namespace cidrplan
