#pragma once

#include <iosfwd>

#include "cli/terminal.h"

namespace cidrplan::cli {

/// The streams and the terminal a command talks to; tests give their own.
struct Session {
  std::istream& in;
  std::ostream& out;  ///< data
  std::ostream& err;  ///< talk
  Terminal terminal;
};

}  // namespace cidrplan::cli
