#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace cidrplan::cli {

struct Parsed {
  const Command* command = nullptr;  ///< none: nothing but --help or --version was said
  Arguments arguments;
  bool help = false;
  bool version = false;
};

/// @param words  without the program's name
/// @throws UsageError  in our own words, with the nearest known name where something is unknown
Parsed parse_arguments(std::span<const std::string> words);

}  // namespace cidrplan::cli
