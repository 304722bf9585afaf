#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "models/calico/allocator.h"
#include "models/state_digest.h"

namespace cidrplan::calico {

/// Handle ids and pod names by number, in order of appearance.
class HandleNames {
 public:
  /// Of windows_handle.
  static constexpr std::string_view windows = "windows-reserved-ipam-handle";

  HandleId id(std::string_view name, Allocator& allocator);
  /// no_handle: never mentioned.
  HandleId find(std::string_view name) const;
  std::string_view name(HandleId handle) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  std::unordered_map<std::string, HandleId, Hash, std::equal_to<>> ids_;
  std::vector<const std::string*> names_;  // by HandleId
};

/// The lines that a recording's state consists of, one for each block, affinity and handle, and their digest,
/// kept up to date from what the allocator notes as changed.
///
///     B <cidr> <affinity or -> <claim time or -> u:<free ordinals> a:<ordinal>=<handle or ->@<node or ->,…
///     A <type>:<host> <cidr> <state>
///     H <handle> <cidr>=<count>,…
class RecordedState {
 public:
  /// What `changes` holds.
  enum class Detail : std::uint8_t { blocks, allocations };

  RecordedState(Allocator& allocator, const HandleNames& names, Detail detail);
  RecordedState(const RecordedState&) = delete;
  RecordedState& operator=(const RecordedState&) = delete;

  /// Takes in what changed since the last call.
  void update();
  std::uint64_t digest() const { return sum_; }
  /// All lines, sorted.
  std::vector<std::string> lines() const;
  /// The lines, as they are now, of what the last update took in.
  std::vector<std::string> changed_lines() const;
  /// What the last update took in.
  const ChangeLog& changes() const { return last_; }

 private:
  void append_block(std::string& out, BlockId block) const;
  void append_affinity(std::string& out, BlockId block) const;
  void append_handle(std::string& out, HandleId handle) const;
  void append_owner(std::string& out, HostId host) const;
  void replace(std::vector<std::uint64_t>& digests, std::size_t slot, const std::string& line);

  Allocator& allocator_;
  const HandleNames& names_;
  ChangeLog log_;
  ChangeLog last_;
  std::vector<std::uint64_t> block_digests_;  // by BlockId; 0: no line
  std::vector<std::uint64_t> affinity_digests_;
  std::vector<std::uint64_t> handle_digests_;  // by HandleId
  std::uint64_t sum_ = 0;
  std::string line_;
};

}  // namespace cidrplan::calico
