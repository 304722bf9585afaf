#pragma once

#include <string>

#include "models/replayer.h"
#include "planner/net/prefix.h"

namespace cidrplan::overlay {

/// A CIDR of a recording; host bits do not count. @throws ReplayInputError
inline Prefix prefix_of(const std::string& text) {
  const auto parsed = Prefix::parse_explained(text);
  if (!parsed.prefix) throw ReplayInputError("\"" + text + "\" is not a CIDR");
  return *parsed.prefix;
}

}  // namespace cidrplan::overlay
