#include "cli/completions.h"

namespace cidrplan::cli {
namespace {

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

/// What completes a value: words, files, or nothing.
std::string action(const std::string& words, bool files) {
  if (!words.empty()) return "(" + words + ")";
  return files ? "_files" : " ";
}

std::string spec(const std::string& flag, const Option& option) {
  const bool is_letter = flag.size() == 2;
  const auto value = option.value.empty() ? std::string()
                                          : ":" + zsh_text(option.value) + ":" +
                                                action(words_of(option.choices), takes_file(option));
  const auto sign = option.value.empty() ? "" : is_letter ? "+" : "=";
  return std::string(" '") + (option.repeated ? "*" : "") + flag + sign + "[" + zsh_text(option.meaning) +
         "]" + value + "'";
}

std::string case_of(const Command& command) {
  auto out = "    " + std::string(command.name) + ") _arguments";
  for (const auto& option : command.options) {
    if (option.letter) out += spec(std::string("-") + option.letter, option);
    out += spec("--" + std::string(option.name), option);
  }
  out += " '(- *)'{-h,--help}'[this text]'";
  if (command.positionals.empty()) return out + " ;;\n";
  return out + " '*:" + zsh_text(command.positionals.front().name) + ":" +
         action(positional_words(command), takes_files(command)) + "' ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string out =
      "#compdef cidrplan\n"
      "_cidrplan() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const auto& command : all_commands())
    out += "    '" + std::string(command.name) + ":" + zsh_text(command.summary) + "'\n";
  out +=
      "  )\n"
      "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  local name=$words[2]\n"
      "  shift words; (( CURRENT-- ))\n"
      "  case $name in\n";
  for (const auto& command : all_commands()) out += case_of(command);
  return out +
         "  esac\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _cidrplan ]; then _cidrplan \"$@\"; else compdef _cidrplan cidrplan; fi\n";
}

}  // namespace cidrplan::cli
