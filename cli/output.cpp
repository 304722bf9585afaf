#include "cli/output.h"

#include <ostream>

#include "cli/files.h"

namespace cidrplan::cli {

Option output_option(std::vector<std::string_view> formats) {
  const auto first = formats.front();
  return {"output", 'o', "FORMAT", "how the result is written", std::move(formats), first};
}

Option to_option() { return {"to", 0, "PATH", "write to this file instead of standard output"}; }

TextStyle style_of(const Arguments& arguments, const Session& session) {
  return arguments.has("to") ? Terminal::file_style() : session.terminal.style();
}

void expect_output_can_be_written(const Arguments& arguments) {
  const auto path = arguments.text("to", "-");
  if (path != "-") expect_file_can_be_written(path);
}

void put_out(const std::string& text, const Arguments& arguments, Session& session) {
  const auto path = arguments.text("to", "-");
  if (path == "-") {
    session.out << text;
  } else {
    write_text(path, text);
  }
}

}  // namespace cidrplan::cli
