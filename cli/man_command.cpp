#include <ostream>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/run.h"

namespace cidrplan::cli {
namespace {

/// Text as roff takes it: no line begins with a control character, hyphens stay hyphens.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  for (auto rest = text; !rest.empty();) {
    const auto end = rest.find("\n\n");
    out += ".PP\n" + roff(rest.substr(0, end)) + '\n';
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
  }
  return out;
}

std::string section_of(const Command& command) {
  auto out = ".SS " + roff(usage_of(command)) + '\n' + paragraphs(command.description);
  for (const auto& positional : command.positionals) {
    out += ".TP\n.I " + roff(positional.name) + '\n' + roff(positional.meaning) + '\n';
  }
  for (const auto& option : command.options) {
    out += ".TP\n.B " + roff(flags_of(option)) + '\n' + roff(meaning_of(option)) + '\n';
  }
  return out;
}

std::string page() {
  auto out = ".TH CIDRPLAN 1 \"\" \"cidrplan " + roff(version) + "\"\n.SH NAME\ncidrplan \\- " +
             roff(program_summary) +
             "\n.SH SYNOPSIS\n.B cidrplan\n.I COMMAND\n[\\fIARGUMENT\\fR...]\n.SH COMMANDS\n";
  for (const auto& command : all_commands()) out += section_of(command);
  out +=
      ".SH EXIT STATUS\n"
      ".TP\n0\ndone\n.TP\n1\na fault of the program\n.TP\n2\nwrong usage or input\n"
      ".TP\n3\ncheck: findings at or above \\-\\-fail\\-on; replay \\-\\-check: a difference\n"
      ".TP\n4\na file could not be read or written\n.TP\n130\ninterrupted\n"
      ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nset and not empty: no colour\n.SH EXAMPLES\n.nf\n";
  for (const auto& command : all_commands()) {
    for (const auto example : command.examples) out += "cidrplan " + roff(example) + '\n';
  }
  return out + ".fi\n";
}

int run_man(const Arguments&, Session& session) {
  session.out << page();
  return done;
}

}  // namespace

Command man_command() {
  return {"man",  "print the man page", "Prints the man page: cidrplan man | man -l -", {}, {}, {"man"},
          run_man};
}

}  // namespace cidrplan::cli
