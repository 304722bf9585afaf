#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace cidrplan::cli {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// POSIX: the first of these that is set and not empty decides.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = variable(name);
    if (value.empty()) continue;
    for (const std::string_view word : {"UTF-8", "utf-8", "utf8", "UTF8"}) {
      if (value.find(word) != std::string_view::npos) return true;
    }
    return false;
  }
  return false;
}

std::size_t width_of_terminal() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return std::clamp<std::size_t>(size.ws_col, 60, 240);
}

}  // namespace

Terminal this_terminal() {
  Terminal terminal;
  terminal.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  terminal.err_is_terminal = isatty(STDERR_FILENO) == 1;
  terminal.width = terminal.out_is_terminal ? width_of_terminal() : 80;
  // https://no-color.org: set and not empty, whatever the value
  terminal.colour = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
  terminal.utf8 = locale_is_utf8();
  return terminal;
}

}  // namespace cidrplan::cli
