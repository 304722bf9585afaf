#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

#include "planner/net/contract.h"

/// Reading the program's own data files: what they hold is known, a fault in one is a fault of the program.
namespace cidrplan::aws {

/// Takes the text before the next `end` off the front, and `end` itself.
inline std::string_view take_until(std::string_view& text, char end) {
  const auto at = std::min(text.find(end), text.size());
  const auto taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

inline bool is_comment(std::string_view line) { return line.empty() || line.front() == '#'; }

inline int number(std::string_view field) {
  int value = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
  CIDRPLAN_EXPECTS(read.ec == std::errc{});
  return value;
}

}  // namespace cidrplan::aws
