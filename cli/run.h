#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/session.h"

namespace cidrplan::cli {

inline constexpr std::string_view version = CIDRPLAN_VERSION;

/// The whole program but for the process: reads the words after the program's name, runs the command, and
/// turns whatever went wrong into one text on stderr and an exit code.
int run(std::span<const std::string> words, Session& session);

}  // namespace cidrplan::cli
