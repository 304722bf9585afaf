#include "cli/parse_arguments.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <deque>

#include "planner/config/nearest_names.h"
#include "planner/report/wording.h"

namespace cidrplan::cli {
namespace {

std::string did_you_mean(std::string_view given, std::span<const std::string_view> known) {
  const auto near = nearest_name(given, known);
  return near.empty() ? std::string() : "; did you mean " + std::string(near) + "?";
}

std::string with_help(const std::string& text, const Command* command) {
  return text + "\nTry: cidrplan " + (command ? std::string(command->name) + " " : std::string()) + "--help";
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string flag_text(const Option& option) {
  auto text = "--" + std::string(option.name);
  return option.letter ? "-" + std::string(1, option.letter) + "," + text : text;
}

/// One command's arguments, as CLI11 fills them.
class Binding {
 public:
  Binding(const Command& command, CLI::App& app) : command_(command) {
    app.set_help_flag();
    app.add_flag("-h,--help", help_);
    app.allow_extras();
    // CLI11's own words for too many are not ours, so it takes them all.
    app.add_option("ARGUMENT", positionals_);
    for (const auto& option : command.options) {
      auto& values = values_.emplace_back();
      if (option.value.empty()) {
        app.add_flag(flag_text(option), switches_.emplace_back());
      } else {
        // One value each time it is given; what is not repeated is checked below.
        app.add_option(flag_text(option), values)->allow_extra_args(false)->expected(1)->take_all();
        switches_.emplace_back();
      }
    }
  }

  bool help() const { return help_; }

  void add_positionals(const std::vector<std::string>& words) {
    positionals_.insert(positionals_.end(), words.begin(), words.end());
  }

  Arguments arguments() const {
    Arguments arguments;
    std::size_t taken = 0;
    for (const auto& positional : command_.positionals) {
      const auto left = positionals_.size() - taken;
      const auto count = positional.repeated ? left : std::min<std::size_t>(1, left);
      take(positional, std::span(positionals_).subspan(taken, count), arguments);
      taken += count;
    }
    if (taken < positionals_.size()) refuse_surplus(positionals_[taken]);
    for (std::size_t i = 0; i < command_.options.size(); ++i) {
      take(command_.options[i], values_[i], switches_[i], arguments);
    }
    return arguments;
  }

  [[noreturn]] void refuse_surplus(const std::string& word) const {
    throw UsageError(with_help("'" + printable_word(word) + "' is one argument too many", &command_));
  }

  /// @param extra  what CLI11 could not place
  [[noreturn]] void refuse(const std::string& extra) const {
    if (extra.size() < 2 || extra[0] != '-') refuse_surplus(extra);
    std::vector<std::string> names{"--help"};
    for (const auto& option : command_.options) names.push_back("--" + std::string(option.name));
    const std::vector<std::string_view> known(names.begin(), names.end());
    const auto name = extra.substr(0, extra.find('='));
    throw UsageError(
        with_help("unknown option " + printable_word(name) + did_you_mean(name, known), &command_));
  }

 private:
  void take(const Positional& positional, std::span<const std::string> values, Arguments& arguments) const {
    if (values.empty() && positional.required) {
      throw UsageError(with_help(
          std::string(positional.name) + " is missing: " + std::string(positional.meaning), &command_));
    }
    for (const auto& value : values) {
      check(std::string(positional.name), value, positional.choices);
      arguments.add(positional.name, value);
    }
  }
  void take(const Option& option, const std::vector<std::string>& values, bool given,
            Arguments& arguments) const {
    if (given) arguments.add(option.name, "");
    if (values.size() > 1 && !option.repeated) {
      throw UsageError(with_help("--" + std::string(option.name) + " may be given once", &command_));
    }
    for (const auto& value : values) {
      check("--" + std::string(option.name), value, option.choices);
      arguments.add(option.name, value);
    }
  }
  void check(const std::string& name, const std::string& value,
             std::span<const std::string_view> choices) const {
    if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
    throw UsageError(
        with_help(name + " takes " + listed(choices) + ", not '" + printable_word(value) + "'", &command_));
  }

  const Command& command_;
  std::vector<std::string> positionals_;
  std::deque<std::vector<std::string>> values_;  // of each option
  std::deque<bool> switches_;
  bool help_ = false;
};

const Command* find_command(const std::string& name) {
  for (const auto& command : all_commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

[[noreturn]] void refuse_command(const std::string& name) {
  std::vector<std::string_view> known;
  for (const auto& command : all_commands()) known.push_back(command.name);
  const bool is_option = !name.empty() && name[0] == '-';
  throw UsageError(with_help((is_option ? "unknown option " : "unknown command ") + printable_word(name) +
                                 (is_option ? std::string() : did_you_mean(name, known)),
                             nullptr));
}

/// CLI11's own words change with its version; only the option's name is taken from them.
[[noreturn]] void refuse_parse(const std::string& text, const Command& command) {
  const auto end = text.find_first_of(": ");
  const auto name = text.substr(0, end);
  if (name.rfind("-", 0) == 0) throw UsageError(with_help(printable_word(name) + " needs a value", &command));
  throw UsageError(with_help("the arguments cannot be understood: " + printable_word(text), &command));
}

}  // namespace

Parsed parse_arguments(std::span<const std::string> words) {
  Parsed parsed;
  if (words.empty()) {
    parsed.help = true;
    return parsed;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    parsed.help = true;
    if (words.size() > 1) parsed.command = find_command(words[1]);
    return parsed;
  }
  if (words[0] == "--version") {
    parsed.version = true;
    return parsed;
  }
  parsed.command = find_command(words[0]);
  if (!parsed.command) refuse_command(words[0]);

  CLI::App app;
  Binding binding(*parsed.command, app);
  // Behind `--` everything is a positional, also what begins with a dash.
  const auto mark = std::find(words.begin() + 1, words.end(), "--");
  std::vector<std::string> reversed(words.begin() + 1, mark);
  std::reverse(reversed.begin(), reversed.end());  // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    refuse_parse(error.what(), *parsed.command);
  }
  parsed.help = binding.help();
  if (parsed.help) return parsed;
  const auto extras = app.remaining();
  if (!extras.empty()) binding.refuse(extras.front());
  if (mark != words.end()) binding.add_positionals({mark + 1, words.end()});
  parsed.arguments = binding.arguments();
  return parsed;
}

}  // namespace cidrplan::cli
