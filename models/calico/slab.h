#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace cidrplan::calico {

/// Records by number in pieces of 4096: they never move, and memory grows by what is needed. Which numbers
/// are free is the owner's business.
template <typename Record>
class Slab {
 public:
  std::uint32_t size() const { return size_; }

  Record& operator[](std::uint32_t slot) { return pieces_[slot >> piece_bits][slot & piece_mask]; }
  const Record& operator[](std::uint32_t slot) const {
    return pieces_[slot >> piece_bits][slot & piece_mask];
  }

  /// The number of a new record.
  std::uint32_t append() {
    if ((size_ & piece_mask) == 0) pieces_.push_back(std::make_unique<Record[]>(piece_mask + 1));
    return size_++;
  }

 private:
  static constexpr std::uint32_t piece_bits = 12;
  static constexpr std::uint32_t piece_mask = (1u << piece_bits) - 1;

  std::vector<std::unique_ptr<Record[]>> pieces_;
  std::uint32_t size_ = 0;
};

}  // namespace cidrplan::calico
