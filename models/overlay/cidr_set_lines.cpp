#include "models/overlay/cidr_set_lines.h"

#include <utility>

namespace cidrplan::overlay {

std::string set_line(const std::string& name, const CidrSet& set) {
  return "C " + name + ' ' + set.cluster().to_string() + " /" + std::to_string(set.node_mask()) + ' ' +
         std::to_string(set.used()) + ' ' + std::to_string(set.cursor());
}

std::string block_line(const std::string& name, std::uint64_t index) {
  return "U " + name + ' ' + std::to_string(index);
}

std::vector<std::string> lines_of(const std::string& name, const CidrSet& set) {
  std::vector<std::string> lines{set_line(name, set)};
  for (std::uint64_t index = 0; index < set.blocks(); ++index) {
    if (set.is_used(index)) lines.push_back(block_line(name, index));
  }
  return lines;
}

void toggle_all(StateDigest& digest, const std::string& name, const CidrSet& set) {
  for (const auto& line : lines_of(name, set)) digest.toggle(line);
}

const char* code_of(CidrError error) {
  switch (error) {
    case CidrError::exhausted:
      return "exhausted";
    case CidrError::out_of_range:
      return "out-of-range";
    case CidrError::node_cidr_too_big:
      return "node-cidr-too-big";
    case CidrError::no_such_family:
      return "no-such-family";
    case CidrError::refused:
      return "refused";
    case CidrError::timeout:
      return "timeout";
  }
  return "";
}

void BlockWatch::add(std::string name, const CidrSet& set, const Prefix& prefix) {
  const auto slice = set.slice_of(prefix);
  if (!slice || slice->empty) return;
  auto& watched = watched_.emplace_back(Watched{std::move(name), &set, slice->first, {}});
  for (auto index = slice->first; index <= slice->last; ++index) watched.used.push_back(set.is_used(index));
}

void BlockWatch::toggle_changes(StateDigest& digest) const {
  for (const auto& [name, set, first, used] : watched_) {
    for (std::uint64_t i = 0; i < used.size(); ++i) {
      if (set->is_used(first + i) != used[i]) digest.toggle(block_line(name, first + i));
    }
  }
}

}  // namespace cidrplan::overlay
