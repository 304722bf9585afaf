#pragma once

#include <string>

#include "cli/command.h"

namespace cidrplan::cli {

/// What --help says: of the program, or of one command.
std::string help_text();
std::string help_text(const Command& command);

/// The usage line: "cidrplan compare SCENARIO [OPTION...]".
std::string usage_of(const Command& command);
/// "-o, --output FORMAT"
std::string flags_of(const Option& option);
/// The meaning with choices and default.
std::string meaning_of(const Option& option);

inline constexpr std::string_view program_summary = "plans the address space of Kubernetes clusters";

}  // namespace cidrplan::cli
