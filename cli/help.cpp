#include "cli/help.h"

#include <algorithm>

#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

constexpr std::size_t width = 80;

struct Line {
  std::string label;
  std::string text;
};

std::string columns(const std::vector<Line>& lines) {
  std::size_t label = 0;
  for (const auto& line : lines) label = std::max(label, line.label.size());
  std::string out;
  for (const auto& line : lines) {
    const auto parts = wrapped(line.text, width - label - 4);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      out += "  " + padded(i == 0 ? line.label : "", label, Align::left) + "  " + parts[i] + '\n';
    }
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = text.find("\n\n");
    for (const auto& line : wrapped(text.substr(0, end), width)) out += line + '\n';
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
    out += '\n';
  }
  return out;
}

}  // namespace

std::string flags_of(const Option& option) {
  std::string text = option.letter ? std::string("-") + option.letter + ", " : "";
  text += "--" + std::string(option.name);
  return option.value.empty() ? text : text + " " + std::string(option.value);
}

std::string meaning_of(const Option& option) {
  std::string text(option.meaning);
  if (!option.choices.empty()) {
    text += ":";
    for (const auto choice : option.choices) text += " " + std::string(choice);
  }
  if (!option.default_text.empty()) text += " (default " + std::string(option.default_text) + ")";
  if (option.repeated) text += "; may be repeated";
  return text;
}

std::string usage_of(const Command& command) {
  std::string text = "cidrplan " + std::string(command.name);
  for (const auto& positional : command.positionals) {
    const auto name = std::string(positional.name) + (positional.repeated ? "..." : "");
    text += positional.required ? " " + name : " [" + name + "]";
  }
  return command.options.empty() ? text : text + " [OPTION...]";
}

std::string help_text(const Command& command) {
  std::string out = "Usage: " + usage_of(command) + "\n\n" + paragraphs(command.description);
  std::vector<Line> lines;
  for (const auto& positional : command.positionals) {
    lines.push_back({std::string(positional.name), std::string(positional.meaning)});
  }
  for (const auto& option : command.options) lines.push_back({flags_of(option), meaning_of(option)});
  lines.push_back({"-h, --help", "this text"});
  out += '\n' + columns(lines);
  if (!command.examples.empty()) out += "\nExamples:\n";
  for (const auto example : command.examples) out += "  cidrplan " + std::string(example) + '\n';
  return out;
}

std::string help_text() {
  std::string out =
      "cidrplan " + std::string(program_summary) + ".\n\nUsage: cidrplan COMMAND [ARGUMENT...]\n\n";
  std::vector<Line> lines;
  for (const auto& command : all_commands())
    lines.push_back({std::string(command.name), std::string(command.summary)});
  out += columns(lines);
  out +=
      "\n  cidrplan COMMAND --help tells a command's options,\n  cidrplan --version the version.\n"
      "\nExit codes: 0 done, 1 a fault of the program, 2 wrong usage or input, 3 check or\n"
      "replay found something, 4 a file could not be read or written, 130 interrupted.\n"
      "\nExamples:\n";
  for (const auto& command : all_commands()) {
    if (!command.examples.empty()) out += "  cidrplan " + std::string(command.examples.front()) + '\n';
  }
  return out;
}

}  // namespace cidrplan::cli
