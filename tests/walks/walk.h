#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cidrplan::testing {

/// One command of a session and what the terminal showed.
struct Step {
  std::string command;                ///< after "$ cidrplan"
  std::vector<std::string> expected;  ///< lines; "..." stands for any number of lines
  int exit_code = 0;                  ///< a last line "exit 3"
};

/// The steps of a session: lines that begin with `$ cidrplan`, what follows each, up to the next. Lines
/// before the first step are comments.
std::vector<Step> read_walk(std::string_view text);

/// The sessions in a Markdown document: its ```console blocks.
std::vector<Step> read_document(std::string_view markdown);

struct Outcome {
  std::string out;
  std::string err;
  int exit_code = 0;
};

/// Runs the command in this process, in a pipe of 80 columns. Words may be 'quoted'; `< FILE` gives standard
/// input.
Outcome run_step(const std::string& command);

/// What the terminal would have shown: stdout, then stderr.
std::vector<std::string> shown(const Outcome& outcome);

/// The session, or document, with what is shown now in place of what was expected; steps with "..." stay.
std::string accepted(std::string_view text, bool document);

bool matches(const std::vector<std::string>& expected, const std::vector<std::string>& shown);

}  // namespace cidrplan::testing
