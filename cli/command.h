#pragma once

#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cli/exit_code.h"
#include "cli/session.h"

namespace cidrplan::cli {

struct Option {
  std::string_view name;     ///< "output" for --output
  char letter = 0;           ///< 'o' for -o; 0: none
  std::string_view value;    ///< "FORMAT"; empty: a switch
  std::string_view meaning;  ///< a sentence without its full stop
  std::vector<std::string_view> choices = {};
  std::string_view default_text = {};
  bool repeated = false;  ///< may be given more than once
};

struct Positional {
  std::string_view name;  ///< "SCENARIO"
  std::string_view meaning;
  bool required = true;
  bool repeated = false;
  std::vector<std::string_view> choices = {};
  /// What may stand there, where that is known: shells complete it, others are not refused here.
  std::vector<std::string_view> (*known)() = nullptr;
};

/// What was given on the command line, by the long name of an option or the name of a positional.
class Arguments {
 public:
  void add(std::string_view name, std::string value) {
    given_[std::string(name)].push_back(std::move(value));
  }
  bool has(std::string_view name) const { return given_.find(name) != given_.end(); }
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  const std::vector<std::string>& all(std::string_view name) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
};

/// One command: --help, the man page, the completions and the reading of arguments all come from this.
struct Command {
  std::string_view name;
  std::string_view summary;      ///< one line
  std::string_view description;  ///< a paragraph or more, separated by empty lines
  std::vector<Positional> positionals;
  std::vector<Option> options;
  std::vector<std::string_view> examples;  ///< without "cidrplan"; they run as they are
  int (*run)(const Arguments&, Session&);
};

/// Every command, in the order of --help; the one list (all_commands.cpp).
std::span<const Command> all_commands();

/// Wrong usage: exit 2 with this text.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cidrplan::cli
