#include <algorithm>
#include <array>
#include <ostream>

#include "cli/commands.h"
#include "cli/completions.h"

namespace cidrplan::cli {
namespace {

/// How options and positionals that mean a file call their value.
bool means_file(std::string_view value) {
  constexpr std::array<std::string_view, 4> names{"DIR", "FILE", "PATH", "SCENARIO"};
  return std::find(names.begin(), names.end(), value) != names.end();
}

int run_completion(const Arguments& arguments, Session& session) {
  const auto shell = arguments.text("SHELL");
  session.out << (shell == "bash"  ? bash_completion()
                  : shell == "zsh" ? zsh_completion()
                                   : fish_completion());
  return done;
}

}  // namespace

std::string words_of(const std::vector<std::string_view>& choices) {
  std::string text;
  for (const auto choice : choices) text += (text.empty() ? "" : " ") + std::string(choice);
  return text;
}

std::string command_words() {
  std::vector<std::string_view> names;
  for (const auto& command : all_commands()) names.push_back(command.name);
  return words_of(names);
}

std::string positional_words(const Command& command) {
  for (const auto& positional : command.positionals) {
    if (!positional.choices.empty()) return words_of(positional.choices);
    if (positional.known) return words_of(positional.known());
  }
  return "";
}

bool takes_files(const Command& command) {
  return std::any_of(command.positionals.begin(), command.positionals.end(),
                     [](const Positional& positional) { return means_file(positional.name); });
}

bool takes_file(const Option& option) { return means_file(option.value); }

Command completion_command() {
  return {"completion",
          "print a shell's completion script",
          "Prints a script that completes commands, options and their values in your shell.\n\nbash: source "
          "<(cidrplan completion bash), for instance in ~/.bashrc.\n\nzsh: cidrplan completion zsh > "
          "_cidrplan in a folder of $fpath, before compinit.\n\nfish: cidrplan completion fish > "
          "~/.config/fish/completions/cidrplan.fish.",
          {{"SHELL", "bash, zsh or fish", true, false, {"bash", "zsh", "fish"}}},
          {},
          {"completion bash"},
          run_completion};
}

}  // namespace cidrplan::cli
