#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/calico/ids.h"
#include "planner/net/uint128.h"

namespace cidrplan::calico {

/// The existing blocks of one size, ascending by number (address / size): a list of pages of neighbours.
/// Finds a block, the next number without a block, and the next block that may have free ordinals or be
/// empty, without looking at the blocks between. The two marks are upper bounds: set when it may have become
/// true, taken away by a search that found it false.
class BlockIndex {
 public:
  enum class Mark : std::uint8_t { may_have_free = 1, may_be_empty = 2 };

  struct Entry {
    uint128 number = 0;
    BlockId block = no_block;
  };

  std::size_t size() const { return size_; }
  /// no_block: there is none.
  BlockId find(uint128 number) const;
  /// Both marks set. @pre no block of that number
  void insert(uint128 number, BlockId block);
  void erase(uint128 number);
  void set_mark(uint128 number, Mark mark, bool value);

  /// The lowest number from `first` to `last` without a block.
  std::optional<uint128> next_absent(uint128 first, uint128 last) const;
  /// The lowest block from `first` to `last`, with the mark where one is named.
  std::optional<Entry> next(uint128 first, uint128 last) const;
  std::optional<Entry> next(uint128 first, uint128 last, Mark mark) const;

 private:
  static constexpr std::size_t page_size = 128;

  struct Page {
    std::vector<uint128> numbers;
    std::vector<BlockId> blocks;
    std::vector<std::uint8_t> marks;

    std::size_t position_of(uint128 number) const;  ///< of the first that is not lower
  };
  /// What a search needs to know of a page, side by side.
  struct Summary {
    uint128 first = 0;
    uint128 last = 0;
    std::uint16_t size = 0;
    std::uint16_t marked[2] = {0, 0};
  };

  /// The page that holds `number` or would, if there is one at all.
  std::size_t page_of(uint128 number) const;
  void summarize(std::size_t page);
  void split(std::size_t page);
  void join(std::size_t page);  // with the one after it, where both are small

  std::vector<Summary> summaries_;
  std::vector<Page> pages_;
  std::size_t size_ = 0;
};

}  // namespace cidrplan::calico
