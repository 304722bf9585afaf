#pragma once

#include <string>
#include <vector>

#include "models/overlay/cidr_set.h"
#include "models/state_digest.h"

namespace cidrplan::overlay {

// The lines that describe the state of node ranges in a recording.
// @source tests/conformance/node-cidr/README.md

/// `C <set> <cluster> /<mask> <used> <cursor>`
std::string set_line(const std::string& name, const CidrSet& set);
/// `U <set> <index>`
std::string block_line(const std::string& name, std::uint64_t index);
/// Every line of one set.
std::vector<std::string> lines_of(const std::string& name, const CidrSet& set);
void toggle_all(StateDigest& digest, const std::string& name, const CidrSet& set);

/// The code of an error in a recording's answers.
const char* code_of(CidrError error);

/// The node ranges an operation may change, as they were before it: an operation costs what it touches, not
/// what its set holds.
class BlockWatch {
 public:
  void add(std::string name, const CidrSet& set, const Prefix& prefix);
  /// Toggles the lines of those that came or went since.
  void toggle_changes(StateDigest& digest) const;

 private:
  struct Watched {
    std::string name;
    const CidrSet* set;
    std::uint64_t first;
    std::vector<bool> used;
  };
  std::vector<Watched> watched_;
};

}  // namespace cidrplan::overlay
