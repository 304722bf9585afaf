#include "models/calico/block_watch.h"

#include <algorithm>

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

BlockWatch::Told BlockWatch::told(const Block& block, const BlockState& state) const {
  Told told;
  if (!state.exists) return told;
  told.exists = true;
  told.nobodys = state.owner == no_host;
  if (!told.nobodys && !allocator_.data().hosts[state.owner].is_virtual) told.owner = state.owner;
  told.empty = state.free == block.size();
  told.releasable = state.free + std::uint32_t{state.kept_by_windows} == block.size();
  return told;
}

void BlockWatch::tell_removed(const AllocationChange& change, const ChangeLog& log,
                              std::vector<BlockNews>& news) const {
  const auto& block = allocator_.store()[change.block];
  auto kind = BlockNews::Kind::removed;
  if (!block.exists()) {
    const auto at = std::find_if(log.blocks.begin(), log.blocks.end(),
                                 [&](const BlockChange& each) { return each.block == change.block; });
    // A block with an owner loses its last address in one write and its owner, so itself, in a later one.
    if (at != log.blocks.end() && at->before.exists && at->before.owner == no_host)
      kind = BlockNews::Kind::removed_with_block;
  }
  news.push_back(about(change, kind, block));
}

void BlockWatch::tell_block(const BlockChange& change, std::vector<BlockNews>& news) const {
  const auto& block = allocator_.store()[change.block];
  const auto now = block.state();
  const auto kept = std::max(now.kept_by_windows, change.before.kept_by_windows);
  const bool always_used = std::max(now.free, change.before.free) + std::uint32_t{kept} < block.size();
  if (now.exists && change.before.exists && now.owner == change.before.owner && always_used) return;

  const auto before = told(block, change.before);
  const auto state = told(block, now);
  const bool replaced =
      before.exists && state.exists && !before.nobodys && !state.nobodys && before.owner != state.owner;
  if (before.exists && (!state.exists || replaced)) {
    BlockNews gone;
    gone.kind = BlockNews::Kind::deleted;
    gone.block = change.block;
    gone.owner = before.owner;
    news.push_back(gone);
  }
  if (state.exists && !(before == state))
    tell_content(change.block, state, replaced ? no_host : before.owner, news);
}

void BlockWatch::tell_added(const AllocationChange& change, std::vector<BlockNews>& news) const {
  const auto& block = allocator_.store()[change.block];
  const auto state = told(block, block.state());
  if (!state.exists) return;
  if (state.empty) {  // given out and given back in between: it was in use all the same
    auto used = state;
    used.empty = false;
    tell_content(change.block, used, used.owner, news);
    tell_content(change.block, state, state.owner, news);
    return;
  }
  news.push_back(about(change, BlockNews::Kind::added, block));
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
