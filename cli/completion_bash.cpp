#include "cli/completions.h"

namespace cidrplan::cli {
namespace {

std::string flags_of(const Command& command) {
  std::string flags;
  for (const auto& option : command.options) flags += "--" + std::string(option.name) + " ";
  return flags + "--help";
}

/// The case of one option behind which a value stands.
std::string value_case(const Command& command, const Option& option) {
  const auto name = std::string(command.name);
  auto label = name + ":--" + std::string(option.name);
  if (option.letter) label += "|" + name + ":-" + option.letter;
  if (takes_file(option)) return "    " + label + ") return ;;\n";
  return "    " + label + ") words='" + words_of(option.choices) + "' ;;\n";
}

/// Nothing in COMPREPLY: bash completes files, unless it is told not to.
std::string argument_case(const Command& command) {
  const auto words = positional_words(command);
  const auto name = "      " + std::string(command.name);
  if (words.empty() && takes_files(command)) return name + ") return ;;\n";
  return name + ") words='" + words + "' ;;\n";
}

}  // namespace

std::string bash_completion() {
  std::string out =
      "# bash completion for cidrplan\n"
      "_cidrplan() {\n"
      "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
      "  COMPREPLY=()\n"
      "  # --option=value comes in three words.\n"
      "  if [ \"$word\" = = ]; then word=\n"
      "  elif [ \"$before\" = = ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then before=; fi\n"
      "  case \"${COMP_WORDS[1]}:$before\" in\n"
      "    *:) words='" +
      command_words() + " --help --version' ;;\n";
  for (const auto& command : all_commands())
    for (const auto& option : command.options)
      if (!option.value.empty()) out += value_case(command, option);
  out += "    *) case \"${COMP_WORDS[1]}:$word\" in\n";
  for (const auto& command : all_commands())
    out += "      " + std::string(command.name) + ":-*) words='" + flags_of(command) + "' ;;\n";
  out += "      *) case \"${COMP_WORDS[1]}\" in\n";
  for (const auto& command : all_commands()) out += argument_case(command);
  return out +
         "      esac ;;\n"
         "    esac ;;\n"
         "  esac\n"
         "  compopt +o default +o bashdefault 2>/dev/null\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
         "}\n"
         "complete -o default -o bashdefault -F _cidrplan cidrplan\n";
}

}  // namespace cidrplan::cli
