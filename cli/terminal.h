#pragma once

#include <cstddef>

#include "planner/report/render.h"

namespace cidrplan::cli {

/// What is known of the terminal behind the streams.
struct Terminal {
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 80;  ///< of stdout's terminal; 80 in a pipe
  bool colour = false;
  bool utf8 = false;

  /// For text to stdout. Only a terminal gets box characters, so that what is kept does not depend on a
  /// locale.
  TextStyle style() const { return {width, utf8 && out_is_terminal, colour && out_is_terminal}; }
  /// For text to a file.
  static TextStyle file_style() { return {}; }
};

/// Asks the system and the environment (NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG).
Terminal this_terminal();

}  // namespace cidrplan::cli
