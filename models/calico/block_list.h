#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/calico/ids.h"

namespace cidrplan::calico {

/// A host's blocks in an order that the caller keeps. Most hosts have few: these lie in the list itself, as
/// every address that is asked for looks at them.
class BlockList {
 public:
  std::size_t size() const { return size_; }
  const BlockId* begin() const { return more_ ? more_->data() : few_; }
  const BlockId* end() const { return begin() + size_; }

  /// @pre at <= size()
  void insert(std::size_t at, BlockId block) {
    if (!more_ && size_ == most_few) more_ = std::make_unique<std::vector<BlockId>>(begin(), end());
    if (more_) {
      more_->insert(more_->begin() + static_cast<std::ptrdiff_t>(at), block);
    } else {
      std::copy_backward(few_ + at, few_ + size_, few_ + size_ + 1);
      few_[at] = block;
    }
    ++size_;
  }
  /// @pre at < size()
  void erase(std::size_t at) {
    --size_;
    if (!more_) {
      std::copy(few_ + at + 1, few_ + size_ + 1, few_ + at);
      return;
    }
    more_->erase(more_->begin() + static_cast<std::ptrdiff_t>(at));
    if (size_ > most_few) return;
    std::copy(more_->begin(), more_->end(), few_);
    more_.reset();
  }

 private:
  static constexpr std::uint32_t most_few = 7;

  std::uint32_t size_ = 0;
  BlockId few_[most_few] = {};
  std::unique_ptr<std::vector<BlockId>> more_;  // all of them, where there are more
};

}  // namespace cidrplan::calico
