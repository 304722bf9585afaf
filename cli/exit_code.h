#pragma once

namespace cidrplan::cli {

/// What the program tells the shell. Stable: scripts depend on them.
enum ExitCode : int {
  done = 0,
  program_fault = 1,    ///< a broken invariant: a bug
  bad_input = 2,        ///< wrong usage, or a scenario or recording that cannot be understood
  found_something = 3,  ///< `check`: findings at or above --fail-on; `replay --check`: a difference
  file_trouble = 4,     ///< a file could not be read or written
  interrupted = 130,
};

}  // namespace cidrplan::cli
