#include "models/calico/block_watch.h"

#include "models/calico/allocator.h"

namespace cidrplan::calico {
namespace {

BlockNews about(const AllocationChange& change, BlockNews::Kind kind, const Block& block) {
  BlockNews news;
  news.kind = kind;
  news.block = change.block;
  news.key = {block.address(change.ordinal), change.handle};
  news.allocation = change.owner;
  news.sequence = change.sequence;
  return news;
}

}  // namespace

const BlockWatch::Told& BlockWatch::told(BlockId block) {
  if (slot_of(block) >= told_.size()) told_.resize(slot_of(block) + 1);
  return told_[slot_of(block)];
}

BlockWatch::Told BlockWatch::state_of(BlockId id) const {
  const auto& block = allocator_.store()[id];
  Told state;
  if (!block.exists()) return state;
  state.exists = true;
  state.nobodys = !block.has_owner();
  if (block.has_owner() && !allocator_.data().hosts[block.owner()].is_virtual) state.owner = block.owner();
  state.empty = block.used() == 0;
  state.releasable = block.empty();
  return state;
}

void BlockWatch::tell_removed(const AllocationChange& change, std::vector<BlockNews>& news) {
  const auto& block = allocator_.store()[change.block];
  // A block with an owner loses its last address in one write and its owner, so itself, in a later one.
  const bool with_block = told(change.block).nobodys && !block.exists();
  news.push_back(
      about(change, with_block ? BlockNews::Kind::removed_with_block : BlockNews::Kind::removed, block));
}

void BlockWatch::tell_block(BlockId block, std::vector<BlockNews>& news) {
  const auto before = told(block);
  const auto state = state_of(block);
  told_[slot_of(block)] = state;
  const bool replaced =
      before.exists && state.exists && !before.nobodys && !state.nobodys && before.owner != state.owner;
  if (before.exists && (!state.exists || replaced)) {
    BlockNews gone;
    gone.kind = BlockNews::Kind::deleted;
    gone.block = block;
    gone.owner = before.owner;
    news.push_back(gone);
  }
  if (state.exists && !(before == state)) tell_content(block, state, replaced ? no_host : before.owner, news);
}

void BlockWatch::tell_added(const AllocationChange& change, std::vector<BlockNews>& news) {
  const auto state = told(change.block);
  if (!state.exists) return;
  if (state.empty) {  // given out and given back in between: it was in use all the same
    auto used = state;
    used.empty = false;
    tell_content(change.block, used, used.owner, news);
    tell_content(change.block, state, state.owner, news);
    return;
  }
  news.push_back(about(change, BlockNews::Kind::added, allocator_.store()[change.block]));
}

void BlockWatch::tell_content(BlockId id, const Told& state, HostId before,
                              std::vector<BlockNews>& news) const {
  BlockNews content;
  content.block = id;
  content.owner = state.owner;
  content.empty = state.empty;
  content.owner_before = before;
  content.cidr = allocator_.store()[id].cidr();
  news.push_back(content);
}

}  // namespace cidrplan::calico
