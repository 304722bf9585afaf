#pragma once

#include <string>

#include "cli/command.h"

/// Completion scripts, made from the one description of the commands.
namespace cidrplan::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

/// The names of all commands, separated by blanks.
std::string command_words();
/// Words that may stand where a file may not: the choices of an option.
std::string words_of(const std::vector<std::string_view>& choices);
/// What a command's arguments may be; empty: files, or nothing (takes_files).
std::string positional_words(const Command& command);
bool takes_files(const Command& command);
/// The option's value is a file or folder.
bool takes_file(const Option& option);

}  // namespace cidrplan::cli
