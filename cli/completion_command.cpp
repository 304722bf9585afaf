#include <ostream>

#include "cli/commands.h"

namespace cidrplan::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const auto& command : all_commands()) names.emplace_back(command.name);
  return names;
}

std::vector<std::string> flags_of(const Command& command) {
  std::vector<std::string> flags;
  for (const auto& option : command.options) flags.push_back("--" + std::string(option.name));
  flags.emplace_back("--help");
  return flags;
}

std::string words_of(const std::vector<std::string_view>& choices) {
  return joined(std::vector<std::string>(choices.begin(), choices.end()));
}

/// The choices of the positionals; empty where files are meant.
std::string positional_choices(const Command& command) {
  for (const auto& positional : command.positionals) {
    if (!positional.choices.empty()) return words_of(positional.choices);
  }
  return "";
}

std::string bash() {
  std::string out =
      "# bash completion for cidrplan\n"
      "_cidrplan() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '" +
      joined(command_names()) +
      " --help --version' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case \"${COMP_WORDS[1]}:$before\" in\n";
  for (const auto& command : all_commands()) {
    for (const auto& option : command.options) {
      if (option.choices.empty()) continue;
      auto names = std::string(command.name) + ":--" + std::string(option.name);
      if (option.letter) names += "|" + std::string(command.name) + ":-" + option.letter;
      out += "    " + names + ") words='" + words_of(option.choices) + "' ;;\n";
    }
  }
  out += "  esac\n  if [ -z \"$words\" ]; then case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& command : all_commands()) {
    const auto choices = positional_choices(command);
    out += "    " + std::string(command.name) + ") words='" + joined(flags_of(command)) +
           (choices.empty() ? "" : " " + choices) + "' ;;\n";
  }
  return out +
         "  esac; fi\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "}\n"
         "complete -o default -o bashdefault -F _cidrplan cidrplan\n";
}

/// Text inside single quotes and brackets of zsh's _arguments.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string zsh() {
  std::string out =
      "#compdef cidrplan\n"
      "_cidrplan() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const auto& command : all_commands()) {
    out += "    '" + std::string(command.name) + ":" + zsh_text(command.summary) + "'\n";
  }
  out +=
      "  )\n"
      "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  local name=$words[2]\n"
      "  shift words; (( CURRENT-- ))\n"
      "  case $name in\n";
  for (const auto& command : all_commands()) {
    out += "    " + std::string(command.name) + ") _arguments";
    for (const auto& option : command.options) {
      const auto head = std::string(option.repeated ? "*" : "") + "--" + std::string(option.name) +
                        (option.value.empty() ? "" : "=") + "[" + zsh_text(option.meaning) + "]";
      auto value = option.value.empty() ? std::string() : ":" + zsh_text(option.value) + ":";
      if (!option.value.empty())
        value += option.choices.empty() ? "_files" : "(" + words_of(option.choices) + ")";
      out += " '" + head + value + "'";
    }
    const auto choices = positional_choices(command);
    out += " '--help[this text]' '*:argument:" +
           (choices.empty() ? std::string("_files") : "(" + choices + ")") + "' ;;\n";
  }
  return out + "  esac\n}\n_cidrplan \"$@\"\n";
}

std::string fish_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string fish() {
  std::string out = "# fish completion for cidrplan\n";
  const auto names = joined(command_names());
  for (const auto& command : all_commands()) {
    out += "complete -c cidrplan -n 'not __fish_seen_subcommand_from " + names + "' -f -a " +
           std::string(command.name) + " -d '" + fish_text(command.summary) + "'\n";
    const auto seen =
        "complete -c cidrplan -n '__fish_seen_subcommand_from " + std::string(command.name) + "'";
    for (const auto& option : command.options) {
      out += seen + " -l " + std::string(option.name) +
             (option.letter ? std::string(" -s ") + option.letter : "") +
             (option.value.empty() ? "" : " -r") +
             (option.choices.empty() ? "" : " -f -a '" + words_of(option.choices) + "'") + " -d '" +
             fish_text(option.meaning) + "'\n";
    }
    const auto choices = positional_choices(command);
    if (!choices.empty()) out += seen + " -f -a '" + choices + "'\n";
  }
  return out;
}

int run_completion(const Arguments& arguments, Session& session) {
  const auto shell = arguments.text("SHELL");
  session.out << (shell == "bash" ? bash() : shell == "zsh" ? zsh() : fish());
  return done;
}

}  // namespace

Command completion_command() {
  return {"completion",
          "print a shell's completion script",
          "Prints a script that completes commands, options and their values in your shell. For bash: "
          "source <(cidrplan completion bash).",
          {{"SHELL", "bash, zsh or fish", true, false, {"bash", "zsh", "fish"}}},
          {},
          {"completion bash"},
          run_completion};
}

}  // namespace cidrplan::cli
