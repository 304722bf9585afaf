#include "cli/completions.h"

namespace cidrplan::cli {
namespace {

std::string fish_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// -x: a value that is no file; -r -F: one that is.
std::string value_of(const Option& option) {
  if (option.value.empty()) return "";
  if (takes_file(option)) return " -r -F";
  return option.choices.empty() ? " -x" : " -x -a '" + words_of(option.choices) + "'";
}

std::string lines_of(const Command& command, const std::string& all) {
  auto out = "complete -c cidrplan -n 'not __fish_seen_subcommand_from " + all + "' -f -a " +
             std::string(command.name) + " -d '" + fish_text(command.summary) + "'\n";
  const auto seen = "complete -c cidrplan -n '__fish_seen_subcommand_from " + std::string(command.name) + "'";
  for (const auto& option : command.options) {
    out += seen + " -l " + std::string(option.name) +
           (option.letter ? std::string(" -s ") + option.letter : "") + value_of(option) + " -d '" +
           fish_text(option.meaning) + "'\n";
  }
  out += seen + " -s h -l help -d 'this text'\n";
  if (takes_files(command)) return out;
  const auto words = positional_words(command);
  return out + seen + " -f" + (words.empty() ? "" : " -a '" + words + "'") + "\n";
}

}  // namespace

std::string fish_completion() {
  std::string out = "# fish completion for cidrplan\n";
  const auto all = command_words();
  for (const auto& command : all_commands()) out += lines_of(command, all);
  return out;
}

}  // namespace cidrplan::cli
