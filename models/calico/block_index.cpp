#include "models/calico/block_index.h"

#include <algorithm>
#include <iterator>

#include "planner/net/contract.h"

namespace cidrplan::calico {
namespace {

constexpr std::uint8_t bit(BlockIndex::Mark mark) { return static_cast<std::uint8_t>(mark); }
constexpr std::size_t counter(BlockIndex::Mark mark) {
  return mark == BlockIndex::Mark::may_have_free ? 0 : 1;
}
constexpr std::uint8_t both_marks =
    bit(BlockIndex::Mark::may_have_free) | bit(BlockIndex::Mark::may_be_empty);

std::ptrdiff_t offset(std::size_t position) { return static_cast<std::ptrdiff_t>(position); }

}  // namespace

std::size_t BlockIndex::page_of(uint128 number) const {
  const auto after = std::partition_point(summaries_.begin(), summaries_.end(),
                                          [&](const Summary& page) { return page.first <= number; });
  return after == summaries_.begin() ? 0 : static_cast<std::size_t>(after - summaries_.begin()) - 1;
}

std::size_t BlockIndex::Page::position_of(uint128 number) const {
  return static_cast<std::size_t>(std::lower_bound(numbers.begin(), numbers.end(), number) - numbers.begin());
}

BlockId BlockIndex::find(uint128 number) const {
  if (pages_.empty()) return no_block;
  const auto& page = pages_[page_of(number)];
  const auto at = page.position_of(number);
  return at < page.numbers.size() && page.numbers[at] == number ? page.blocks[at] : no_block;
}

void BlockIndex::summarize(std::size_t page) {
  const auto& contents = pages_[page];
  auto& summary = summaries_[page];
  summary.first = contents.numbers.front();
  summary.last = contents.numbers.back();
  summary.size = static_cast<std::uint16_t>(contents.numbers.size());
  summary.marked[0] = summary.marked[1] = 0;
  for (const auto marks : contents.marks) {
    summary.marked[0] = static_cast<std::uint16_t>(summary.marked[0] + (marks & 1u));
    summary.marked[1] = static_cast<std::uint16_t>(summary.marked[1] + (marks >> 1 & 1u));
  }
}

void BlockIndex::split(std::size_t page) {
  Page upper;
  auto& lower = pages_[page];
  const auto half = offset(lower.numbers.size() / 2);
  upper.numbers.assign(lower.numbers.begin() + half, lower.numbers.end());
  upper.blocks.assign(lower.blocks.begin() + half, lower.blocks.end());
  upper.marks.assign(lower.marks.begin() + half, lower.marks.end());
  lower.numbers.erase(lower.numbers.begin() + half, lower.numbers.end());
  lower.blocks.erase(lower.blocks.begin() + half, lower.blocks.end());
  lower.marks.erase(lower.marks.begin() + half, lower.marks.end());
  pages_.insert(pages_.begin() + offset(page) + 1, std::move(upper));
  summaries_.insert(summaries_.begin() + offset(page) + 1, Summary{});
  summarize(page);
  summarize(page + 1);
}

void BlockIndex::insert(uint128 number, BlockId block) {
  if (pages_.empty()) {
    pages_.emplace_back();
    summaries_.emplace_back();
  }
  auto at = page_of(number);
  if (pages_[at].numbers.size() == page_size) {
    split(at);
    if (number >= summaries_[at + 1].first) ++at;
  }
  auto& page = pages_[at];
  const auto position = page.position_of(number);
  CIDRPLAN_EXPECTS(position == page.numbers.size() || page.numbers[position] != number);
  page.numbers.insert(page.numbers.begin() + offset(position), number);
  page.blocks.insert(page.blocks.begin() + offset(position), block);
  page.marks.insert(page.marks.begin() + offset(position), both_marks);
  auto& summary = summaries_[at];
  summary.first = page.numbers.front();
  summary.last = page.numbers.back();
  ++summary.size;
  ++summary.marked[0];
  ++summary.marked[1];
  ++size_;
}

void BlockIndex::erase(uint128 number) {
  CIDRPLAN_EXPECTS(!pages_.empty());
  const auto at = page_of(number);
  auto& page = pages_[at];
  const auto position = page.position_of(number);
  CIDRPLAN_EXPECTS(position < page.numbers.size() && page.numbers[position] == number);
  page.numbers.erase(page.numbers.begin() + offset(position));
  page.blocks.erase(page.blocks.begin() + offset(position));
  page.marks.erase(page.marks.begin() + offset(position));
  --size_;
  if (page.numbers.empty()) {
    pages_.erase(pages_.begin() + offset(at));
    summaries_.erase(summaries_.begin() + offset(at));
    return;
  }
  summarize(at);
  if (at > 0) join(at - 1);
}

void BlockIndex::join(std::size_t page) {
  auto& lower = pages_[page];
  auto& upper = pages_[page + 1];
  if (lower.numbers.size() + upper.numbers.size() > page_size / 2) return;
  lower.numbers.insert(lower.numbers.end(), upper.numbers.begin(), upper.numbers.end());
  lower.blocks.insert(lower.blocks.end(), upper.blocks.begin(), upper.blocks.end());
  lower.marks.insert(lower.marks.end(), upper.marks.begin(), upper.marks.end());
  pages_.erase(pages_.begin() + offset(page) + 1);
  summaries_.erase(summaries_.begin() + offset(page) + 1);
  summarize(page);
}

void BlockIndex::set_mark(uint128 number, Mark mark, bool value) {
  const auto at = page_of(number);
  auto& page = pages_[at];
  auto& marks = page.marks[page.position_of(number)];
  if (((marks & bit(mark)) != 0) == value) return;
  marks = static_cast<std::uint8_t>(marks ^ bit(mark));
  auto& count = summaries_[at].marked[counter(mark)];
  count = static_cast<std::uint16_t>(value ? count + 1 : count - 1);
}

std::optional<uint128> BlockIndex::next_absent(uint128 first, uint128 last) const {
  uint128 candidate = first;
  for (auto at = page_of(first); at < pages_.size(); ++at) {
    const auto& summary = summaries_[at];
    if (candidate < summary.first) break;  // in the gap between two pages
    if (candidate > summary.last) continue;
    const bool gapless = summary.last - summary.first + 1 == summary.size;
    if (!gapless) {
      const auto& numbers = pages_[at].numbers;
      const auto begin = pages_[at].position_of(candidate);
      if (numbers[begin] != candidate) break;
      // numbers[i] - i never falls: up to the first gap it stays what it is at the candidate.
      const auto run_end =
          std::partition_point(numbers.begin() + offset(begin), numbers.end(), [&](const uint128& number) {
            return number - candidate == static_cast<uint128>(&number - &numbers[begin]);
          });
      candidate = *std::prev(run_end);
      if (candidate >= last) return std::nullopt;
      ++candidate;
      if (run_end != numbers.end()) break;
      continue;
    }
    if (summary.last >= last) return std::nullopt;
    candidate = summary.last + 1;
  }
  if (candidate > last) return std::nullopt;
  return candidate;
}

std::optional<BlockIndex::Entry> BlockIndex::next(uint128 first, uint128 last) const {
  if (pages_.empty()) return std::nullopt;
  auto at = page_of(first);
  auto position = pages_[at].position_of(first);
  if (position == pages_[at].numbers.size()) {
    if (++at == pages_.size()) return std::nullopt;
    position = 0;
  }
  const auto number = pages_[at].numbers[position];
  if (number > last) return std::nullopt;
  return Entry{number, pages_[at].blocks[position]};
}

std::optional<BlockIndex::Entry> BlockIndex::next(uint128 first, uint128 last, Mark mark) const {
  if (pages_.empty()) return std::nullopt;
  const auto begin = page_of(first);
  for (auto at = begin; at < pages_.size() && summaries_[at].first <= last; ++at) {
    if (summaries_[at].marked[counter(mark)] == 0) continue;
    const auto& page = pages_[at];
    for (auto i = at == begin ? page.position_of(first) : 0; i < page.numbers.size(); ++i) {
      if (page.numbers[i] > last) return std::nullopt;
      if ((page.marks[i] & bit(mark)) != 0) return Entry{page.numbers[i], page.blocks[i]};
    }
  }
  return std::nullopt;
}

}  // namespace cidrplan::calico
