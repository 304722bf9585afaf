#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace cidrplan {

/// A set of small numbers that finds its smallest member at once: a bitmap with two levels of summary above
/// it.
class IdSet {
 public:
  void insert(std::uint32_t id);
  void erase(std::uint32_t id);
  bool contains(std::uint32_t id) const;
  bool empty() const { return count_ == 0; }
  std::uint32_t size() const { return count_; }
  /// @pre not empty
  std::uint32_t first() const;
  /// The member with `rank` smaller ones. @pre rank < size()
  std::uint32_t nth(std::uint32_t rank) const;

 private:
  static constexpr int levels =
      3;  ///< level 0 is the set itself; each bit above says that a word below is not empty

  std::array<std::vector<std::uint64_t>, levels> words_;
  std::uint32_t count_ = 0;
};

}  // namespace cidrplan
